"""Read the tables of docs pages whose rows are code and its result."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

_TABLE = re.compile(r"^\| ([^\n]+) \|\n\| --- [^\n]+\n((?:\| [^\n]+ \|\n)+)", re.M)
Row = tuple[str, ...]


def read_tables(page: Path) -> Iterator[tuple[Row, list[Row]]]:
    """Yield the head and the rows of each table of a page, as tuples of cells."""
    for head, rows in _TABLE.findall(page.read_text("utf-8")):
        yield _split(head), [_split(row[2:-2]) for row in rows.splitlines()]


def _split(row: str) -> Row:
    return tuple(cell.strip() for cell in row.split(" | "))
