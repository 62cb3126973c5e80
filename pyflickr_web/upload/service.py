"""Flickr's service for uploads: its address, and its answer, which is XML whatever was asked for."""

from __future__ import annotations

from typing import Any
from xml.etree import ElementTree

from pyflickr_web.core.wire import join_url

# Flickr's are a few lines.
LONGEST = 64_000
_NUMBERS = ("photoid", "ticketid")


def read(body: bytes) -> dict[str, Any] | None:
    """The answer as other methods would give it in JSON; None for what is no answer of Flickr's.

    `{"stat": "ok", "photoid": "1"}`, with `async` `{"stat": "ok", "ticketid": "1-2"}`, or
    `{"stat": "fail", "code": 5, "message": "…"}`.
    """
    try:
        text = body.decode()
        # Without one there are no entities, which can be made to grow without end.
        if "<!DOCTYPE" in text:
            return None
        rsp = ElementTree.fromstring(text)
    except (ValueError, ElementTree.ParseError):
        return None
    if rsp.tag != "rsp":
        return None
    return {"ok": _done, "fail": _failed}.get(rsp.get("stat", ""), _nothing)(rsp)


def _done(rsp: ElementTree.Element) -> dict[str, Any] | None:
    for name in _NUMBERS:
        number = (rsp.findtext(name) or "").strip()
        if number:
            return {"stat": "ok", name: number}
    return None


def _failed(rsp: ElementTree.Element) -> dict[str, Any] | None:
    error = rsp.find("err")
    code = error.get("code", "") if error is not None else ""
    if error is None or not (code.isascii() and code.isdecimal() and len(code) < 10):
        return None
    return {"stat": "fail", "code": int(code), "message": error.get("msg", "")}


def _nothing(rsp: ElementTree.Element) -> None:
    return None


FLICKR = "https://up.flickr.com"


def upload(base_url: str | None) -> str:
    """The address that takes new photos."""
    return join_url(base_url or FLICKR, "services/upload/")
