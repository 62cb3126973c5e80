"""Read a call from a request: the method, the arguments, and the format of the answer."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any
from urllib.parse import parse_qsl

from pyflickr_web.proxy.calls.formats import (
    INVALID_CHARACTERS,
    XML,
    AnswerFormat,
    format_in_json,
    refusal_in_xml,
    requested_format,
)
from pyflickr_web.proxy.calls.message import JSON, ProxyRequest, Refusal, Reply
from pyflickr_web.proxy.calls.multipart_parser import MULTIPART, Fields, too_many_arguments
from pyflickr_web.proxy.calls.policy import Policy

FORM = "application/x-www-form-urlencoded"
_FORMAT = re.compile(rb"(?:^|&)format=(\w*)")
_FORMAT_IN_PARTS = re.compile(rb'; name="?format"?\r\n\r\n(\w*)\r\n')
_NAME = re.compile(r"(?!__)[A-Za-z_][A-Za-z0-9_]*")
_LONGEST_NAME = 100
# Digits of a Content-Length that are parsed.
_LONGEST_LENGTH = 15
# Credentials and signatures: only the proxy sets them.
_DROPPED = re.compile(
    r"api_?key|api_?secret|api_sig|api_auth_\w*|auth_token|secret|(access|request)_?token(_?secret)?"
    r"|token_?secret|consumer_?(key|secret)|oauth\w*",
    re.IGNORECASE,
)
# Arguments for the proxy, about the answer and the signature; it sets its own for Flickr.
_PROXY_ARGUMENTS = ("method", "format", "nojsoncallback", "jsoncallback", "authenticated")
_TRUE = ("1", "true")


@dataclass(slots=True)
class ApiCall:
    """A call of a method by a page.

    `arguments` are those for Flickr; `echo` has all arguments except credentials, for
    `flickr.test.echo`. `authenticated` is the page's argument, None without it.
    """

    method: str
    arguments: dict[str, str] = field(repr=False)
    echo: dict[str, str] = field(repr=False)
    answer_format: AnswerFormat
    authenticated: bool | None


def check_content_type(request: ProxyRequest) -> None:
    """Raise `Refusal` (415) for a body that is neither JSON nor a form, or not in UTF-8."""
    if request.verb == "POST" and _has_body(request):
        _content_type(request)


def check_uncompressed(request: ProxyRequest) -> None:
    """Raise `Refusal` (415) for a compressed body."""
    if request.headers.get("content-encoding", "identity").lower() != "identity":
        raise Refusal(415, "the body must not be compressed")


def exceeds(length: str, most: int) -> bool:
    """Return True if a Content-Length is more than `most`. Raises `Refusal` (400) for an invalid one."""
    if not (length.isascii() and length.isdecimal()):
        raise Refusal(400, "Content-Length is not a number")
    return len(length) > _LONGEST_LENGTH or int(length) > most


def read_call(request: ProxyRequest, body: bytes, policy: Policy) -> ApiCall:
    """Read the call of a request. Raises `Refusal` for a malformed or too large one.

    A POST without a body has its arguments in the query, whatever its content type.
    """
    _check_length(request, body)
    kind = _content_type(request) if body else ""
    if kind == JSON:
        pairs = _from_json(body)
    else:
        pairs = _from_form(_query(request), policy)
        if kind == FORM:
            pairs += _from_form(body, policy)
        elif kind == MULTIPART:
            pairs += Fields(request.headers["content-type"], policy.max_arguments).read(body)
    values = _check_arguments(pairs, policy)
    if not values.get("method"):
        raise Refusal(400, "the argument method is missing")
    return ApiCall(
        values["method"],
        {name: value for name, value in values.items() if name not in _PROXY_ARGUMENTS},
        values,
        requested_format(values, plain=kind == JSON, jsonp=policy.jsonp),
        values["authenticated"].lower() in _TRUE if "authenticated" in values else None,
    )


def format_refusal(request: ProxyRequest, body: bytes, refused: Refusal) -> Reply:
    """Return a refusal in XML if the request asks for XML, otherwise in JSON."""
    if _requests_xml(request, body):
        return refusal_in_xml(refused)
    return refused.reply()


def upload_arguments(pairs: Iterable[tuple[str, str]], policy: Policy) -> dict[str, str]:
    """Return the arguments of an upload, without those for the proxy. Raises `Refusal`."""
    arguments = _check_arguments(pairs, policy).items()
    return {name: value for name, value in arguments if name not in _PROXY_ARGUMENTS}


def _requests_xml(request: ProxyRequest, body: bytes) -> bool:
    """Return True if a request, which may be malformed, asks for XML."""
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind == JSON and body:
        return bool(format_in_json(body) == XML)
    text = _query(request)
    if kind == FORM:
        text += b"&" + body
    elif kind == MULTIPART and body:
        text += b"&" + _format_in_parts(body)
    if named := _FORMAT.search(text):
        return named[1] == XML.encode()
    # XML is Flickr's default. A body that was not read may ask for another format.
    unread = request.verb == "POST" and not body and _has_body(request)
    return b"method=" in text and not unread


def _format_in_parts(body: bytes) -> bytes:
    """Return the format of a multipart form as a query."""
    named = _FORMAT_IN_PARTS.search(body)
    return b"method=&format=" + named[1] if named else b"method="


def _query(request: ProxyRequest) -> bytes:
    return request.query.encode("latin-1", "replace")


def _has_body(request: ProxyRequest) -> bool:
    length = request.headers.get("content-length", "")
    return length not in ("", "0") or "transfer-encoding" in request.headers


def _check_length(request: ProxyRequest, body: bytes) -> None:
    """Raise `Refusal` (400) for a truncated body, which may look like another call."""
    length = request.headers.get("content-length", "0")
    if request.verb == "POST" and len(body) < int(length):
        raise Refusal(400, "the body is shorter than its Content-Length")


def _content_type(request: ProxyRequest) -> str:
    """Return a body's media type. Raises `Refusal` (415) for an unsupported one."""
    header = request.headers.get("content-type", "")
    if header == JSON and "content-encoding" not in request.headers:
        return JSON
    media, *parameters = header.split(";")
    kind = media.strip().lower()
    if kind not in (JSON, FORM, MULTIPART):
        raise Refusal(415, f"the body must be {JSON}, {FORM} or {MULTIPART}")
    for parameter in parameters:
        name, _, value = parameter.partition("=")
        utf8 = value.strip().strip('"').lower() in ("utf-8", "utf8")
        if name.strip().lower() == "charset" and not utf8:
            raise Refusal(415, "the body must be in UTF-8")
    check_uncompressed(request)
    return kind


def _from_json(body: bytes) -> list[tuple[str, Any]]:
    try:
        read = _decoder.decode(body.decode())
    except (ValueError, RecursionError):
        raise Refusal(400, "the body is not valid JSON") from None
    if not isinstance(read, _Pairs):
        raise Refusal(400, "the body must be a JSON object")
    pairs = []
    for name, value in read:
        if isinstance(value, bool):
            pairs.append((name, str(int(value))))
        elif isinstance(value, str):
            pairs.append((name, value))
        elif value is not None:
            raise Refusal(400, "an argument must be a string, a number, true, false or null")
    return pairs


class _Pairs(list[tuple[str, Any]]):
    """A JSON object, with its duplicate names."""


def _reject_constant(text: str) -> Any:
    raise ValueError(text)


# Numbers keep their spelling.
_decoder = json.JSONDecoder(
    object_pairs_hook=_Pairs, parse_int=str, parse_float=str, parse_constant=_reject_constant
)


def _from_form(body: bytes, policy: Policy) -> list[tuple[str, Any]]:
    if body.count(b"&") >= policy.max_arguments:
        raise too_many_arguments(policy.max_arguments)
    try:
        return list(parse_qsl(body.decode(), keep_blank_values=True, errors="strict"))
    except ValueError:
        raise Refusal(400, "the arguments are not form-encoded UTF-8") from None


def _check_arguments(pairs: Iterable[tuple[str, Any]], policy: Policy) -> dict[str, str]:
    """Return arguments by name, without credentials. Raises `Refusal`."""
    values: dict[str, str] = {}
    dropped = set()
    for name, value in pairs:
        # The cache would keep names of any length.
        kind = _kind_of(name) if len(name) <= _LONGEST_NAME else None
        if kind is None:
            raise Refusal(400, "invalid argument name: use letters, digits and _")
        if len(value) > policy.max_length:
            raise Refusal(413, f"{name} is longer than {policy.max_length} characters")
        if INVALID_CHARACTERS.search(value):
            raise Refusal(400, f"{name} contains an invalid character")
        if name in values:
            raise Refusal(400, f"{name} is given twice")
        values[name] = value
        if kind == "dropped":
            dropped.add(name)
        if len(values) > policy.max_arguments:
            raise too_many_arguments(policy.max_arguments)
    for name in dropped:
        del values[name]
    return values


@lru_cache(maxsize=1024)
def _kind_of(name: str) -> str | None:
    """Return `kept` or `dropped` for the name of an argument; None for an invalid name."""
    if not _NAME.fullmatch(name):
        return None
    return "dropped" if _DROPPED.fullmatch(name) else "kept"
