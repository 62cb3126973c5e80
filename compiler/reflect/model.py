"""The model of a reflection: every source is read into it, and every output is rendered from it."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace

METHOD_NAME = re.compile(r"flickr(?:\.[A-Za-z][A-Za-z0-9_]*)+")
FIRST_SHARED_CODE = 95


@dataclass(frozen=True, slots=True)
class Argument:
    """An argument of a method, by Flickr's name; without `api_key`, which every method takes."""

    name: str
    optional: bool
    description: str = ""


@dataclass(frozen=True, slots=True)
class ApiError:
    """An error that Flickr may answer with: its code, short message and longer explanation."""

    code: int
    message: str
    explanation: str = ""


@dataclass(frozen=True, slots=True)
class Security:
    """The requirements of a call: a login, a signature, and a permission from 0 (none) to 3 (delete)."""

    needslogin: bool
    needssigning: bool
    requiredperms: int

    @property
    def is_public(self) -> bool:
        """True if an API key alone is enough."""
        return not (self.needslogin or self.needssigning or self.requiredperms)


@dataclass(frozen=True, slots=True)
class Method:
    """A method of the Flickr API, with its arguments in Flickr's order and its own errors."""

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
    """A whole reflection: its methods, the errors that all methods share, and its source.

    `date` is the day of the reflection (`YYYY-MM-DD`), empty if the source has no date; `sha256` is
    the digest of the source's bytes. `omitted` are the methods that a build omits and that need signing.
    """

    methods: tuple[Method, ...]
    shared_errors: tuple[ApiError, ...]
    date: str = ""
    sha256: str = ""
    source: str = field(default="", compare=False)
    omitted: tuple[Method, ...] = ()

    def select(self, patterns: list[re.Pattern[str]]) -> Api:
        """Return the reflection with only the methods that match one of the patterns in full."""
        selected = tuple(m for m in self.methods if any(p.fullmatch(m.name) for p in patterns))
        omitted = (m for m in self.methods if m not in selected and not m.security.is_public)
        return replace(self, methods=selected, omitted=tuple(omitted))
