"""Format the types of arguments in Python."""

from __future__ import annotations

from collections.abc import Iterable

from compiler.argument_types import ArgumentType, Kind, find_argument_type, list_extras
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
    if type_.kind == Kind.NAMES:
        is_shared = type_.values == list_extras()
        return f"_Value | Sequence[{'_Extra' if is_shared else format_literal(type_.values)}]"
    texts = [str(value) for value in type_.values if isinstance(value, int)]
    return format_literal([*type_.values, *texts])


def format_literal(values: Iterable[int | str]) -> str:
    """Return the type of a value that is one of `values`."""
    return f"Literal[{', '.join(map(to_python_literal, values))}]"
