"""The settings of a proxy: the methods, origins, sizes, times and rates that it allows."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields
from fnmatch import fnmatchcase
from typing import Any, Literal, TypedDict

from pyflickr_web.core.levels import PERMS, allows, required_perms
from pyflickr_web.core.nearest import suggest
from pyflickr_web.proxy.calls.message import Refusal
from pyflickr_web.proxy.calls.origins import read_host
from pyflickr_web.transports.errors import OptionError
from pyflickr_web.transports.settings import problem_with_timeout

# Sign-in, and methods whose answers contain tokens: pages must not call them.
FORBIDDEN = "flickr.auth.*"
# Internationalized names must be in the ASCII form that browsers use, xn--….
_ORIGIN = re.compile(r"(?P<scheme>https?)://([a-z0-9._-]+|\[[0-9a-f:.]+\])(:[0-9]{1,5})?")
_EXAMPLES = {"an address": "redis://localhost:6379", "a rate": "60/minute"}
_TIMEOUTS = ("timeout", "body_timeout", "upload_timeout")
_ZERO_ALLOWED = ("cache", "cache_bytes", "stale_if_error")


class ProxyOptions(TypedDict, total=False):
    """The settings of a proxy by name, for type checkers: those of `Policy`, which describes them."""

    perms: Literal["none", "read", "write", "delete"]
    allow: str | Iterable[str]
    deny: str | Iterable[str]
    origins: str | Iterable[str]
    jsonp: bool
    hosts: str | Iterable[str]
    max_body: int
    max_arguments: int
    max_length: int
    max_answer: int
    timeout: float
    body_timeout: float
    in_flight: int
    in_flight_each: int
    rate: str | None
    key_rate: str | None
    cache: float
    cache_bytes: int
    stale_if_error: float
    redis: str | None
    upload: bool
    max_upload: int
    upload_timeout: float


@dataclass(frozen=True, slots=True)
class Policy:
    """The settings of a proxy. Sizes are in bytes, times in seconds; a timeout is at most 600."""

    perms: str = "read"
    """The highest level of signed calls: `none`, `read`, `write` or `delete`. The default of a client's
    proxy is the client's `permissions`."""
    allow: tuple[str, ...] = ()
    """Patterns of allowed methods (`flickr.photos.*`); empty allows all."""
    deny: tuple[str, ...] = ()
    """Patterns of refused methods, even if `allow` lists them."""
    origins: tuple[str, ...] = ()
    """The sites whose pages may call, in addition to the proxy's own (`https://example.org`); `*` allows
    all, without an authenticator."""
    jsonp: bool = False
    """Allow script tags of any site (JSONP); needs `origins="*"` and no authenticator."""
    hosts: tuple[str, ...] = ()
    """The host names that the proxy answers to (`example.org`); empty allows any."""
    max_body: int = 1_000_000
    """The largest body of a request, other than an upload."""
    max_arguments: int = 100
    """The most arguments of a request."""
    max_length: int = 64_000
    """The longest argument, in characters."""
    max_answer: int = 16_000_000
    """The largest answer of Flickr."""
    timeout: float = 15.0
    """The time for a call of Flickr, including its retries."""
    body_timeout: float = 30.0
    """The time to receive a request, or each 16 kB of an upload."""
    in_flight: int = 1000
    """The most requests of a process that wait for Flickr or send its answer."""
    in_flight_each: int = 50
    """The most of these for one client or visitor."""
    rate: str = ""
    """The rate limit of a client or a named visitor (`60/minute`; several are separated by `;`); empty
    is no limit."""
    key_rate: str = ""
    """The rate limit of all calls of Flickr, including retries (`3600/hour`); empty is no limit."""
    cache: float = 60.0
    """The time for which unsigned answers are cached; 0 turns the cache off."""
    cache_bytes: int = 32_000_000
    """The largest size of the cache in the memory of a process."""
    stale_if_error: float = 0.0
    """The extra time for which a cached answer is sent while Flickr fails."""
    redis: str = field(default="", repr=False)
    """The URL of a Redis (`redis://localhost:6379/0`) that has cache and rates instead, for all
    processes that share it."""
    upload: bool = False
    """Allow uploads, behind an authenticator."""
    max_upload: int = 200 * 1024 * 1024
    """The largest upload. The default is Flickr's limit for a photo; a video may have 1 GB."""
    upload_timeout: float = 120.0
    """The time for Flickr to read each piece of an upload, and to answer it."""

    @classmethod
    def of(cls, settings: Mapping[str, Any]) -> Policy:
        """Return a policy of settings by name. Raises `OptionError` for an invalid one."""
        kinds = {field.name: field.default for field in fields(cls)}
        read = {}
        for name, value in settings.items():
            if name not in kinds:
                raise OptionError(f"unknown setting {name}{suggest(name, kinds)}")
            read[name] = _read(name, value, kinds[name])
        return cls(**read)

    def check(self, method: str, level: int | None, is_authenticated: bool) -> None:
        """Raise `Refusal` for a method that is not allowed.

        `level` is the method's in the table, None for an unknown method. `is_authenticated` is True
        behind an authenticator; without one, only methods without login and signature are allowed.
        """
        if level is None:
            raise Refusal(404, f"Method {_printable(method)} not found", 112)
        if fnmatchcase(method, FORBIDDEN) or not self._allows(method):
            raise Refusal(403, f"this proxy does not allow {method}")
        if not level:
            return
        if not is_authenticated:
            raise Refusal(403, f"{method} needs a login; this proxy only allows public methods")
        if self.perms == "none" or not allows(self.perms, required_perms(level)):
            raise Refusal(
                403, f"{method} needs a higher level than this proxy's perms ({self.perms})"
            )

    def check_patterns(self, methods: Iterable[str]) -> None:
        """Raise `OptionError` for a pattern that matches none of `methods`: a typo in `deny` would allow
        the methods."""
        names = list(methods)
        for setting, patterns in (("allow", self.allow), ("deny", self.deny)):
            for pattern in patterns:
                if not _matches(pattern, names):
                    full = f"flickr.{pattern}"
                    hint = suggest(pattern, names) or ": use e.g. flickr.photos.*"
                    hint = f"; did you mean {full}?" if _matches(full, names) else hint
                    raise OptionError(f"{setting}: no method matches {pattern}{hint}")

    def _allows(self, method: str) -> bool:
        if self.deny and any(fnmatchcase(method, pattern) for pattern in self.deny):
            return False
        return not self.allow or any(fnmatchcase(method, pattern) for pattern in self.allow)


def _read(name: str, value: Any, default: Any) -> Any:
    """Check a setting against the type of its default, and return it. Raises `OptionError`."""
    if isinstance(default, tuple):
        texts = (value,) if isinstance(value, str) else value
        if not isinstance(texts, Iterable) or not all(
            isinstance(text, str) and text for text in texts
        ):
            raise OptionError(f"invalid {name} {value!r}: use a string, or a list of strings")
        return tuple(map(_READERS.get(name, str), texts))
    if isinstance(default, bool):
        if not isinstance(value, bool):
            raise OptionError(f"invalid {name} {value!r}: use True or False")
        return value
    if name == "perms":
        if not isinstance(value, str) or value not in PERMS:
            raise OptionError(f"invalid perms {value!r}: use one of {', '.join(PERMS)}")
        return value
    if isinstance(default, str):
        if not isinstance(value, str | None):
            kind = "an address" if name == "redis" else "a rate"
            raise OptionError(f"{name} must be {kind}, such as {_EXAMPLES[kind]}")
        return value or ""
    is_integer = isinstance(default, int)
    fits = isinstance(value, int if is_integer else int | float) and math.isfinite(value)
    if isinstance(value, bool) or not fits:
        kind = "whole number" if is_integer else "number"
        raise OptionError(f"invalid {name} {value!r}: use a {kind}")
    if name in _ZERO_ALLOWED and value < 0:
        raise OptionError(f"invalid {name} {value!r}: use 0 or more")
    if name not in _ZERO_ALLOWED and value <= 0:
        raise OptionError(f"invalid {name} {value!r}: use more than 0")
    if name in _TIMEOUTS and (problem := problem_with_timeout(value)):
        raise OptionError(f"{name}: {problem}")
    return value


def _matches(pattern: str, methods: list[str]) -> bool:
    return any(fnmatchcase(method, pattern) for method in methods)


def _read_origin(text: str) -> str:
    """Normalize an origin as browsers do. Raises `OptionError` for an invalid one."""
    plain = text.rstrip("/").lower()
    if plain == "*":
        return plain
    found = _ORIGIN.fullmatch(plain)
    if not found:
        raise OptionError(f"origins: invalid origin {text!r}: use e.g. https://example.org")
    # Browsers omit the scheme's default port.
    return plain.removesuffix(":443" if found["scheme"] == "https" else ":80")


_READERS = {"origins": _read_origin, "hosts": read_host}


def _printable(method: str) -> str:
    """Return a method's name for a message; a name with other characters is not repeated."""
    plain = method.isascii() and method.replace(".", "").replace("_", "").isalnum()
    return f'"{method[:80]}"' if plain else "of that name"
