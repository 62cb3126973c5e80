"""Format Flickr's answers as JSON, JSONP, XML or serialized PHP."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, replace
from typing import Any
from xml.sax.saxutils import escape

from flickr_sandbox.call import Answer, Failure
from flickr_sandbox.php_serial import serialize

FORMATS = ("rest", "json", "php_serial")
_CALLBACK = re.compile(r"[A-Za-z_$][\w$.]*")
# Texts of callers can become names of elements, which allow few characters.
_NO_NAME = re.compile(r"[^A-Za-z0-9_.-]")
# XML forbids these characters, even escaped.
_NO_XML = re.compile("[\0-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
# As PHP's htmlspecialchars with ENT_QUOTES, for texts and for attributes.
_QUOTES = {'"': "&quot;", "'": "&#039;", "\r": "&#13;"}


@dataclass(frozen=True, slots=True)
class Format:
    """The format of an answer; `callback` is the function of JSONP, or None for plain JSON."""

    name: str = "rest"
    callback: str | None = None


@dataclass(frozen=True, slots=True)
class Body:
    """A text and its content type; `code` is that of a failure, None for a successful call."""

    text: str
    content_type: str
    code: int | None = None


def parse_format(arguments: dict[str, str]) -> Format:
    """Parse the arguments `format`, `nojsoncallback` and `jsoncallback`.

    Raises `Failure` 111 for an unknown format, and for a callback that is not a valid name.
    """
    name = arguments.get("format") or "rest"
    if name not in FORMATS:
        raise Failure(111, f'Format "{name}" not found')
    if name != "json" or arguments.get("nojsoncallback") == "1":
        return Format(name)
    callback = arguments.get("jsoncallback") or "jsonFlickrApi"
    if not _CALLBACK.fullmatch(callback):
        raise Failure(111, "jsoncallback is not a name")
    return Format(name, callback)


def format_answer(form: Format, content: Answer) -> Body:
    """Format the answer of a successful call."""
    if form.name == "rest":
        return Body(to_xml(content), "text/xml; charset=utf-8")
    return _keyed(form, {**content, "stat": "ok"}, "application/json")


def format_failure(form: Format, failure: Failure) -> Body:
    """Format the answer of a failed call."""
    if form.name == "rest":
        error = f"<err code={_attribute(failure.code)} msg={_attribute(failure.message)} />"
        text = _document("fail", f"\t{error}\n")
        return Body(text, "text/xml; charset=utf-8", failure.code)
    content = {"stat": "fail", "code": failure.code, "message": failure.message}
    return replace(_keyed(form, content, "text/plain; charset=utf-8"), code=failure.code)


def to_xml(content: Answer) -> str:
    """Convert an answer to XML: scalars become attributes, `_content` text, lists repeated elements.

    Scalars outside of an object have no attribute to become: Flickr sends an empty element for each.
    """
    return _document("ok", "".join(_elements(name, value) for name, value in content.items()))


def _keyed(form: Format, content: Answer, content_type: str) -> Body:
    """Format a whole answer as JSON, or as PHP, whose structure is that of JSON."""
    if form.name == "php_serial":
        return Body(serialize(content), "text/plain; charset=utf-8")
    text = json.dumps(content, separators=(",", ":"))
    if form.callback is None:
        return Body(text, content_type)
    return Body(f"{form.callback}({text})", "text/javascript; charset=utf-8")


def _document(stat: str, inside: str) -> str:
    head = '<?xml version="1.0" encoding="utf-8" ?>\n'
    return f'{head}<rsp stat="{stat}">\n{inside}</rsp>\n'


def _elements(key: str, value: Any) -> str:
    if isinstance(value, list):
        return "".join(_elements(key, item) for item in value)
    name = _NO_NAME.sub("_", key)
    name = name if name[:1].isalpha() else f"_{name}"
    if not isinstance(value, dict):
        return f"\t<{name} />\n"
    scalars = {k: v for k, v in value.items() if not isinstance(v, dict | list) and k != "_content"}
    attributes = "".join(f" {key}={_attribute(scalar)}" for key, scalar in scalars.items())
    inside = _text(value.get("_content"))
    inside += "".join(_elements(k, v) for k, v in value.items() if isinstance(v, dict | list))
    return f"\t<{name}{attributes}>{inside}</{name}>\n" if inside else f"\t<{name}{attributes} />\n"


def _attribute(value: Any) -> str:
    return f'"{_text(value)}"'


def _text(value: Any) -> str:
    return escape(_plain(value), _QUOTES)


def _plain(value: Any) -> str:
    # As PHP converts to text: null and false are empty, true is 1.
    if value is None or value is False:
        return ""
    return _NO_XML.sub("", "1" if value is True else str(value))
