"""Format the types of arguments in TypeScript."""

from __future__ import annotations

import json

from compiler.argument_types import ArgumentType, Kind, find_argument_type
from compiler.reflect.model import Argument

_NAMES = {
    Kind.ANY: "Argument",
    Kind.NUMBER: "NumberArgument",
    Kind.TIME: "TimeArgument",
    Kind.FLAG: "FlagArgument",
}


def format_argument(method: str, argument: Argument) -> str:
    """Return the type of an argument; optional ones may also be null or undefined."""
    type_ = find_argument_type(method, argument.name)
    if argument.optional and type_.kind == Kind.ANY:
        return "Value"
    text = _format_type(type_)
    return f"Omittable<{text}>" if argument.optional else text


def _format_type(type_: ArgumentType) -> str:
    if type_.kind in _NAMES:
        return _NAMES[type_.kind]
    text = " | ".join(map(json.dumps, type_.values))
    if isinstance(type_.values[0], int):
        text = f"NumberArgument<{text}>"
    return f"ListArgument<{text}>" if type_.kind == Kind.CHOICES else text
