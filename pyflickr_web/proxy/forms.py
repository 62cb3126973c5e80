"""The forms that an answer can have: JSON, JSON in a function's call, XML."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from xml.sax.saxutils import escape

try:
    import msgspec
except ModuleNotFoundError as error:
    raise ModuleNotFoundError(
        "the proxy needs msgspec: pip install 'pyflickr-web[proxy]'", name=error.name
    ) from None

from pyflickr_web.proxy.message import JSON, Refused, dumped

XML = "rest"
_CALLBACK = re.compile(r"[A-Za-z_$][A-Za-z0-9_$]*(\.[A-Za-z_$][A-Za-z0-9_$]*)*")
_LONGEST_CALLBACK = 100
_RSP = re.compile(rb'\s*(<\?xml[^>]*\?>\s*)?<rsp stat="(ok|fail)"\s*/?>')
_ERR = re.compile(rb'\s*<err code="(\d{1,9})"')
# A plain one would be read as an end of line.
_RETURN = {"\r": "&#13;"}
STATS = ("ok", "fail")
# Flickr is down, or has stumbled: the same call may be answered in a moment.
_PASSING = (0, 105, 201)
# Ends of lines to JavaScript, though not to JSON.
_ENDS = ((b"\xe2\x80\xa8", b"\\u2028"), (b"\xe2\x80\xa9", b"\\u2029"))


@dataclass(slots=True)
class Answer:
    """An answer of Flickr's, byte for byte; `stat` is its own word for it, `ok` or `fail`.

    `code` says which failure it is.
    """

    body: bytes = field(repr=False)
    stat: str
    code: Any = None

    @property
    def passing(self) -> bool:
        """Whether another attempt may do better."""
        return self.stat == "fail" and self.code in _PASSING


@dataclass(slots=True)
class Form:
    """The form of an answer: `name` is Flickr's `json` or `rest` (XML); `callback` names the function
    around JSON, where there is one."""

    name: str = "json"
    callback: str | None = None

    @property
    def content_type(self) -> str:
        """The media type of an answer in this form."""
        if self.name == XML:
            return "text/xml; charset=utf-8"
        return "text/javascript; charset=utf-8" if self.callback else JSON

    def dressed(self, body: bytes) -> bytes:
        """An answer of Flickr's, plain JSON or XML, in this form."""
        if not self.callback:
            return body
        for end, written in _ENDS:
            body = body.replace(end, written)
        return self.callback.encode() + b"(" + body + b")"

    def read(self, body: bytes) -> Answer | None:
        """What Flickr answered in this form; None where it is no answer, or one cut short."""
        stat, code = _of_xml(body) if self.name == XML else _of_json(body)
        return Answer(body, stat, code) if stat in STATS else None

    def echo(self, arguments: Mapping[str, str]) -> bytes:
        """What `flickr.test.echo` answers: the arguments, as they came."""
        if self.name != XML:
            content = {name: {"_content": value} for name, value in arguments.items()}
            return dumped({**content, "stat": "ok"})
        rows = (
            f"\t<{name}>{escape(value, _RETURN)}</{name}>\n" for name, value in arguments.items()
        )
        head = '<?xml version="1.0" encoding="utf-8" ?>\n<rsp stat="ok">\n'
        return f"{head}{''.join(rows)}</rsp>\n".encode()


def wanted(arguments: Mapping[str, str], plain: bool) -> Form:
    """The form that `format`, `nojsoncallback` and `jsoncallback` ask for.

    `plain` is for requests in JSON: their answer is JSON in no function's call, unless they say so.
    Raises `Refused` for a format that there is not, and for a callback that is no name.
    """
    name = arguments.get("format") or ("json" if plain else XML)
    if name not in ("json", XML):
        raise Refused(400, "format must be json or rest", 111)
    callback = arguments.get("jsoncallback") or ("" if plain else "jsonFlickrApi")
    if name == XML or not callback or arguments.get("nojsoncallback") == "1":
        return Form(name)
    if len(callback) > _LONGEST_CALLBACK or not _CALLBACK.fullmatch(callback):
        raise Refused(400, "jsoncallback must be the name of a function")
    return Form(name, callback)


class _Outline(msgspec.Struct):
    """All that is read of an answer in JSON: the rest is checked, and not made into objects."""

    stat: Any = ""
    code: Any = None


_outline = msgspec.json.Decoder(_Outline)


def _of_json(body: bytes) -> tuple[Any, Any]:
    try:
        # What is not made into objects is not decoded either.
        if not body.isascii():
            body.decode()
        outline = _outline.decode(body)
    except (ValueError, RecursionError):
        return "", None
    return outline.stat, outline.code


def _of_xml(body: bytes) -> tuple[str, int | None]:
    found = _RSP.match(body)
    whole = found and (body.rstrip().endswith(b"</rsp>") or found[0].endswith(b"/>"))
    if not found or not whole:
        return "", None
    error = _ERR.match(body, found.end())
    return found[2].decode(), int(error[1]) if error else None
