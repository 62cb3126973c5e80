"""Formats of answers: JSON, JSON in a function's call (JSONP), XML."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from xml.sax.saxutils import escape, quoteattr

try:
    import msgspec
except ModuleNotFoundError as error:
    raise ModuleNotFoundError(
        "the proxy needs msgspec: pip install 'pyflickr-web[proxy]'", name=error.name
    ) from None

from pyflickr_web.proxy.calls.message import JSON, Refusal, Reply, dump_json

XML = "rest"
# Control characters except tab and line ends, surrogates (invalid in UTF-8), and noncharacters
# (invalid in XML).
INVALID_CHARACTERS = re.compile("[\0-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
_CALLBACK = re.compile(r"[A-Za-z_$][A-Za-z0-9_$]*(\.[A-Za-z_$][A-Za-z0-9_$]*)*")
_LONGEST_CALLBACK = 100
_RSP = re.compile(rb'\s*(<\?xml[^>]*\?>\s*)?<rsp stat="(ok|fail)"\s*/?>')
_ERR = re.compile(rb'\s*<err code="(\d{1,9})"')
# Parsers of XML read a plain carriage return as a line feed.
_RETURN = {"\r": "&#13;"}
STATS = ("ok", "fail")
# Temporary failures: the same call may succeed in a moment.
_RETRYABLE_CODES = (0, 105, 201)
# Line ends in JavaScript, but not in JSON.
_LINE_SEPARATORS = ((b"\xe2\x80\xa8", b"\\u2028"), (b"\xe2\x80\xa9", b"\\u2029"))


@dataclass(slots=True)
class Answer:
    """An answer from Flickr, byte for byte, with its `stat` (`ok` or `fail`) and its error `code`."""

    body: bytes = field(repr=False)
    stat: str
    code: Any = None

    @property
    def retryable(self) -> bool:
        """True if another attempt may succeed."""
        return self.stat == "fail" and self.code in _RETRYABLE_CODES


@dataclass(slots=True)
class AnswerFormat:
    """The format of an answer: Flickr's `json` or `rest` (XML), by `name`.

    `callback` is the function that wraps JSON (JSONP). Browsers run the answer as a script only if it is
    `executable`.
    """

    name: str = "json"
    callback: str | None = None
    executable: bool = False

    @property
    def headers(self) -> dict[str, str]:
        """The headers of an answer in this format, as a new dict."""
        if self.name == XML:
            # XML may contain scripts.
            return {
                "content-type": "text/xml; charset=utf-8",
                "content-security-policy": "sandbox",
                "cache-control": "no-store",
            }
        kind = "text/javascript; charset=utf-8" if self.executable else JSON
        return {"content-type": kind, "cache-control": "no-store"}

    def wrap(self, body: bytes) -> bytes:
        """Return Flickr's JSON or XML in this format, wrapped in the callback if it has one."""
        if not self.callback:
            return body
        for separator, escaped in _LINE_SEPARATORS:
            body = body.replace(separator, escaped)
        return self.callback.encode() + b"(" + body + b")"

    def read(self, body: bytes) -> Answer | None:
        """Parse an answer from Flickr in this format; return None if it is malformed or truncated."""
        stat, code = _parse_xml(body) if self.name == XML else _parse_json(body)
        return Answer(body, stat, code) if stat in STATS else None

    def echo(self, arguments: Mapping[str, str]) -> bytes:
        """Return the answer to `flickr.test.echo`: the arguments of the request."""
        if self.name != XML:
            content = {name: {"_content": value} for name, value in arguments.items()}
            return dump_json({**content, "stat": "ok"})
        rows = (
            f"\t<{name}>{escape(value, _RETURN)}</{name}>\n" for name, value in arguments.items()
        )
        head = '<?xml version="1.0" encoding="utf-8" ?>\n<rsp stat="ok">\n'
        return f"{head}{''.join(rows)}</rsp>\n".encode()


def requested_format(arguments: Mapping[str, str], plain: bool, jsonp: bool) -> AnswerFormat:
    """Return the format that `format`, `nojsoncallback` and `jsoncallback` ask for.

    `plain` is for requests in JSON: their default is JSON without a callback. With `jsonp` pages may run
    the answer as a script. Raises `Refusal` for an unknown format, and for a callback that is invalid or
    not allowed.
    """
    name = arguments.get("format") or ("json" if plain else XML)
    if name not in ("json", XML):
        raise Refusal(400, "format must be json or rest", 111)
    named = arguments.get("jsoncallback")
    callback = named or ("" if plain else "jsonFlickrApi")
    if name == XML or not callback or arguments.get("nojsoncallback") == "1":
        return AnswerFormat(name)
    if named and not jsonp:
        raise Refusal(
            400, "jsoncallback needs the proxy's setting jsonp: send nojsoncallback=1 instead"
        )
    if len(callback) > _LONGEST_CALLBACK or not _CALLBACK.fullmatch(callback):
        raise Refusal(400, "invalid jsoncallback: use the name of a function")
    return AnswerFormat(name, callback, executable=jsonp)


def refusal_in_xml(refused: Refusal) -> Reply:
    """Return a refusal in Flickr's XML."""
    message = quoteattr(INVALID_CHARACTERS.sub("?", str(refused)))
    text = (
        '<?xml version="1.0" encoding="utf-8" ?>\n<rsp stat="fail">\n'
        f'\t<err code="{refused.code}" msg={message} />\n</rsp>\n'
    )
    return Reply(refused.status, {**refused.headers, **AnswerFormat(XML).headers}, text.encode())


def format_in_json(body: bytes) -> Any:
    """Return the argument `format` of a JSON body; None if the body has none or is malformed."""
    try:
        return _named_format.decode(body).format
    except (ValueError, RecursionError):
        return None


class _NamedFormat(msgspec.Struct):
    format: Any = None


_named_format = msgspec.json.Decoder(_NamedFormat)


class _Outline(msgspec.Struct):
    """The fields of a JSON answer that are read; the rest is checked, but not decoded into objects."""

    stat: Any = ""
    code: Any = None


_outline = msgspec.json.Decoder(_Outline)


def _parse_json(body: bytes) -> tuple[Any, Any]:
    try:
        # The decoder does not check the encoding of fields that it skips.
        if not body.isascii():
            body.decode()
        outline = _outline.decode(body)
    except (ValueError, RecursionError):
        return "", None
    return outline.stat, outline.code


def _parse_xml(body: bytes) -> tuple[str, int | None]:
    found = _RSP.match(body)
    is_complete = found and (body.rstrip().endswith(b"</rsp>") or found[0].endswith(b"/>"))
    if not found or not is_complete:
        return "", None
    error = _ERR.match(body, found.end())
    return found[2].decode(), int(error[1]) if error else None
