"""The cache of Flickr's reflection: a method table with methods newer than this release."""

from __future__ import annotations

import json
from collections.abc import Mapping
from copy import copy
from pathlib import Path
from typing import Any

from pyflickr_web._generated.table import TABLE
from pyflickr_web.core import levels
from pyflickr_web.core.details import Details, MethodDetails, load_details
from pyflickr_web.core.table import Table
from pyflickr_web.transports.files import read_regular

# The levels of methods: two flags, and the index of the permissions.
LEVELS = range(levels.PERMS_STEP * len(levels.PERMS))


def cache_file(base_url: str | None) -> Path:
    """Return the cache file for the reflection of Flickr, or of the server at `base_url`."""
    # Imported here: `from pyflickr_web import Flickr` needs neither.
    from hashlib import sha256

    from platformdirs import user_cache_path

    place = sha256((base_url or "").encode()).hexdigest()[:16]
    return user_cache_path("pyflickr-web", appauthor=False) / f"reflection-{place}.json"


def load_table(base_url: str | None) -> Table:
    """Return this release's table, updated from the cache if this release wrote it.

    The cache of another release may be older than this one's table.
    """
    try:
        kept = json.loads(read_regular(cache_file(base_url)))
        if kept["release"] != release_hash():
            return TABLE
        return RefreshedTable({row["name"]: row for row in map(check_row, kept["methods"])})
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
        # A copy, because the release keeps its own.
        found = copy(self._release.method(name))
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


def release_hash() -> str:
    """Return the hash of this release's reflection."""
    from hashlib import sha256

    return sha256(TABLE.names.encode()).hexdigest()


def check_row(row: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return a method's row. Raises `TypeError` if a field has a wrong type: it would break clients."""
    mappings = [row[name] for name in ("required", "optional", "errors")]
    texts = [row["name"], row["description"]]
    texts += [text for mapping in mappings for item in mapping.items() for text in item]
    if not all(isinstance(text, str) for text in texts) or row["level"] not in LEVELS:
        raise TypeError("a method's row must have texts and a level")
    return row
