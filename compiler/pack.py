"""Turn the model into the tables that every bundle carries: small, and easy to unpack."""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from compiler.reflect.model import Api, Method
from compiler.reflect.supplement import load_supplement

# A mark's low four bits are the needs of its method: 1 signing, 2 login, 4 to 12 the permission.
MARKS = " !\"#$%&'()*+,->/"
_PAGING = frozenset({"page", "per_page", "continuation"})

Order = Callable[[Iterable[str]], list[str]]


def sort_by_namespace(names: Iterable[str]) -> list[str]:
    """Sort `names` by namespace: the order that people expect, and that of `details`."""
    return sorted(names, key=lambda name: (name.rpartition(".")[0], name))


# The order of methods in the production bundles, one a line. Any order makes a bundle that works; in
# this one gzip finds more repetitions. It was found by trial. Append a new method to the lines of its
# namespace; a method that is missing from the file comes last.
ORDER_FILE = Path(__file__).parent / "reflection" / "order.txt"


def sort_for_gzip(names: Iterable[str]) -> list[str]:
    """Sort `names` as `ORDER_FILE` does, with others behind them, by name."""
    places = _places()
    return sorted(names, key=lambda name: (places.get(name, len(places)), name))


@cache
def _places() -> dict[str, int]:
    return {name: place for place, name in enumerate(ORDER_FILE.read_text("utf-8").split())}


def literal(value: Any) -> str:
    """Return `value` as a JavaScript literal that ends no script element, string or line.

    It is ASCII, which a page reads alike in whatever charset it takes a script to be.
    """
    return json.dumps(value, separators=(",", ":")).replace("<", "\\u003c")


_UNSAFE = re.compile("[<\u2028\u2029\ud800-\udfff]")


def python_literal(value: Any) -> str:
    """Return `value` as a Python literal, the same from every Python."""
    if isinstance(value, str):
        # Not `literal`: what lies beyond U+FFFF is two escapes there, which Python takes for two.
        text = json.dumps(value, ensure_ascii=False)
        return _UNSAFE.sub(lambda match: f"\\u{ord(match[0]):04x}", text)
    if isinstance(value, dict):
        pairs = (f"{python_literal(key)}: {python_literal(value[key])}" for key in value)
        return "{" + ", ".join(pairs) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(python_literal, value)) + "]"
    return repr(value)


def by_namespace(api: Api) -> dict[str, list[Method]]:
    """Return the methods by namespace: the part between `flickr.` and their last name."""
    spaces: defaultdict[str, list[Method]] = defaultdict(list)
    for method in api.methods:
        spaces[method.name.removeprefix("flickr.").rpartition(".")[0]].append(method)
    return dict(sorted(spaces.items()))


def pack_names(api: Api, order: Order = sort_by_namespace) -> tuple[str, str]:
    """Return the methods in one text, and the prefix that names lack if they open with a capital.

    `photos.search 500photos.geo.Location setLocation+` are three methods. Each namespace stands before
    the first of its methods, which come in the order that `order` brings all names into, each followed
    by the mark of what it needs and, if it lists something, by its page size. Names go without `get`,
    unless there is one that opens with a capital.
    """
    words = pack_words(api)
    return join_by_namespace({name: words[name] for name in order(words)}), _shared_prefix(api)


def list_omitted(api: Api) -> list[str]:
    """List the methods that a build leaves out and that still need signing."""
    return [method.name for method in api.omitted]


def pack_words(api: Api) -> dict[str, str]:
    """Return the packed word of each method: the last of its name, its mark and its page size."""
    shared_prefix, sizes = _shared_prefix(api), page_sizes(api)
    return {
        each.name: f"{_short(each, shared_prefix)}{MARKS[_level(each)]}{sizes.get(each.name, '')}"
        for each in api.methods
    }


def join_by_namespace(words: Mapping[str, str]) -> str:
    """Join `words`, by method, into one text: each namespace before its own."""
    spaces = {"": ""}
    for name, word in words.items():
        space = name.removeprefix("flickr.").rpartition(".")[0]
        spaces[space] = spaces.get(space, space + ".") + word
    return "".join(spaces.values())


def pack_names_in_line(api: Api, order: Order = sort_by_namespace) -> tuple[str, str]:
    """Pack as `pack_names` does, in words: each namespace, with a dot, comes before its methods.

    Marks are digits and what follows them, whose low four bits are the level too; a page size stands
    behind a comma.
    """
    shared_prefix, sizes = _shared_prefix(api), page_sizes(api)
    packed = {
        each.name: _short(each, shared_prefix)
        + chr(ord("0") + _level(each))
        + (f",{sizes[each.name]}" if each.name in sizes else "")
        for each in api.methods
    }
    spaces: dict[str, list[str]] = {"": []}
    for name in order(packed):
        space = name.removeprefix("flickr.").rpartition(".")[0]
        spaces.setdefault(space, [space + "."]).append(packed[name])
    return " ".join(word for words in spaces.values() for word in words), shared_prefix


def _shared_prefix(api: Api) -> str:
    lasts = [method.name.rpartition(".")[2] for method in api.methods]
    return "" if any(last[0].isupper() for last in lasts) else "get"


def _short(method: Method, shared_prefix: str) -> str:
    return re.sub(f"^{shared_prefix}(?=[A-Z])", "", method.name.rpartition(".")[2])


def _level(method: Method) -> int:
    kind = method.security
    return kind.requiredperms * 4 + kind.needslogin * 2 + kind.needssigning


def limits(api: Api) -> dict[str, int]:
    """Return the number of results that Flickr limits a method's queries to, by method."""
    limits: dict[str, int] = load_supplement()["results_limit"]
    return {method.name: limits[method.name] for method in api.methods if method.name in limits}


def page_sizes(api: Api) -> dict[str, int]:
    """Return the largest page, in items, of each method that lists something.

    It is 0 if the method takes no page size, or if the largest is unknown.
    """
    unpaged = load_supplement()["unpaged_listings"]
    return {
        method.name: _page_size(method)
        for method in api.methods
        if method.name in unpaged or any(a.name in _PAGING for a in method.arguments)
    }


def _page_size(method: Method) -> int:
    if not any(argument.name == "per_page" for argument in method.arguments):
        return 0
    rules = load_supplement()["values"]
    rule = rules["own"].get(method.name, {}).get("per_page") or rules["shared"]["per_page"]
    return rule["integer"][1] or 0
