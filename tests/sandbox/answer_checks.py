"""Check that Flickr could send an answer: its format, content type and error code."""

from __future__ import annotations

import json
import re
from collections import Counter
from typing import Any
from xml.etree import ElementTree

from flickr_sandbox.formats import Body
from flickr_sandbox.reflection import methods, shared_errors
from flickr_sandbox.refusals import NOT_DECLARED

_CALL = re.compile(r"([A-Za-z_$][\w$.]*)\((.*)\)", re.S)
JSON_OK = "application/json"
JAVASCRIPT = "text/javascript; charset=utf-8"
JSON_FAIL = "text/plain; charset=utf-8"
XML = "text/xml; charset=utf-8"

# An invalid continuation has the code that photosets.getList declares for it.
CONTINUATION = 2
CONTINUED = ("flickr.galleries.getList", "flickr.galleries.getPhotos")


def check_answer(body: Body) -> int:
    """Check that an answer is well-formed; return its error code, or 0 for success."""
    if body.content_type == XML:
        return _code_of_xml(body.text)
    answer = parse_json(body)
    if answer["stat"] == "ok":
        assert body.content_type in (JSON_OK, JAVASCRIPT)
        return 0
    assert body.content_type in (JSON_FAIL, JAVASCRIPT)
    assert set(answer) == {"stat", "code", "message"}
    assert answer["stat"] == "fail"
    assert isinstance(answer["message"], str)
    assert type(answer["code"]) is int
    return int(answer["code"])


def parse_json(body: Body) -> dict[str, Any]:
    """Parse an answer in JSON or JSONP."""
    text = body.text
    if body.content_type == JAVASCRIPT:
        wrapped = _CALL.fullmatch(text)
        assert wrapped, text
        text = wrapped[2]
    answer: dict[str, Any] = json.loads(text)
    return answer


def allowed_codes(method: str) -> set[int]:
    """Return the error codes that a method may return, and 0."""
    errors = {error.code for error in shared_errors()} | {0, NOT_DECLARED[0]}
    errors |= {CONTINUATION} if method in CONTINUED else set()
    return errors | {e.code for e in methods()[method].errors} if method in methods() else errors


def count_json_values(answer: dict[str, Any]) -> Counter[str]:
    """Count the non-empty values of an answer in JSON that its XML has: scalars in objects."""
    objects = {key: part for key, part in answer.items() if isinstance(part, dict | list)}
    return Counter(_leaves(objects))


def count_xml_values(text: str) -> Counter[str]:
    """Count the non-empty values of an answer in XML, except `stat`."""
    root = ElementTree.fromstring(text)
    found: Counter[str] = Counter()
    for element in root.iter():
        if element is not root:
            found.update(element.attrib.values())
            # White space between elements has no meaning.
            inside = element.text or ""
            found.update([inside.strip() if len(element) else inside])
    return Counter(with_spaces(value) for value in found.elements() if value)


def _leaves(value: Any) -> list[str]:
    if isinstance(value, dict):
        return [leaf for part in value.values() for leaf in _leaves(part)]
    if isinstance(value, list):
        return [leaf for part in value if isinstance(part, dict | list) for leaf in _leaves(part)]
    if value is None or value is False or value == "":
        return []
    return [with_spaces("1" if value is True else str(value))]


def with_spaces(value: str) -> str:
    """Replace each white space by a space, as XML parsers do in attributes."""
    return re.sub(r"[\n\t]", " ", value)


def _code_of_xml(text: str) -> int:
    root = ElementTree.fromstring(text)
    assert root.tag == "rsp"
    if root.attrib == {"stat": "ok"}:
        return 0
    assert root.attrib == {"stat": "fail"}
    (error,) = root
    assert (error.tag, set(error.attrib)) == ("err", {"code", "msg"})
    return int(error.attrib["code"])
