"""`pyflickr-web methods`: list Flickr's methods, or describe one."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from fnmatch import fnmatchcase
from typing import Any

import click

from pyflickr_web.commands.context import report_errors
from pyflickr_web.commands.stdio import print_json
from pyflickr_web.core.details import load_details
from pyflickr_web.core.levels import PERMS, required_perms
from pyflickr_web.core.nearest import suggest
from pyflickr_web.core.table import Table
from pyflickr_web.flickr import Flickr
from pyflickr_web.options import read_option
from pyflickr_web.reflection_cache import load_table
from pyflickr_web.refresh import refresh
from pyflickr_web.transports.errors import NotFoundError
from pyflickr_web.transports.text import printable


@click.command()
@click.argument("pattern", default="*")
@click.option(
    "--refresh",
    "should_refresh",
    is_flag=True,
    help="Fetch the current methods from Flickr, and store them.",
)
@report_errors
def methods(pattern: str, should_refresh: bool) -> None:
    """List Flickr's methods and their permissions; describe a single match in full.

    \b
    pyflickr-web methods
    pyflickr-web methods 'photos.geo.*'
    pyflickr-web methods photos.search
    pyflickr-web methods --refresh
    """
    if should_refresh:
        _refresh()
    # The list needs no key, only the option `base_url`.
    table = load_table(read_option("base_url"))
    names = sorted(filter(_make_filter(pattern), table.levels))
    if not names:
        hint = suggest(_full_pattern(pattern), list(table.levels)) or ": use e.g. 'photos.*'"
        raise NotFoundError(f"no method matches {pattern}{hint}")
    if len(names) == 1:
        return _print_details(table, names[0])
    if not sys.stdout.isatty():
        for name in names:
            print_json({"name": name, "needs": _describe_needs(table, name)})
        return None
    width = max(map(len, names))
    for name in names:
        click.echo(f"{printable(name).ljust(width)}  {_describe_needs(table, name)}".rstrip())
    return None


def _refresh() -> None:
    @contextmanager
    def bar(count: int) -> Iterator[Callable[[], None]]:
        with click.progressbar(length=count, label="methods", file=sys.stderr) as progress:
            yield lambda: progress.update(1)

    with Flickr(retry_queries=True) as flickr:
        click.echo(f"{refresh(flickr, bar)} methods are stored", err=True)


def _full_pattern(pattern: str) -> str:
    return pattern if pattern.startswith(("flickr.", "*")) else f"flickr.{pattern}"


def _make_filter(pattern: str) -> Any:
    return lambda name: fnmatchcase(name, _full_pattern(pattern))


def _describe_needs(table: Table, name: str) -> str:
    level = table.levels[name]
    perms = required_perms(level)
    if perms == PERMS[0]:
        return "signature" if level else ""
    return perms


def _print_details(table: Table, name: str) -> None:
    details = load_details(table)
    method = details.method(name) if details else None
    assert method
    if not sys.stdout.isatty():
        fields = ("name", "description", "required", "optional", "errors", "url")
        content = {field: getattr(method, field) for field in fields} | {
            "needs": _describe_needs(table, name)
        }
        print_json(content)
        return
    needs = _describe_needs(table, name)
    click.echo(click.style(printable(name), bold=True) + (f"  needs {needs}" if needs else ""))
    click.echo("\n".join(map(printable, str(method).splitlines())))
    for code in sorted(method.errors):
        click.echo(printable(f"  {code}: {method.errors[code]}"))
