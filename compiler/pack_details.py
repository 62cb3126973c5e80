"""Pack the texts of methods for the development editions: each text once, picked by characters."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from typing import Any

from compiler.pack import by_namespace
from compiler.reflect.model import Api, ApiError, Argument, Method
from compiler.reflect.supplement import load_supplement

# A rule opens with the mark of its kind; what goes with it follows, joined by commas.
KINDS = {"integer": "#", "number": ".", "one_of": "=", "list_of": ",", "seconds": "@"}

_Row = tuple[str, ...]


def details(api: Api) -> dict[str, str]:
    """Return the tables, by name; those of methods are in the order of `pack.pack_names`.

    `separators` are the marks between rows and between a row's fields. Rows with fields have
    `descriptions` (description, explanation, response; one for each method), `arguments` (name, text,
    rule) and `errors` (code, message, text); in these two, the first field is left empty if it is
    that of the row before. The words of `required`, `optional` and
    `failures`, one for each method and separated by spaces, are its arguments and errors: each character
    stands for a row of `arguments` or `errors`. `shared` is such a word, of the errors that any method
    may answer.
    """
    marks = separators(api)
    methods = [method for group in by_namespace(api).values() for method in group]
    arguments = sorted({_argument(m, a) for m in methods for a in m.arguments})
    failures = [error for method in methods for error in method.errors]
    errors = sorted({_error(e) for e in (*api.shared_errors, *failures)}, key=_by_code)
    picks_argument, picks_error = _picks(arguments), _picks(errors)

    def pick_arguments(kind: Callable[[Method], Iterable[Argument]]) -> str:
        words = (map(picks_argument, (_argument(m, a) for a in kind(m))) for m in methods)
        return " ".join(map("".join, words))

    def pick_errors(errors: Iterable[ApiError]) -> str:
        return "".join(map(picks_error, map(_error, errors)))

    return {
        "separators": marks,
        "descriptions": _table(
            ((m.description, m.explanation, m.response) for m in methods), marks
        ),
        "arguments": _table(_blank_repeats(arguments), marks),
        "required": pick_arguments(lambda method: method.required),
        "optional": pick_arguments(lambda method: method.optional),
        "errors": _table(_blank_repeats(errors), marks),
        "failures": " ".join(pick_errors(method.errors) for method in methods),
        "shared": pick_errors(api.shared_errors),
    }


def method_names(api: Api) -> str:
    """Return the methods' names in the tables' order, which MicroPython's dictionaries lose."""
    return " ".join(m.name for group in by_namespace(api).values() for m in group)


def separators(api: Api) -> str:
    """Return two characters that no text of the reflection has: between rows, and between fields."""
    taken = set("".join(_texts(api)))
    free = (mark for mark in map(chr, (*b"~\t", *range(0xE000, 0xF900))) if mark not in taken)
    return "".join(islice(free, 2))


def _texts(api: Api) -> Iterator[str]:
    for method in api.methods:
        yield from (method.description, method.explanation, method.response)
        for argument in method.arguments:
            yield from (argument.name, argument.description)
    for error in (*api.shared_errors, *(e for method in api.methods for e in method.errors)):
        yield from (error.message, error.explanation)


def _table(rows: Iterable[_Row], marks: str) -> str:
    row, field = tuple(marks)
    return row.join(field.join(fields).rstrip(field) for fields in rows)


def _blank_repeats(rows: Iterable[_Row]) -> Iterator[_Row]:
    before = ""
    for first, *rest in rows:
        yield ("" if first == before else first, *rest)
        before = first


def _picks(rows: Iterable[_Row]) -> Callable[[_Row], str]:
    """Return a function from a row to its character: from `!` to `~`, and then from `À` on."""
    codes = {row: chr(33 + n if n < 94 else 98 + n) for n, row in enumerate(rows)}
    return codes.__getitem__


def _argument(method: Method, argument: Argument) -> _Row:
    return argument.name, argument.description, _rule(method.name, argument.name)


def _rule(method: str, argument: str) -> str:
    """Return the rule of values that Flickr takes, e.g. `#1,500`; empty if there is none."""
    rules = load_supplement()["values"]
    own = rules["own"].get(method, {})
    rule: dict[str, Any] = (own if argument in own else rules["shared"]).get(argument) or {}
    for kind, values in rule.items():
        listed = values if isinstance(values, list) else []
        return KINDS[kind] + ",".join("" if value is None else str(value) for value in listed)
    return ""


def _error(error: ApiError) -> _Row:
    return str(error.code), error.message, error.explanation


def _by_code(row: _Row) -> tuple[int, _Row]:
    return int(row[0]), row
