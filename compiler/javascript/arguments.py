"""Format the types of arguments in TypeScript."""

from __future__ import annotations

import json
from collections.abc import Iterable

from compiler.argument_types import ArgumentType, Kind, find_argument_type, list_extras
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
    text = format_choice(type_.values)
    if type_.kind == Kind.NAMES:
        return f"NamesArgument<{'Extra' if type_.values == list_extras() else text}>"
    if isinstance(type_.values[0], int):
        text = f"NumberArgument<{text}>"
    return f"ListArgument<{text}>" if type_.kind == Kind.CHOICES else text


def format_choice(values: Iterable[int | str]) -> str:
    """Return the type of a value that is one of `values`."""
    return " | ".join(map(json.dumps, values))
