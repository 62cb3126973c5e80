"""Check the names in answers in XML against the types of answers; XML does not show types of values."""

from __future__ import annotations

from collections.abc import Iterator
from xml.etree import ElementTree as ET

from compiler.answers.model import Answers, ListOf, Primitive, Shape, Type, Union


def find_name_mismatches(answers: Answers, method: str, root: ET.Element) -> list[str]:
    """List the fields that an `<rsp>` has and its type has not, and the required ones that it lacks.

    A missing list is no mismatch: without items, XML has no elements.
    """
    shape = answers.find_shape(answers.methods[method])
    return list(dict.fromkeys(_check(answers, shape, root, "")))


def _check(answers: Answers, shape: Shape, element: ET.Element, place: str) -> Iterator[str]:
    if shape.others:
        return
    fields = answers.list_fields(shape)
    names = {*element.attrib, *(child.tag for child in element)}
    has_text = bool((element.text or "").strip())
    if has_text:
        names.add("_content")
    for name in sorted(names - fields.keys()):
        yield f"{place}.{name}: unknown".lstrip(".")
    for name, field in fields.items():
        is_list = isinstance(answers.resolve(field.type), ListOf)
        if name not in names and not (field.optional or is_list or name == "_content"):
            yield f"{place}.{name}: missing".lstrip(".")
    for child in element:
        if child.tag in fields:
            where = f"{place}.{child.tag}".lstrip(".")
            shapes = _find_shapes(answers, fields[child.tag].type)
            yield from min((list(_check(answers, each, child, where)) for each in shapes), key=len)


def _find_shapes(answers: Answers, type_: Type) -> list[Shape]:
    """Return the shapes that an element may have."""
    found = answers.resolve(type_)
    if isinstance(found, ListOf):
        return _find_shapes(answers, found.item)
    if isinstance(found, Union):
        return [shape for member in found.members for shape in _find_shapes(answers, member)]
    any_names = Shape("", others=found) if found == Primitive("unknown") else Shape("")
    return [found if isinstance(found, Shape) else any_names]
