"""Pack the methods of a reflection into the tables of every bundle: small, and easy to unpack."""

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

# The low four bits of a mark are the level of a method: 1 signing, 2 login, 4 to 12 the permission.
MARKS = " !\"#$%&'()*+,->/"
_PAGING = frozenset({"page", "per_page", "continuation"})

Order = Callable[[Iterable[str]], list[str]]


def sort_by_namespace(names: Iterable[str]) -> list[str]:
    """Sort `names` by namespace, as people expect it."""
    return sorted(names, key=lambda name: (name.rpartition(".")[0], name))


# The order of methods in the production bundles, one per line. Every order works; with this one, found
# by trial, gzip saves more. Add a new method to the lines of its namespace; a method that is missing in
# the file comes last.
ORDER_FILE = Path(__file__).parent / "reflection" / "order.txt"


def sort_for_gzip(names: Iterable[str]) -> list[str]:
    """Sort `names` in the order of `ORDER_FILE`; names that are missing in it come last, by name."""
    places = _load_order()
    return sorted(names, key=lambda name: (places.get(name, len(places)), name))


@cache
def _load_order() -> dict[str, int]:
    return {name: place for place, name in enumerate(ORDER_FILE.read_text("utf-8").split())}


def to_javascript_literal(value: Any) -> str:
    """Return `value` as a JavaScript literal that cannot end a script element, string or line.

    It is ASCII, so that it is the same in any charset in which a page reads a script.
    """
    return json.dumps(value, separators=(",", ":")).replace("<", "\\u003c")


_UNSAFE = re.compile("[<\u2028\u2029\ud800-\udfff]")


def to_python_literal(value: Any) -> str:
    """Return `value` as a Python literal, the same with every Python version."""
    if isinstance(value, str):
        # Not `to_javascript_literal`: it writes a character above U+FFFF as two escapes, which are two
        # characters in Python.
        text = json.dumps(value, ensure_ascii=False)
        return _UNSAFE.sub(lambda match: f"\\u{ord(match[0]):04x}", text)
    if isinstance(value, dict):
        pairs = (f"{to_python_literal(key)}: {to_python_literal(value[key])}" for key in value)
        return "{" + ", ".join(pairs) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(to_python_literal, value)) + "]"
    return repr(value)


def group_by_namespace(api: Api) -> dict[str, list[Method]]:
    """Group the methods by namespace: the part of a name between `flickr.` and its last dot."""
    spaces: defaultdict[str, list[Method]] = defaultdict(list)
    for method in api.methods:
        spaces[method.name.removeprefix("flickr.").rpartition(".")[0]].append(method)
    return dict(sorted(spaces.items()))


def pack_names_for_javascript(api: Api, order: Order = sort_by_namespace) -> tuple[str, str]:
    """Pack the methods into one text; return it, and the prefix of names with an initial capital.

    `photos.search 500photos.geo.Location setLocation+` are three methods. Each namespace comes before
    the first of its methods; `order` sorts the methods. Each name is followed by the mark of its level
    and, if the method lists something, by its page size. The prefix `get` is omitted before a capital,
    unless one of Flickr's own names has an initial capital.
    """
    entries = _pack_entries(api)
    text = _join_by_namespace({name: entries[name] for name in order(entries)})
    return text, _find_shared_prefix(api)


def list_omitted(api: Api) -> list[str]:
    """List the methods that a build omits and that need signing."""
    return [method.name for method in api.omitted]


def _pack_entries(api: Api) -> dict[str, str]:
    """Pack each method: the last part of its name, its mark and its page size."""
    shared_prefix, sizes = _find_shared_prefix(api), find_page_sizes(api)
    return {
        each.name: _shorten_name(each, shared_prefix)
        + MARKS[_encode_level(each)]
        + str(sizes.get(each.name, ""))
        for each in api.methods
    }


def _join_by_namespace(entries: Mapping[str, str]) -> str:
    """Join the entries of all methods, each namespace before the entries of its methods."""
    spaces = {"": ""}
    for name, entry in entries.items():
        space = name.removeprefix("flickr.").rpartition(".")[0]
        spaces[space] = spaces.get(space, space + ".") + entry
    return "".join(spaces.values())


def pack_names_for_python(api: Api, order: Order = sort_by_namespace) -> tuple[str, str]:
    """Pack as `pack_names_for_javascript` does, but with entries separated by spaces.

    Each namespace, with a dot, is an entry before those of its methods. Marks are the characters from
    `0` on, whose low four bits are the level; a comma comes before a page size.
    """
    shared_prefix, sizes = _find_shared_prefix(api), find_page_sizes(api)
    packed = {
        each.name: _shorten_name(each, shared_prefix)
        + chr(ord("0") + _encode_level(each))
        + (f",{sizes[each.name]}" if each.name in sizes else "")
        for each in api.methods
    }
    spaces: dict[str, list[str]] = {"": []}
    for name in order(packed):
        space = name.removeprefix("flickr.").rpartition(".")[0]
        spaces.setdefault(space, [space + "."]).append(packed[name])
    return " ".join(entry for entries in spaces.values() for entry in entries), shared_prefix


def _find_shared_prefix(api: Api) -> str:
    names = [method.name.rpartition(".")[2] for method in api.methods]
    return "" if any(name[0].isupper() for name in names) else "get"


def _shorten_name(method: Method, shared_prefix: str) -> str:
    return re.sub(f"^{shared_prefix}(?=[A-Z])", "", method.name.rpartition(".")[2])


def _encode_level(method: Method) -> int:
    kind = method.security
    return kind.requiredperms * 4 + kind.needslogin * 2 + kind.needssigning


def find_results_limits(api: Api) -> dict[str, int]:
    """Return the numbers of results that Flickr limits queries to, by method."""
    limits: dict[str, int] = load_supplement()["results_limit"]
    return {method.name: limits[method.name] for method in api.methods if method.name in limits}


def find_page_sizes(api: Api) -> dict[str, int]:
    """Return the number of items in the largest page of each method that lists something.

    It is 0 if the method has no page size, or if the largest is unknown.
    """
    unpaged = load_supplement()["unpaged_listings"]
    return {
        method.name: _find_page_size(method)
        for method in api.methods
        if method.name in unpaged or any(a.name in _PAGING for a in method.arguments)
    }


def _find_page_size(method: Method) -> int:
    if not any(argument.name == "per_page" for argument in method.arguments):
        return 0
    rules = load_supplement()["values"]
    rule = rules["own"].get(method.name, {}).get("per_page") or rules["shared"]["per_page"]
    return rule["integer"][1] or 0
