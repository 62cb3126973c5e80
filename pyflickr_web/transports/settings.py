"""The option `request_options`: settings of the HTTP libraries, named as in requests."""

from __future__ import annotations

import json
import math
import os
import re
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pyflickr_web.core.nearest import suggest
from pyflickr_web.transports.errors import OptionError

if TYPE_CHECKING:
    import ssl

# Settings of both libraries.
NAMES = ("cert", "headers", "proxies", "timeout", "verify")
# A longer timeout is most likely in milliseconds, as in node-flickrapi.
LONGEST_TIMEOUT = 600
_MAPPINGS = ("headers", "proxies")
_OPTION = "request_options (or FLICKR_REQUEST_OPTIONS)"
# A day: sockets do not accept infinite seconds.
LONGEST_TIME = 86_400
# RFC 9110, sections 5.1 and 5.5, less what the libraries cannot send.
_HEADER_NAME = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
# The libraries set these from the body; others would cut it off, or mix it up with the next request.
_FRAMING = ("content-length", "transfer-encoding")
_HEADER_TEXT = re.compile(r"[\t\x20-\x7e\xa0-\xff]*")


def read_settings(given: Any) -> dict[str, Any]:
    """Return the settings from a mapping, or from JSON.

    Raises `ValueError` for an invalid value, with a description of valid ones; `OptionError` for an
    unknown setting, with the nearest name, and for a timeout in milliseconds.
    """
    settings = _parse_json(given) if isinstance(given, str) else given
    names = ", ".join(NAMES)
    if not isinstance(settings, Mapping):
        raise ValueError(f"a mapping, of {names}")
    for name in settings:
        if name not in NAMES:
            near = suggest(str(name), NAMES) or f": use {names}"
            raise OptionError(f"{_OPTION}: unknown setting {name}{near}")
    for name in _MAPPINGS:
        if not isinstance(settings.get(name) or {}, Mapping):
            raise ValueError(f"a mapping, in which {name} is one too")
    _check_headers(settings.get("headers") or {})
    _check_proxies(settings.get("proxies") or {})
    found = {**settings, **_read_files(settings)}
    if "timeout" in settings:
        found["timeout"] = _read_timeout(settings["timeout"])
    return found


def read_seconds(given: Any) -> float:
    """Read a number of seconds. Raises `ValueError` with a description of valid ones."""
    try:
        number = float(given)
    except (TypeError, ValueError, OverflowError):
        number = 0.0
    if isinstance(given, bool) or not 0 < number <= LONGEST_TIME:
        raise ValueError(f"a number of seconds, above 0 and at most {LONGEST_TIME}")
    return number


def tls_context(settings: Mapping[str, Any]) -> ssl.SSLContext | None:
    """Return the TLS context for `verify` and `cert`; None for the libraries' default.

    Raises `OSError` if a file cannot be read.
    """
    verify, cert = settings.get("verify", True), settings.get("cert")
    if not cert and not isinstance(verify, str):
        return None
    # Imported here, because few clients set these.
    import ssl

    trusted = verify if isinstance(verify, str) else None
    folder = trusted is not None and Path(trusted).is_dir()
    context = ssl.create_default_context(
        cafile=None if folder else trusted, capath=trusted if folder else None
    )
    if verify is False:
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    if cert:
        certificate, key = (cert, None) if isinstance(cert, str) else cert
        # An empty password keeps OpenSSL from asking for one at the terminal.
        context.load_cert_chain(certificate, key, password="")
    return context


def _parse_json(text: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None


def problem_with_timeout(seconds: float) -> str | None:
    """Return the problem with a timeout that is too long to be in seconds; None for a valid one."""
    if seconds <= LONGEST_TIMEOUT:
        return None
    plausible = seconds <= LONGEST_TIMEOUT * 1000
    hint = f"; did you mean {seconds / 1000:g}?" if plausible else f", at most {LONGEST_TIMEOUT}"
    return f"{seconds}: timeouts are seconds here{hint}"


def _read_timeout(given: Any) -> Any:
    """Read seconds, or a pair: to connect, and between two pieces of an answer. None means no limit."""
    pair = isinstance(given, (list, tuple)) and len(given) == 2
    for one in given if pair else [given]:
        if one is None:
            continue
        if isinstance(one, bool) or not isinstance(one, (int, float)) or not 0 < one < math.inf:
            raise ValueError("a mapping, in which timeout is seconds or a pair of them, above 0")
        if problem := problem_with_timeout(one):
            raise OptionError(f"{_OPTION}: {problem}")
    return tuple(given) if pair else given


def _check_headers(headers: Mapping[Any, Any]) -> None:
    for name, text in headers.items():
        if not isinstance(name, str) or not _HEADER_NAME.fullmatch(name):
            raise ValueError("a mapping, in which headers have names of letters, digits and -")
        if name.lower() in _FRAMING:
            raise ValueError(
                f"a mapping, in which headers lacks {name}: it is set for each request"
            )
        # The text may be a login: do not show it.
        if not isinstance(text, str) or not _HEADER_TEXT.fullmatch(text) or text != text.strip():
            raise ValueError(
                f"a mapping, in which the header {name} is one line of Latin-1 without spaces around"
            )


def _check_proxies(proxies: Mapping[Any, Any]) -> None:
    for name, address in proxies.items():
        if not isinstance(name, str) or not _is_address(address):
            raise ValueError("a mapping, in which proxies are addresses such as http://host:3128")


def _is_address(text: Any) -> bool:
    # For requests, None and an empty text mean: no proxy.
    if not text:
        return text is None or text == ""
    from urllib.parse import urlsplit

    try:
        parts = urlsplit(text if "://" in text else f"http://{text}")
        return bool(parts.hostname) and parts.port != 0
    except (TypeError, ValueError):
        return False


def _read_files(settings: Mapping[str, Any]) -> dict[str, Any]:
    """Return `verify` and `cert` with paths as texts. Raises `ValueError` for unusable files."""
    found: dict[str, Any] = {}
    try:
        verify, cert = settings.get("verify"), settings.get("cert")
        if not isinstance(verify, bool | None):
            found["verify"] = os.fspath(verify)
        if cert is not None:
            pair = isinstance(cert, (list, tuple)) and len(cert) == 2
            found["cert"] = tuple(map(os.fspath, cert)) if pair else os.fspath(cert)
    except TypeError:
        raise ValueError(
            "a mapping, in which verify is a path or False, and cert a path or a pair of them"
        ) from None
    try:
        tls_context(found)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or type(error).__name__
        raise ValueError(
            f"a mapping, in which verify and cert name files that can be used ({reason})"
        ) from None
    return found
