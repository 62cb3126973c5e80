"""Cache Flickr's current reflection, so that clients have methods newer than this release."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pyflickr_web._generated.table import TABLE
from pyflickr_web.core import levels
from pyflickr_web.core.details import Details, MethodDetails, load_details
from pyflickr_web.core.table import Table
from pyflickr_web.errors import UnavailableError
from pyflickr_web.files import atomic_write, read_regular

if TYPE_CHECKING:
    from pyflickr_web.flickr import Flickr

MAX_THREADS = 4
_METHOD_NAME = re.compile(r"flickr(?:\.[A-Za-z][A-Za-z0-9_]*)+")
# Errors from this code on are shared by all methods.
FIRST_SHARED_CODE = 95
# The levels of methods: two flags, and the index of the permissions.
LEVELS = range(4 * len(levels.PERMS))


def cache_file(base_url: str | None) -> Path:
    """Return the cache file for the reflection of Flickr, or of the server at `base_url`."""
    from platformdirs import user_cache_path

    place = hashlib.sha256((base_url or "").encode()).hexdigest()[:16]
    return user_cache_path("pyflickr-web", appauthor=False) / f"reflection-{place}.json"


def refresh(
    flickr: Flickr,
    show_progress: Callable[[Iterable[Any], int], Iterable[Any]] = lambda rows, _: rows,
) -> int:
    """Request every method (`flickr.reflection.getMethods`, `getMethodInfo`), and cache the answers.

    `show_progress` receives the methods, as they arrive, and their number, and yields them. Returns the
    number of methods, without those whose names clash with attributes of the client. If a request
    fails, the cache stays unchanged.
    """
    # Imported here: all clients read the cache, and few refresh it.
    from concurrent.futures import ThreadPoolExecutor

    names = [
        name
        for name in _read_names(flickr.reflection.getMethods())
        if _is_attribute_name(flickr, name)
    ]
    with ThreadPoolExecutor(MAX_THREADS) as threads:
        infos = threads.map(lambda name: flickr.reflection.getMethodInfo(method_name=name), names)
        answers = zip(names, show_progress(infos, len(names)), strict=True)
        rows = [_read_method(name, info) for name, info in answers]
    with atomic_write(cache_file(flickr.options.get("base_url"))) as file:
        kept = {"release": _release_hash(), "methods": rows}
        file.write(json.dumps(kept, ensure_ascii=False).encode())
    return len(rows)


def load_table(base_url: str | None) -> Table:
    """Return this release's table, updated from the cache if this release wrote it.

    The cache of another release may be older than this one's table.
    """
    try:
        kept = json.loads(read_regular(cache_file(base_url)))
        if kept["release"] != _release_hash():
            return TABLE
        return RefreshedTable({row["name"]: row for row in map(_check_row, kept["methods"])})
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        # The cache is missing or unreadable.
        return TABLE


class RefreshedTable(Table):
    """This release's methods as Flickr describes them now, and newer methods."""

    def __init__(self, rows: Mapping[str, Mapping[str, Any]]) -> None:
        super().__init__("", "", TABLE.limits)
        self.caller_methods = TABLE.caller_methods
        self.levels = TABLE.levels | {name: row["level"] for name, row in rows.items()}
        # A newer method that reads may list something, with an unknown page size.
        newer = [name for name in rows if name not in TABLE.levels]
        reads = [name for name in newer if not levels.may_write(self.levels[name])]
        self.page_sizes = dict.fromkeys(reads, 0) | TABLE.page_sizes
        self.details = RefreshedDetails(rows)


class RefreshedDetails(Details):
    """The texts of this release and, for newer methods, Flickr's."""

    def __init__(self, rows: Mapping[str, Mapping[str, Any]]) -> None:
        release = load_details(TABLE)
        assert release
        self._release = release
        self._rows = rows
        self.errors = release.errors

    def method(self, name: str) -> MethodDetails | None:
        found = self._release.method(name)
        row = self._rows.get(name)
        if row is None:
            return found
        details = found or MethodDetails(name, row["description"])
        texts = details.required | details.optional
        # Flickr marks some optional arguments as required; this release corrects that.
        optional = {a: row["required"][a] for a in row["required"] if a in details.optional}
        details.required = {
            name: texts.get(name, text)
            for name, text in row["required"].items()
            if name not in optional
        }
        details.optional = {
            name: texts.get(name, text) for name, text in (row["optional"] | optional).items()
        }
        details.rules = dict.fromkeys(details.required | details.optional, "") | details.rules
        if not found:
            details.errors = {int(code): text for code, text in row["errors"].items()}
        return details


def _release_hash() -> str:
    """Return the hash of this release's reflection."""
    return hashlib.sha256(TABLE.names.encode()).hexdigest()


def _is_attribute_name(flickr: Flickr, name: str) -> bool:
    """Return True if a method's name is a valid attribute that clashes with none of the client."""
    return bool(_METHOD_NAME.fullmatch(name)) and not hasattr(type(flickr), name.split(".")[1])


def _read_names(answer: Mapping[str, Any]) -> list[str]:
    try:
        return sorted(str(row["_content"]) for row in answer["methods"]["method"])
    except (KeyError, TypeError):
        raise UnavailableError("getMethods: the answer lists no methods") from None


def _read_method(name: str, info: Mapping[str, Any]) -> Mapping[str, Any]:
    """Convert an answer of getMethodInfo to a row. Raises `UnavailableError` if it is invalid."""
    try:
        method = info["method"]
        arguments = [a for a in info["arguments"]["argument"] if a["name"] != "api_key"]
        errors = info.get("errors", {}).get("error", [])
        level = 4 * int(method["requiredperms"])
        level += 2 * int(method["needslogin"]) + int(method["needssigning"])
        if method["name"] != name:
            raise ValueError("another method")
        row = {
            "name": name,
            "level": level,
            "description": method.get("description", {}).get("_content", ""),
            "required": {
                a["name"]: a.get("_content", "") for a in arguments if not _is_optional(a)
            },
            "optional": {a["name"]: a.get("_content", "") for a in arguments if _is_optional(a)},
            "errors": {
                str(int(e["code"])): e["message"]
                for e in errors
                if int(e["code"]) < FIRST_SHARED_CODE
            },
        }
        return _check_row(row)
    except (AttributeError, KeyError, TypeError, ValueError, OverflowError):
        raise UnavailableError("getMethodInfo: the answer describes no method") from None


def _check_row(row: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return a method's row. Raises `TypeError` if a field has a wrong type: it would break clients."""
    mappings = [row[name] for name in ("required", "optional", "errors")]
    texts = [row["name"], row["description"]]
    texts += [text for mapping in mappings for item in mapping.items() for text in item]
    if not all(isinstance(text, str) for text in texts) or row["level"] not in LEVELS:
        raise TypeError("a method's row must have texts and a level")
    return row


def _is_optional(argument: Mapping[str, Any]) -> bool:
    return bool(int(argument["optional"]))
