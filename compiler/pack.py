"""Turn the model into the tables that the bundles carry: small, and plain to read back."""

from __future__ import annotations

import json
import re
from collections import Counter, defaultdict
from typing import Any

from compiler.model import Api, ApiError, Method, Security
from compiler.problems import CompilerError
from compiler.supplement import supplement

# One mark for each way to secure a method, none of them a part of a name, of "</script>" or "-->".
MARKS = ",;!?+*=@#%^~|&$:"[:15]

_UNSAFE = re.compile("[<\u2028\u2029\ud800-\udfff]")


def literal(value: Any) -> str:
    """`value` as a JavaScript literal that can break out of no script element, string or line."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return _UNSAFE.sub(lambda match: f"\\u{ord(match[0]):04x}", text)


def levels(api: Api) -> tuple[str, list[list[int]]]:
    """Names and security of all methods in one text, and what its marks stand for.

    `photos.geo:getLocation,setLocation;` is a namespace with two methods, each followed by the mark
    whose place in `MARKS` is the place of its security in the second value.
    """
    kinds: list[Security] = []
    parts: list[str] = []
    last = None
    for method in api.methods:
        namespace, _, name = method.name.removeprefix("flickr.").rpartition(".")
        if method.security not in kinds:
            kinds.append(method.security)
        if len(kinds) > len(MARKS):
            raise CompilerError("the reflection knows more ways to secure a method than there are")
        parts.append(f"{namespace}:" if namespace != last else "")
        parts.append(name + MARKS[kinds.index(method.security)])
        last = namespace
    return "".join(parts), [
        [int(kind.needslogin), int(kind.needssigning), kind.requiredperms] for kind in kinds
    ]


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


def details(api: Api) -> list[list[Any]]:
    """For each method: description, arguments (a `?` behind the optional ones), texts of its own
    for arguments, errors, and, where there are any, explanation and response."""
    shared = argument_texts(api)
    return [_details(method, shared) for method in api.methods]


def _details(method: Method, shared: dict[str, str]) -> list[Any]:
    row: list[Any] = [
        method.description,
        " ".join(a.name + "?" * a.optional for a in method.arguments),
        {a.name: a.description for a in method.arguments if a.description != shared[a.name]} or 0,
        [error_row(error) for error in method.errors] or 0,
        method.explanation or 0,
        method.response or 0,
    ]
    while row and not row[-1]:
        row.pop()
    return row


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
