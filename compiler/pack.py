"""Turn the model into the tables that the bundles carry: small, and plain to read back."""

from __future__ import annotations

import json
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from typing import Any

from compiler.model import Api, ApiError, Method
from compiler.supplement import supplement

# A mark's low four bits tell what its method needs: 1 signing, 2 login, 4 to 12 the permission.
MARKS = " !\"#$%&'()*+,-./"

Order = Callable[[Iterable[str]], list[str]]


def by_space(names: Iterable[str]) -> list[str]:
    """`names` by namespace: the order that people expect, and that of `details`."""
    return sorted(names, key=lambda name: (name.rpartition(".")[0], name))


_UNSAFE = re.compile("[<\u2028\u2029\ud800-\udfff]")


def literal(value: Any) -> str:
    """`value` as a JavaScript literal that can break out of no script element, string or line."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return _UNSAFE.sub(lambda match: f"\\u{ord(match[0]):04x}", text)


def python_literal(value: Any) -> str:
    """`value` as a Python literal, the same from every Python."""
    if isinstance(value, str):
        return literal(value)
    if isinstance(value, dict):
        pairs = (f"{python_literal(key)}: {python_literal(value[key])}" for key in value)
        return "{" + ", ".join(pairs) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(python_literal, value)) + "]"
    return repr(value)


def by_namespace(api: Api) -> dict[str, list[Method]]:
    """The methods by what stands between `flickr.` and their last name."""
    spaces: defaultdict[str, list[Method]] = defaultdict(list)
    for method in api.methods:
        spaces[method.name.removeprefix("flickr.").rpartition(".")[0]].append(method)
    return dict(sorted(spaces.items()))


def names(api: Api, order: Order = by_space) -> tuple[dict[str, Any], str]:
    """The methods as a tree, and what their names have lost where they open with a capital.

    `{"photos": {"": "search ", "geo": {"": "Location setLocation+"}}}` are three methods: below `""`
    stand those of a namespace itself, in the order that `order` brings all names into, each followed
    by the mark of what it needs. Names go without
    `get`, unless there is one that opens with a capital.
    """
    lost = _lost(api)
    methods = {method.name: method for method in api.methods}
    tree: dict[str, Any] = {}
    for name in order(methods):
        node = tree
        for key in name.split(".")[1:-1]:
            node = node.setdefault(key, {})
        node[""] = node.get("", "") + _short(methods[name], lost) + MARKS[_level(methods[name])]
    return tree, lost


def names_in_line(api: Api) -> tuple[str, str]:
    """As `names`, in one text of words: each namespace, with a dot, stands before its methods.

    Marks are digits and what follows them, whose low four bits are the level too.
    """
    lost = _lost(api)
    words = []
    for space, methods in by_namespace(api).items():
        words += [space + "."] * bool(space)
        words += [_short(method, lost) + chr(ord("0") + _level(method)) for method in methods]
    return " ".join(words), lost


def _lost(api: Api) -> str:
    lasts = [method.name.rpartition(".")[2] for method in api.methods]
    return "" if any(last[0].isupper() for last in lasts) else "get"


def _short(method: Method, lost: str) -> str:
    return re.sub(f"^{lost}(?=[A-Z])", "", method.name.rpartition(".")[2])


def _level(method: Method) -> int:
    kind = method.security
    return kind.requiredperms * 4 + kind.needslogin * 2 + kind.needssigning


def limits(api: Api) -> dict[str, int]:
    """How many results a query of a method can reach, for the methods where Flickr sets a limit."""
    known: dict[str, int] = supplement()["results_limit"]
    return {method.name: known[method.name] for method in api.methods if method.name in known}


def argument_texts(api: Api) -> dict[str, str]:
    """Each argument's most common description: the one that need not be told method by method."""
    counts: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for method in api.methods:
        for argument in method.arguments:
            counts[argument.name][argument.description] += 1
    return {name: counts[name].most_common(1)[0][0] for name in sorted(counts)}


def separators(api: Api) -> str:
    """Four characters that no text of the reflection holds: between rows, fields, items, parts."""
    taken = set("".join(_texts(api)))
    free = (mark for mark in map(chr, (*b"~^|\t", *range(0xE000, 0xF900))) if mark not in taken)
    return "".join(islice(free, 4))


def _texts(api: Api) -> Iterator[str]:
    for method in api.methods:
        yield from (method.description, method.explanation, method.response)
        for argument in method.arguments:
            yield from (argument.name, argument.description)
        for error in method.errors:
            yield from (error.message, error.explanation)


def arguments(api: Api, marks: str) -> str:
    """A row for each argument: its name and its most common description."""
    row, _, _, part = tuple(marks)
    return row.join(name + part + text for name, text in argument_texts(api).items())


def details(api: Api, marks: str) -> str:
    """The rows of the methods, in the order of `names`."""
    return marks[0].join(row for _, row in _detail_rows(api, marks))


def named_details(api: Api, marks: str) -> str:
    """As `details`, each row behind its method's name, for where dictionaries keep no order."""
    return marks[0].join(name + marks[1] + row for name, row in _detail_rows(api, marks))


def _detail_rows(api: Api, marks: str) -> Iterator[tuple[str, str]]:
    shared = argument_texts(api)
    for group in by_namespace(api).values():
        for method in group:
            yield method.name, _details(method, shared, marks)


def _details(method: Method, shared: dict[str, str], marks: str) -> str:
    """Description, arguments, errors, explanation and response. An argument is a name, a `?` behind
    it where it is optional, and a text where it has one of its own; an error is a code, a message
    and a text where there is one."""
    _, field, item, part = tuple(marks)
    arguments = [
        a.name + "?" * a.optional + (part + a.description) * (a.description != shared[a.name])
        for a in method.arguments
    ]
    errors = [part.join(map(str, error_row(error))) for error in method.errors]
    fields = (
        method.description,
        item.join(arguments),
        item.join(errors),
        method.explanation,
        method.response,
    )
    return field.join(fields).rstrip(field)


def error_row(error: ApiError) -> list[Any]:
    row = [error.code, error.message, error.explanation]
    return row if error.explanation else row[:2]


def rules(api: Api) -> dict[str, Any]:
    """Rules of values by argument, and by method where it has its own; for this reflection alone."""
    known = supplement()["values"]
    names = {argument.name for method in api.methods for argument in method.arguments}
    methods = {method.name for method in api.methods}
    return {
        "shared": {name: rule for name, rule in known["shared"].items() if name in names},
        "own": {name: own for name, own in known["own"].items() if name in methods},
    }
