"""The facts about the shape of an answer: its keys and the types of their values.

In JSON a fact is a path, such as `photos.photo[].id`, with a type. In XML, which has no types, it is the
path of an element, a text or an attribute.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any
from xml.etree import ElementTree as ET

Fact = tuple[str, str]
JSON, XML = "json", "xml"
_WRAPPED = re.compile(r"^\w+\((.*)\);?$", re.S)
_TYPES = {dict: "object", list: "list", str: "string", bool: "boolean", type(None): "null"}


def format_of(body: str) -> str:
    """Return the format of an answer, by its first character."""
    return XML if body.lstrip().startswith("<") else JSON


def facts_of(body: str) -> set[Fact]:
    """Return the facts about the text of an answer, in JSON, JSONP or XML."""
    if format_of(body) == XML:
        return set(_xml_facts(ET.fromstring(body.strip())))
    return set(_json_facts(json.loads(_WRAPPED.sub(r"\1", body.strip()))))


def _json_facts(value: Any, path: str = "") -> Iterator[Fact]:
    if path:
        yield path, _TYPES.get(type(value), "number")
    if isinstance(value, dict):
        for key, part in value.items():
            yield from _json_facts(part, f"{path}.{key}".lstrip("."))
    elif isinstance(value, list):
        for part in value:
            yield from _json_facts(part, f"{path}[]")


def _xml_facts(element: ET.Element, parent: str = "") -> Iterator[Fact]:
    path = f"{parent}.{element.tag}".lstrip(".")
    yield path, "element"
    if (element.text or "").strip():
        yield path, "text"
    for name in element.attrib:
        yield f"{path}@{name}", "attribute"
    for part in element:
        yield from _xml_facts(part, path)
