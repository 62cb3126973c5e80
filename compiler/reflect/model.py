"""The one model that every source of the reflection is read into, and every output is made from."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace

METHOD_NAME = re.compile(r"flickr(?:\.[A-Za-z][A-Za-z0-9_]*)+")
FIRST_SHARED_CODE = 95


@dataclass(frozen=True, slots=True)
class Argument:
    """An argument of a method, under Flickr's name; `api_key`, which every method takes, is left out."""

    name: str
    optional: bool
    description: str = ""


@dataclass(frozen=True, slots=True)
class ApiError:
    """A failure that Flickr may answer: its code, short message and longer explanation."""

    code: int
    message: str
    explanation: str = ""


@dataclass(frozen=True, slots=True)
class Security:
    """The needs of a call: a login, a signature, and a token's least level, 0 (none) to 3 (delete)."""

    needslogin: bool
    needssigning: bool
    requiredperms: int

    @property
    def public(self) -> bool:
        """True if an API key alone is enough."""
        return not (self.needslogin or self.needssigning or self.requiredperms)


@dataclass(frozen=True, slots=True)
class Method:
    """A method of the Flickr API, with the arguments in Flickr's order and its own errors by code."""

    name: str
    security: Security
    arguments: tuple[Argument, ...] = ()
    errors: tuple[ApiError, ...] = ()
    description: str = ""
    explanation: str = ""
    response: str = ""

    @property
    def required(self) -> tuple[Argument, ...]:
        return tuple(argument for argument in self.arguments if not argument.optional)

    @property
    def optional(self) -> tuple[Argument, ...]:
        return tuple(argument for argument in self.arguments if argument.optional)

    @property
    def url(self) -> str:
        """The method's page in Flickr's documentation."""
        return f"https://www.flickr.com/services/api/{self.name}.html"


@dataclass(frozen=True, slots=True)
class Api:
    """A whole reflection: its methods by name, the errors that any method may answer, its provenance.

    `date` is the day of the reflection (`YYYY-MM-DD`), empty if the source has no date;
    `sha256` is the digest of the source's bytes. `omitted` are methods that a build leaves out and that
    still need signing.
    """

    methods: tuple[Method, ...]
    shared_errors: tuple[ApiError, ...]
    date: str = ""
    sha256: str = ""
    source: str = field(default="", compare=False)
    omitted: tuple[Method, ...] = ()

    def only(self, patterns: list[re.Pattern[str]]) -> Api:
        """Return the reflection with the methods that one of the patterns matches in full."""
        kept = tuple(m for m in self.methods if any(p.fullmatch(m.name) for p in patterns))
        omitted = (m for m in self.methods if m not in kept and not m.security.public)
        return replace(self, methods=kept, omitted=tuple(omitted))
