"""`pyflickr-web methods`: what there is to call."""

from __future__ import annotations

import json
import sys
from fnmatch import fnmatchcase
from typing import Any

import click

from pyflickr_web._generated.table import TABLE
from pyflickr_web.commands.client import told_in_one_line
from pyflickr_web.core.details import known
from pyflickr_web.core.nearest import suggest
from pyflickr_web.errors import NotFoundError

PERMS = ("", "read", "write", "delete")
SIGNING = 1


@click.command()
@click.argument("pattern", default="*")
@told_in_one_line
def methods(pattern: str) -> None:
    """List Flickr's methods and what each needs; one alone is told in full.

    \b
    pyflickr-web methods
    pyflickr-web methods 'photos.geo.*'
    pyflickr-web methods photos.search
    """
    names = sorted(filter(_matches(pattern), TABLE.levels))
    if not names:
        near = suggest(_full(pattern), list(TABLE.levels))
        raise NotFoundError(f"no method matches {pattern}{near}")
    if len(names) == 1:
        return _tell(names[0])
    if not sys.stdout.isatty():
        click.echo("\n".join(json.dumps({"name": n, "needs": _needs(n)}) for n in names))
        return None
    width = max(map(len, names))
    for name in names:
        click.echo(f"{name.ljust(width)}  {_needs(name)}".rstrip())
    return None


def _full(pattern: str) -> str:
    return pattern if pattern.startswith(("flickr.", "*")) else f"flickr.{pattern}"


def _matches(pattern: str) -> Any:
    return lambda name: fnmatchcase(name, _full(pattern))


def _needs(name: str) -> str:
    level = TABLE.levels[name]
    return PERMS[level >> 2] or ("signature" if level & SIGNING else "")


def _tell(name: str) -> None:
    details = known(TABLE)
    told = details.method(name) if details else None
    assert told
    if not sys.stdout.isatty():
        fields = ("name", "description", "required", "optional", "errors", "url")
        content = {field: getattr(told, field) for field in fields} | {"needs": _needs(name)}
        click.echo(json.dumps(content, ensure_ascii=False))
        return
    click.echo(click.style(name, bold=True) + (f"  needs {_needs(name)}" if _needs(name) else ""))
    click.echo(str(told))
    for code in sorted(told.errors):
        click.echo(f"  {code}: {told.errors[code]}")
