"""Format the types of arguments in Python."""

from __future__ import annotations

from compiler.argument_types import ArgumentType, Kind, find_argument_type
from compiler.pack import to_python_literal
from compiler.reflect.model import Argument

# A choice of several is `_Value`: no type tells a text with commas from another.
_NAMES = {
    Kind.ANY: "_Value",
    Kind.NUMBER: "_Number",
    Kind.TIME: "_Time",
    Kind.FLAG: "_Flag",
    Kind.CHOICES: "_Value",
}


def format_argument(method: str, argument: Argument) -> str:
    """Return the type of an argument; optional ones may also be None."""
    text = _format_type(find_argument_type(method, argument.name))
    return f"{text} | None" if argument.optional else text


def _format_type(type_: ArgumentType) -> str:
    if type_.kind in _NAMES:
        return _NAMES[type_.kind]
    texts = [str(value) for value in type_.values if isinstance(value, int)]
    return f"Literal[{', '.join(map(to_python_literal, [*type_.values, *texts]))}]"
