"""Check an answer in JSON against the types of answers, which the compiler renders."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from compiler.answers.model import (
    Answers,
    ListOf,
    Literal,
    Primitive,
    Reference,
    Shape,
    Type,
    Union,
)

_KINDS: dict[str, tuple[type, ...]] = {
    "string": (str,),
    "integer": (int,),
    "number": (int, float),
    "boolean": (bool,),
    "null": (type(None),),
    "unknown": (object,),
}


def find_mismatches(answers: Answers, method: str, answer: Any) -> list[str]:
    """List the differences between an answer and its type.

    Each names a place, such as `photos.photo[].id`, and says that the field is missing or unknown, or
    has a wrong type.
    """
    return find_item_mismatches(answers, Reference(answers.methods[method]), answer)


def find_item_mismatches(answers: Answers, type_: Type, item: Any) -> list[str]:
    """List the differences between a part of an answer and a type, as `find_mismatches` does."""
    return list(dict.fromkeys(_check(answers, type_, item, "")))


def _check(answers: Answers, type_: Type, value: Any, place: str) -> Iterator[str]:
    found = answers.resolve(type_)
    if isinstance(found, Union):
        yield from _check_union(answers, found, value, place)
    elif isinstance(found, ListOf) and isinstance(value, list):
        for item in value:
            yield from _check(answers, found.item, item, f"{place}[]")
    elif isinstance(found, Shape) and isinstance(value, dict):
        yield from _check_fields(answers, found, value, place)
    elif not _is_value(found, value):
        yield f"{place}: {_describe(value)} is not {_name(found)}"


def _check_union(answers: Answers, union: Union, value: Any, place: str) -> Iterator[str]:
    """Report the mismatches of the member that fits best, or that no member has the value's type."""
    results = [list(_check(answers, member, value, place)) for member in union.members]
    if not all(results):
        return
    objects = [
        lines for lines in results if not lines[0].startswith(f"{place}: {_describe(value)}")
    ]
    yield from min(objects, key=len, default=[f"{place}: {_describe(value)} is not {_name(union)}"])


def _check_fields(
    answers: Answers, shape: Shape, value: dict[str, Any], place: str
) -> Iterator[str]:
    fields = answers.list_fields(shape)
    for name, field in fields.items():
        where = f"{place}.{name}".lstrip(".")
        if name in value:
            yield from _check(answers, field.type, value[name], where)
        elif not field.optional:
            yield f"{where}: missing"
    for name in value.keys() - fields.keys():
        where = f"{place}.{name}".lstrip(".")
        if shape.others is None:
            yield f"{where}: unknown"
        else:
            yield from _check(answers, shape.others, value[name], where)


def _is_value(type_: Type, value: Any) -> bool:
    if isinstance(type_, Literal):
        return type(value) is type(type_.value) and value == type_.value
    if not isinstance(type_, Primitive):
        return False
    # In Python, a bool is an int too.
    if isinstance(value, bool) and type_.name in ("integer", "number"):
        return False
    return isinstance(value, _KINDS[type_.name])


def _describe(value: Any) -> str:
    if isinstance(value, dict | list):
        return "an object" if isinstance(value, dict) else "a list"
    if value is None or isinstance(value, bool):
        return {None: "null", True: "true", False: "false"}[value]
    kind = "a text" if isinstance(value, str) else "a number"
    return f"{kind} ({value!r})" if len(str(value)) < 3 else kind


def _name(type_: Type) -> str:
    if isinstance(type_, Union):
        return " or ".join(map(_name, type_.members))
    if isinstance(type_, ListOf):
        return f"a list of {_name(type_.item)}"
    return repr(type_.value) if isinstance(type_, Literal) else type_.name
