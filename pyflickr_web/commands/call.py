"""`pyflickr-web call`: call any method and print the answer as JSON or as a table."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

import click

from pyflickr_web.commands.context import open_client, report_errors, show_warnings, user_option
from pyflickr_web.commands.stdio import print_json
from pyflickr_web.core.paging import find_items
from pyflickr_web.core.plan import full_name
from pyflickr_web.options import read_flag
from pyflickr_web.transports.text import printable

if TYPE_CHECKING:
    from pyflickr_web.flickr import Flickr

# The first columns of a table; other fields follow in their own order.
FIRST = ("id", "nsid", "title", "name", "username", "_content")
GAP = "  "
WIDEST = 40


@click.command()
@click.argument("method")
@click.argument("arguments", nargs=-1, metavar="[KEY=VALUE]...")
@user_option
@click.option("--all", "every", is_flag=True, help="Print every item of every page, one per line.")
@click.option("--auth", is_flag=True, help="Sign the call even if it need not be signed.")
@click.option("--json", "form", flag_value="json", help="Print indented JSON, also to a pipe.")
@click.option("--table", "form", flag_value="table", help="Print a listing as a table.")
@report_errors
def call(
    method: str,
    arguments: tuple[str, ...],
    user: str | None,
    every: bool,
    auth: bool,
    form: str | None,
) -> None:
    """Call METHOD, with or without `flickr.`, and print Flickr's answer as JSON.

    \b
    pyflickr-web call photos.search text='red panda' per_page=5 --table
    pyflickr-web call photos.getInfo photo_id=53000000000
    pyflickr-web call people.getPhotos user_id=me --all | jq .title
    """
    if not method:
        raise click.UsageError("METHOD is empty: give a name, such as photos.search")
    name = full_name(method)
    values: dict[str, Any] = _read_arguments(arguments)
    # --user names the caller, so the call is signed.
    if auth or user:
        values["authenticated"] = True
    elif "authenticated" in values:
        values["authenticated"] = _read_authenticated(values["authenticated"])
    with show_warnings(), open_client(user) as flickr:
        table = flickr.table
        if (every or form == "table") and name in table.levels and name not in table.page_sizes:
            raise _no_listing_error(name)
        if every:
            values.setdefault("per_page", table.page_sizes.get(name) or None)
            pages = flickr.walk(name, values, True)
            _print_items((item for page in pages for item in _read_items(flickr, name, page)), form)
        elif form == "table":
            print_table(_read_items(flickr, name, flickr.run(flickr.flow(name, values))))
        else:
            # Not as keywords: an argument may have any name.
            answer = flickr.run(flickr.flow(name, values))
            indent = 2 if sys.stdout.isatty() or form == "json" else None
            print_json(answer, indent)


def _read_arguments(arguments: Iterable[str]) -> dict[str, Any]:
    values: dict[str, Any] = {}
    for name, value in map(_read_pair, arguments):
        if name in values:
            raise click.UsageError(f"{name} is given twice: join the values by commas")
        values[name] = value
    return values


def _read_pair(text: str) -> tuple[str, str]:
    name, sign, value = text.partition("=")
    if not sign or not name:
        raise click.UsageError(f"invalid argument {text!r}: write KEY=VALUE")
    return name, value


def _read_authenticated(text: str) -> bool:
    try:
        return read_flag(text)
    except ValueError as error:
        raise click.UsageError(f"authenticated must be {error}") from None


def _read_items(flickr: Flickr, name: str, answer: dict[str, Any]) -> list[Any]:
    """Return the items of an answer. Raises `ClickException` if it lists nothing."""
    listed, items = find_items(answer)
    parts = (part for part in answer.values() if isinstance(part, dict))
    # Flickr may leave out an empty list.
    empty = name in flickr.table.page_sizes or any("page" in p or "total" in p for p in parts)
    if not listed and not empty:
        raise _no_listing_error(name)
    return items


def _no_listing_error(name: str) -> click.ClickException:
    return click.ClickException(f"{name} lists nothing; call it without --all and --table")


def _print_items(items: Iterable[Any], form: str | None) -> None:
    if form == "table":
        return print_table(list(items))
    for item in items:
        print_json(item)
    return None


def print_table(items: list[Any]) -> None:
    """Print the plain fields of items, in as many columns as fit."""
    if not items:
        click.echo("nothing found", err=True)
        return
    rows = [_plain_fields(item) for item in items]
    names = sorted({name: None for row in rows for name in row}, key=_rank)
    columns = [[name, *(row.get(name, "") for row in rows)] for name in names]
    fitting = _fit(columns, shutil.get_terminal_size((160, 24)).columns)
    widths = [max(map(len, column)) for column in fitting]
    for number, line in enumerate(zip(*fitting, strict=True)):
        text = GAP.join(cell.ljust(width) for cell, width in zip(line, widths, strict=True))
        bold = number == 0 and sys.stdout.isatty()
        click.echo(click.style(text.rstrip(), bold=True) if bold else text.rstrip())


def _plain_fields(item: Any) -> dict[str, str]:
    fields = item if isinstance(item, dict) else {"_content": item}
    texts = {printable(name): _format_cell(value) for name, value in fields.items()}
    return {name: text for name, text in texts.items() if text is not None}


def _format_cell(value: Any) -> str | None:
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
