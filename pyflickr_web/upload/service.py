"""Flickr's upload service: its addresses, its sign-in, and its answer, which is always XML."""

from __future__ import annotations

from typing import Any
from xml.etree import ElementTree

from pyflickr_web.core.wire import join_url

# The bytes of an answer; Flickr's have a few lines.
LONGEST = 64_000
# What to do without a token that may upload.
SIGN_IN = "run `pyflickr-web login --perms write`, or use Flickr.authenticate(permissions='write')"
_NUMBERS = ("photoid", "ticketid")


def read_answer(body: bytes) -> dict[str, Any] | None:
    """Convert an answer to the form of other methods' JSON; return None if it is not Flickr's.

    `{"stat": "ok", "photoid": "1"}`, with `async` `{"stat": "ok", "ticketid": "1-2"}`, or
    `{"stat": "fail", "code": 5, "message": "…"}`.
    """
    try:
        text = body.decode()
        # Without a DOCTYPE there are no entities, which could expand without limit.
        if "<!DOCTYPE" in text:
            return None
        rsp = ElementTree.fromstring(text)
    except (ValueError, ElementTree.ParseError):
        return None
    if rsp.tag != "rsp":
        return None
    return {"ok": _read_success, "fail": _read_failure}.get(rsp.get("stat", ""), _read_nothing)(rsp)


def _read_success(rsp: ElementTree.Element) -> dict[str, Any] | None:
    for name in _NUMBERS:
        number = (rsp.findtext(name) or "").strip()
        if number:
            return {"stat": "ok", name: number}
    return None


def _read_failure(rsp: ElementTree.Element) -> dict[str, Any] | None:
    error = rsp.find("err")
    code = error.get("code", "") if error is not None else ""
    if error is None or not (code.isascii() and code.isdecimal() and len(code) < 10):
        return None
    return {"stat": "fail", "code": int(code), "message": error.get("msg", "")}


def _read_nothing(rsp: ElementTree.Element) -> None:
    return None


FLICKR = "https://up.flickr.com"


def upload_url(base_url: str | None) -> str:
    """Return the address that takes new photos."""
    return join_url(base_url or FLICKR, "services/upload/")


def replace_url(base_url: str | None) -> str:
    """Return the address that takes new files of photos."""
    return join_url(base_url or FLICKR, "services/replace/")
