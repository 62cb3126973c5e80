"""The settings of a proxy: the methods, origins, sizes, times and rates that it allows."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields
from fnmatch import fnmatchcase
from typing import Any

from pyflickr_web.core.details import suggest
from pyflickr_web.core.levels import PERMS, allows, required_perms
from pyflickr_web.errors import OptionError
from pyflickr_web.proxy.calls.message import Refusal
from pyflickr_web.proxy.calls.origins import read_host
from pyflickr_web.transports.settings import problem_with_timeout

# Sign-in, and methods whose answers contain tokens: pages must not call them.
FORBIDDEN = "flickr.auth.*"
# Internationalized names must be in the ASCII form that browsers use, xn--….
_ORIGIN = re.compile(r"(?P<scheme>https?)://([a-z0-9._-]+|\[[0-9a-f:.]+\])(:[0-9]{1,5})?")
_EXAMPLES = {"an address": "redis://localhost:6379", "a rate": "60/minute"}
_TIMEOUTS = ("timeout", "body_timeout", "upload_timeout")
_ZERO_ALLOWED = ("cache", "cache_bytes", "stale_if_error")


@dataclass(frozen=True, slots=True)
class Policy:
    """The settings of a proxy. Sizes are in bytes, times in seconds; a timeout is at most 600.

    - Access: `perms` is the highest level of signed calls: `none`, `read`, `write` or `delete`. `allow`
      and `deny` are patterns of method names (`flickr.photos.*`); an empty `allow` allows all.
      `origins` are the sites whose pages may call, in addition to the proxy's own
      (`https://example.org`); with `jsonp` they may use script tags (JSONP), which needs `origins="*"`
      and no authenticator. `hosts` are the host names that the proxy answers to (`example.org`); empty
      allows any.
    - Sizes: `max_body` limits a request, `max_arguments` and `max_length` the number and length of its
      arguments, `max_answer` an answer of Flickr's.
    - Times: `timeout` limits a call of Flickr with its retries, `body_timeout` the receipt of a request.
    - Load: `in_flight` limits requests that wait for Flickr or send its answer, `in_flight_each` those
      of one client or visitor. `rate` limits the calls of a client or a named visitor, `key_rate` all
      calls of Flickr (`60/minute`, `3600/hour`; several are separated by `;`; empty is no limit).
    - Cache: unsigned answers are cached for `cache` seconds in up to `cache_bytes`, and sent up to
      `stale_if_error` seconds longer if Flickr fails. `redis` is the URL of a Redis
      (`redis://localhost:6379/0`) that has cache and rates instead, for all processes that share it.
    - Upload: `upload` allows uploads, behind an authenticator, of up to `max_upload` bytes.
      `upload_timeout` limits the wait for Flickr to read each piece, and for its answer.
    """

    perms: str = "read"
    allow: tuple[str, ...] = ()
    deny: tuple[str, ...] = ()
    origins: tuple[str, ...] = ()
    jsonp: bool = False
    hosts: tuple[str, ...] = ()
    max_body: int = 1_000_000
    max_arguments: int = 100
    max_length: int = 64_000
    max_answer: int = 16_000_000
    timeout: float = 15.0
    body_timeout: float = 30.0
    in_flight: int = 1000
    in_flight_each: int = 50
    rate: str = ""
    key_rate: str = ""
    cache: float = 60.0
    cache_bytes: int = 32_000_000
    stale_if_error: float = 0.0
    redis: str = field(default="", repr=False)
    upload: bool = False
    # Flickr's own limit for a photo; a video may have 1 GB.
    max_upload: int = 200 * 1024 * 1024
    upload_timeout: float = 120.0

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
        if level and not is_authenticated:
            raise Refusal(403, f"{method} needs a login; this proxy only allows public methods")
        if not allows(self.perms, required_perms(level)) or (level and self.perms == "none"):
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
