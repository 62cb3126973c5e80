"""Turn the model into the tables that the bundles carry: small, and plain to read back."""

from __future__ import annotations

import json
import re
from collections import Counter, defaultdict
from typing import Any

from compiler.model import Api, ApiError, Method
from compiler.problems import CompilerError
from compiler.supplement import supplement

# One mark for each way to secure a method, none of them a part of a name, of "</script>" or "-->".
MARKS = ",;!?+*=@#%^~|&$"

_UNSAFE = re.compile("[<\u2028\u2029\ud800-\udfff]")


def literal(value: Any) -> str:
    """`value` as a JavaScript literal that can break out of no script element, string or line."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return _UNSAFE.sub(lambda match: f"\\u{ord(match[0]):04x}", text)


def by_namespace(api: Api) -> dict[str, list[Method]]:
    """The methods by what stands between `flickr.` and their last name."""
    spaces: defaultdict[str, list[Method]] = defaultdict(list)
    for method in api.methods:
        spaces[method.name.removeprefix("flickr.").rpartition(".")[0]].append(method)
    return dict(sorted(spaces.items()))


def levels(api: Api) -> tuple[dict[str, str], dict[str, list[int]]]:
    """Names and security of the methods of each namespace, and what the marks in them stand for.

    `"photos.geo": "getLocation,setLocation;"` is a namespace with two methods, each followed by
    the mark under which the second value holds its security.
    """
    kinds = list(dict.fromkeys(method.security for method in api.methods))
    if len(kinds) > len(MARKS):
        raise CompilerError("the reflection knows more ways to secure a method than there are")
    marks = dict(zip(kinds, MARKS, strict=False))
    texts = {
        space: "".join(m.name.rpartition(".")[2] + marks[m.security] for m in methods)
        for space, methods in by_namespace(api).items()
    }
    security = {
        mark: [int(kind.needslogin), int(kind.needssigning), kind.requiredperms]
        for kind, mark in marks.items()
    }
    return texts, security


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


def details(api: Api) -> dict[str, list[list[Any]]]:
    """For each method, by namespace and in the order of `levels`: description, arguments (a `?`
    behind the optional ones), texts of its own for arguments, errors, and, where there are any,
    explanation and response."""
    shared = argument_texts(api)
    return {
        space: [_details(method, shared) for method in methods]
        for space, methods in by_namespace(api).items()
    }


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
