"""Parse the types of fields, as texts: `integer | string`, `ListedPhoto[]`, `'photo' | 'video'`, `0`."""

from __future__ import annotations

import re

from compiler.answers.model import PRIMITIVES, ListOf, Literal, Primitive, Reference, Type, Union

TYPE_NAME = re.compile(r"[A-Z][A-Za-z0-9]*")
_LITERAL = re.compile(r"'([^'\"\\\n]*)'|(0|[1-9][0-9]*)")


class InvalidType(Exception):
    """A text that is not a type; the message says why."""


def parse_type(text: str) -> Type:
    """Parse one type, or several separated by `|`. Raises `InvalidType`."""
    members = tuple(_parse_member(part.strip()) for part in text.split("|"))
    return members[0] if len(members) == 1 else Union(members)


def _parse_member(text: str) -> Type:
    if text.endswith("[]"):
        return ListOf(_parse_member(text.removesuffix("[]")))
    if literal := _LITERAL.fullmatch(text):
        return Literal(literal[1] if literal[2] is None else int(literal[2]))
    if text in PRIMITIVES:
        return Primitive(text)
    if TYPE_NAME.fullmatch(text):
        return Reference(text)
    raise InvalidType(
        f"invalid type {text!r}: use {', '.join(PRIMITIVES)}, a name like PhotoFile, a number or a text "
        "in single quotes, and [] for a list"
    )
