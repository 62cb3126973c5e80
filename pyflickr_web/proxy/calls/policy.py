"""The settings of a proxy: methods, origins, sizes, times and rates that it allows."""

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

# Sign-in, and methods that tell of tokens: a page has no business with them.
FORBIDDEN = "flickr.auth.*"
# A name in other letters is written as browsers do, xn--….
_ORIGIN = re.compile(r"(?P<scheme>https?)://([a-z0-9._-]+|\[[0-9a-f:.]+\])(:[0-9]{1,5})?")
# Settings that may be nothing.
_EXAMPLES = {"an address": "redis://localhost:6379", "a rate": "60/minute"}
_TIMEOUTS = ("timeout", "body_timeout", "upload_timeout")
_ZERO_ALLOWED = ("cache", "cache_bytes", "stale_if_error")


@dataclass(frozen=True, slots=True)
class Policy:
    """The settings of a proxy: what passes, and how much of it. Sizes are in bytes, times in seconds;
    a timeout is at most 600.

    `perms` is the highest level of what passes signed: `none`, `read`, `write` or `delete`. `allow`
    and `deny` are patterns of method names (`flickr.photos.*`); without `allow` all are. `origins`
    are the sites whose pages may call (`https://example.org`), beside the proxy's own; with `jsonp`
    they may do so by script tags (JSONP), which needs `origins="*"` and no authenticator. `hosts` are
    the host names that the proxy answers to (`example.org`); without them any. `max_body` is
    the longest request, `max_arguments` how many arguments it may have, `max_length` the longest of
    them, `max_answer` Flickr's longest answer. `timeout` is how long Flickr may take for a call with
    its retries, `body_timeout` how long a client may take to send one; `in_flight` is how many requests
    may wait for Flickr, or send an answer of it, at once, `in_flight_each` how many of one visitor or
    client. `rate` is how often a client, or a visitor who is known by name, may call, `key_rate` how
    often all of them may have Flickr called: `60/minute`, `3600/hour`; several are separated by `;`,
    and empty is no limit. Unsigned answers are kept for `cache` seconds in `cache_bytes` at most, and
    given up to `stale_if_error` seconds longer while Flickr is in trouble. `redis` is the address of a
    Redis (`redis://localhost:6379/0`) in which they and what was taken of the rates are kept instead
    of in memory, for all processes and machines that share it.
    `upload` lets photos be sent, behind an authenticator, of `max_upload` bytes at most;
    Flickr may take `upload_timeout` for each piece of one, and for its answer.
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
        """Return a policy from settings by name. Raises `OptionError` for an invalid one."""
        kinds = {field.name: field.default for field in fields(cls)}
        read = {}
        for name, value in settings.items():
            if name not in kinds:
                raise OptionError(f"there is no setting {name}{suggest(name, kinds)}")
            read[name] = _read(name, value, kinds[name])
        return cls(**read)

    def check(self, method: str, level: int | None, is_authenticated: bool) -> None:
        """Raise `Refusal` if a method, which needs `level` of the table, may not pass.

        `level` is None for an unknown method. `is_authenticated` if an authenticator has let the caller
        in: without one only methods pass that need neither login nor signature.
        """
        if level is None:
            raise Refusal(404, f"Method {_printable(method)} not found", 112)
        if fnmatchcase(method, FORBIDDEN) or not self._allows(method):
            raise Refusal(403, f"{method} is not allowed here")
        if level and not is_authenticated:
            raise Refusal(
                403, f"{method} needs a login, which this proxy does not lend to everybody"
            )
        if not allows(self.perms, required_perms(level)) or (level and self.perms == "none"):
            raise Refusal(403, f"{method} is above the level that is allowed here")

    def check_patterns(self, methods: Iterable[str]) -> None:
        """Raises `OptionError` for a pattern that matches none of `methods`: a slip in `deny` would let
        through what it is about."""
        known = list(methods)
        for setting, patterns in (("allow", self.allow), ("deny", self.deny)):
            for pattern in patterns:
                if not _matches(pattern, known):
                    whole = f"flickr.{pattern}"
                    near = suggest(pattern, known)
                    near = f"; did you mean {whole}?" if _matches(whole, known) else near
                    raise OptionError(f"{setting}: no method matches {pattern}{near}")

    def _allows(self, method: str) -> bool:
        if self.deny and any(fnmatchcase(method, pattern) for pattern in self.deny):
            return False
        return not self.allow or any(fnmatchcase(method, pattern) for pattern in self.allow)


def _read(name: str, value: Any, default: Any) -> Any:
    """A setting of the kind that its default is of."""
    if isinstance(default, tuple):
        texts = (value,) if isinstance(value, str) else value
        if not isinstance(texts, Iterable) or not all(
            isinstance(text, str) and text for text in texts
        ):
            raise OptionError(f"{name} must be a text, or a list of texts")
        return tuple(map(_READERS.get(name, str), texts))
    if isinstance(default, bool):
        if not isinstance(value, bool):
            raise OptionError(f"{name} must be True or False")
        return value
    if name == "perms":
        if not isinstance(value, str) or value not in PERMS:
            raise OptionError(f"perms must be {' or '.join(PERMS)}")
        return value
    if isinstance(default, str):
        if not isinstance(value, str | None):
            kind = "an address" if name == "redis" else "a rate"
            raise OptionError(f"{name} must be {kind}, such as {_EXAMPLES[kind]}")
        return value or ""
    whole = isinstance(default, int)
    fits = isinstance(value, int if whole else int | float) and math.isfinite(value)
    if isinstance(value, bool) or not fits:
        raise OptionError(f"{name} must be a {'whole ' if whole else ''}number")
    if name in _ZERO_ALLOWED and value < 0:
        raise OptionError(f"{name} must be 0 or more")
    if name not in _ZERO_ALLOWED and value <= 0:
        raise OptionError(f"{name} must be more than 0")
    if name in _TIMEOUTS and (problem := problem_with_timeout(value)):
        raise OptionError(f"{name}: {problem}")
    return value


def _matches(pattern: str, methods: list[str]) -> bool:
    return any(fnmatchcase(method, pattern) for method in methods)


def _read_origin(text: str) -> str:
    """Return an origin as browsers write it. Raises `OptionError` for an invalid one."""
    plain = text.rstrip("/").lower()
    if plain == "*":
        return plain
    found = _ORIGIN.fullmatch(plain)
    if not found:
        raise OptionError(f"origins: {text!r} is no origin, such as https://example.org")
    # Browsers leave out the port that a scheme has by itself.
    return plain.removesuffix(":443" if found["scheme"] == "https" else ":80")


_READERS = {"origins": _read_origin, "hosts": read_host}


def _printable(method: str) -> str:
    """A name as it may be repeated: what is no name is not."""
    plain = method.isascii() and method.replace(".", "").replace("_", "").isalnum()
    return f'"{method[:80]}"' if plain else "of that name"
