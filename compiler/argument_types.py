"""The types of arguments, in no language: which values Flickr is known to take."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from compiler.reflect.supplement import find_value_rule

# A range of a few whole numbers lists names of things, such as kinds of content; a longer one is a size.
MOST_NAMES_IN_A_RANGE = 10


class Kind(Enum):
    """The kinds of arguments: any, a number, a time, a flag, a choice, a list of choices, or a list of
    names of which some are known."""

    ANY = "any"
    NUMBER = "number"
    TIME = "time"
    FLAG = "flag"
    CHOICE = "choice"
    CHOICES = "choices"
    NAMES = "names"


@dataclass(frozen=True, slots=True)
class ArgumentType:
    """The type of an argument; `values` are those of a choice, all texts or all whole numbers."""

    kind: Kind
    values: tuple[int, ...] | tuple[str, ...] = ()


ANY = ArgumentType(Kind.ANY)
# The argument whose names have a type of their own: many methods take them.
EXTRAS = "extras"
_SIMPLE = {"number": Kind.NUMBER, "integer": Kind.NUMBER, "seconds": Kind.TIME}


def find_argument_type(method: str, argument: str) -> ArgumentType:
    """Return the type of an argument, by the rules for values in `reflection/supplement.json`.

    Without a rule it is `ANY`: a wrong guess would refuse calls that Flickr takes.
    """
    kind, operands = find_value_rule(method, argument)
    if kind in ("one_of", "list_of"):
        values = _read_values(operands)
        is_list = kind == "list_of"
        is_flag = values == (0, 1) and not is_list
        return ArgumentType(
            Kind.FLAG if is_flag else Kind.CHOICES if is_list else Kind.CHOICE, values
        )
    if kind == "some_of":
        return ArgumentType(Kind.NAMES, tuple(operands))
    if kind == "integer" and None not in operands:
        least, most = map(int, operands)
        if most - least < MOST_NAMES_IN_A_RANGE:
            return ArgumentType(Kind.CHOICE, tuple(range(least, most + 1)))
    return ArgumentType(_SIMPLE[kind]) if kind else ANY


def list_extras() -> tuple[int, ...] | tuple[str, ...]:
    """List the known names of fields that listings of photos take in `extras`."""
    return find_argument_type("", EXTRAS).values


def _read_values(texts: list[str]) -> tuple[int, ...] | tuple[str, ...]:
    if all(text.isdecimal() for text in texts):
        return tuple(map(int, texts))
    return tuple(texts)
