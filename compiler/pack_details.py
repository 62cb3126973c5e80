"""Pack the texts of methods for the development editions: each text once, referred to by a character."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from itertools import islice

from compiler.reflect.model import Api, ApiError, Argument, Method
from compiler.reflect.supplement import find_value_rule

# A rule starts with the mark of its kind; its operands follow, separated by commas.
KINDS = {"integer": "#", "number": ".", "one_of": "=", "list_of": ",", "seconds": "@"}

_Row = tuple[str, ...]


def pack_details(api: Api) -> dict[str, str]:
    """Return the tables by name; those of methods are in the order of their names.

    `separators` are the character between rows and the one between a row's fields. Three tables have
    rows: `descriptions` (description, explanation, response; a row for each method), `arguments` (name,
    text, rule) and `errors` (code, message, text). In `arguments` and `errors`, an empty first field
    stands for that of the row before. `required`, `optional` and `failures` have a word for each method,
    separated by spaces; each character of a word refers to a row of `arguments` or `errors`. `shared` is
    such a word for the errors that all methods share.
    """
    marks = choose_separators(api)
    methods = _sort_methods(api)
    arguments = sorted({_to_argument_row(m, a) for m in methods for a in m.arguments})
    failures = [error for method in methods for error in method.errors]
    errors = sorted({_to_error_row(e) for e in (*api.shared_errors, *failures)}, key=_sort_key)
    pick_argument, pick_error = _make_picker(arguments), _make_picker(errors)

    def pick_arguments(kind: Callable[[Method], Iterable[Argument]]) -> str:
        words = (map(pick_argument, (_to_argument_row(m, a) for a in kind(m))) for m in methods)
        return " ".join(map("".join, words))

    def pick_errors(errors: Iterable[ApiError]) -> str:
        return "".join(map(pick_error, map(_to_error_row, errors)))

    return {
        "separators": marks,
        "descriptions": _join_rows(
            ((m.description, m.explanation, m.response) for m in methods), marks
        ),
        "arguments": _join_rows(_blank_repeats(arguments), marks),
        "required": pick_arguments(lambda method: method.required),
        "optional": pick_arguments(lambda method: method.optional),
        "errors": _join_rows(_blank_repeats(errors), marks),
        "failures": " ".join(pick_errors(method.errors) for method in methods),
        "shared": pick_errors(api.shared_errors),
    }


def join_method_names(api: Api) -> str:
    """Return the methods' names in the tables' order, which MicroPython's dictionaries do not keep."""
    return " ".join(method.name for method in _sort_methods(api))


def _sort_methods(api: Api) -> list[Method]:
    return sorted(api.methods, key=lambda method: method.name)


def choose_separators(api: Api) -> str:
    """Return two characters that no text contains: one between rows, and one between fields."""
    used = set("".join(_list_texts(api)))
    free = (mark for mark in map(chr, (*b"~\t", *range(0xE000, 0xF900))) if mark not in used)
    return "".join(islice(free, 2))


def _list_texts(api: Api) -> Iterator[str]:
    for method in api.methods:
        yield from (method.description, method.explanation, method.response)
        for argument in method.arguments:
            yield from (argument.name, argument.description)
    for error in (*api.shared_errors, *(e for method in api.methods for e in method.errors)):
        yield from (error.message, error.explanation)


def _join_rows(rows: Iterable[_Row], marks: str) -> str:
    row, field = tuple(marks)
    return row.join(field.join(fields).rstrip(field) for fields in rows)


def _blank_repeats(rows: Iterable[_Row]) -> Iterator[_Row]:
    before = ""
    for first, *rest in rows:
        yield ("" if first == before else first, *rest)
        before = first


def _make_picker(rows: Iterable[_Row]) -> Callable[[_Row], str]:
    """Return a function from a row to its character: `!` to `~`, then `À` and the following ones."""
    codes = {row: chr(33 + n if n < 94 else 98 + n) for n, row in enumerate(rows)}
    return codes.__getitem__


def _to_argument_row(method: Method, argument: Argument) -> _Row:
    return argument.name, argument.description, _find_rule(method.name, argument.name)


def _find_rule(method: str, argument: str) -> str:
    """Return the rule for the values of an argument, e.g. `#1,500`, or an empty text."""
    kind, operands = find_value_rule(method, argument)
    # Values that are merely known are for types, not for checks.
    if kind not in KINDS:
        return ""
    return KINDS[kind] + ",".join("" if value is None else str(value) for value in operands)


def _to_error_row(error: ApiError) -> _Row:
    return str(error.code), error.message, error.explanation


def _sort_key(row: _Row) -> tuple[int, _Row]:
    return int(row[0]), row
