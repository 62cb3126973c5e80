"""Listings as tables for people."""

from __future__ import annotations

import shutil
import sys
from typing import Any

import click

from pyflickr_web.text import printable

# What a person looks for first; other fields follow as they come.
FIRST = ("id", "nsid", "title", "name", "username", "_content")
GAP = "  "
WIDEST = 40


def print_table(items: list[Any]) -> None:
    """Print the plain fields of items, in as many columns as fit."""
    if not items:
        click.echo("nothing found", err=True)
        return
    rows = [_plain(item) for item in items]
    names = sorted({name: None for row in rows for name in row}, key=_rank)
    columns = [[name, *(row.get(name, "") for row in rows)] for name in names]
    fitting = _fit(columns, shutil.get_terminal_size((160, 24)).columns)
    widths = [max(map(len, column)) for column in fitting]
    for number, line in enumerate(zip(*fitting, strict=True)):
        text = GAP.join(cell.ljust(width) for cell, width in zip(line, widths, strict=True))
        bold = number == 0 and sys.stdout.isatty()
        click.echo(click.style(text.rstrip(), bold=True) if bold else text.rstrip())


def _plain(item: Any) -> dict[str, str]:
    fields = item if isinstance(item, dict) else {"_content": item}
    texts = {printable(name): _text(value) for name, value in fields.items()}
    return {name: text for name, text in texts.items() if text is not None}


def _text(value: Any) -> str | None:
    if isinstance(value, dict):
        value = value.get("_content")
    if value is None or isinstance(value, dict | list):
        return None
    text = printable(" ".join(str(value).split()))
    return text if len(text) <= WIDEST else text[: WIDEST - 1] + "…"


def _rank(name: str) -> int:
    return FIRST.index(name) if name in FIRST else len(FIRST)


def _fit(columns: list[list[str]], width: int) -> list[list[str]]:
    fitting: list[list[str]] = []
    for column in columns:
        width -= max(map(len, column)) + len(GAP)
        if width < 0 and fitting:
            break
        fitting.append(column)
    return fitting
