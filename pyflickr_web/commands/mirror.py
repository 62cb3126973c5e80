"""`pyflickr-web mirror`: list, show and find the photos of a mirror, without a network."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from typing import Any

import click

from pyflickr_web.commands.context import report_errors, show_warnings
from pyflickr_web.commands.mirror_display import (
    describe_album,
    describe_collection,
    describe_photo,
)
from pyflickr_web.commands.mirror_printer import Printer, read_items
from pyflickr_web.commands.stdio import print_json
from pyflickr_web.mirror.counts import format_count
from pyflickr_web.mirror.files.errors import missing_mirror
from pyflickr_web.mirror.layout import INDEX, Kind
from pyflickr_web.mirror.load import load_locally
from pyflickr_web.mirror.location import read_location
from pyflickr_web.transports.errors import MirrorError, NotFoundError, OptionError
from pyflickr_web.transports.text import printable

Item = dict[str, Any]
_KINDS: tuple[Kind, ...] = ("photo", "photoset", "collection")


@click.group()
def mirror() -> None:
    """List, show and find the photos of a mirror.

    In a terminal they are tables. On a pipe they are paths, one in a line: of each photo the largest
    picture in the mirror. Arguments are words and ids here: give the folder with --dir.

    \b
    pyflickr-web mirror ls --dir photos/
    pyflickr-web mirror show 53000000060
    pyflickr-web mirror find red panda --tag zoo --taken 2019
    pyflickr-web mirror find --album Alps --size large | xargs cp -t frame/
    """


def _common_options(command: Callable[..., None]) -> Callable[..., None]:
    """Add the options of all subcommands."""
    options = [
        click.option(
            "--dir",
            "folder",
            default="data",
            metavar="DIR",
            type=click.Path(),
            help="The folder of the mirror.  [default: data]",
        ),
        click.option("--refresh", is_flag=True, help="Read all files again, edited ones too."),
        click.option("--json", "as_json", is_flag=True, help="Print items as JSON."),
        click.option("--size", metavar="NAME", help="Paths of this size: original, large, …"),
        click.option("-0", "--null", is_flag=True, help="End paths with NUL, for xargs -0."),
    ]
    for option in reversed(options):
        command = option(command)
    return command


_public_option = click.option("--public", is_flag=True, help="Leave private photos and albums out.")
_limit_option = click.option(
    "-n", "--limit", type=click.IntRange(1), metavar="N", help="At most N items."
)


@mirror.command("ls")
@click.option("--albums", is_flag=True, help="List albums.")
@click.option("--collections", is_flag=True, help="List collections.")
@_public_option
@_limit_option
@_common_options
@click.argument("folder_word", required=False, metavar="")
@report_errors
def list_items(
    albums: bool, collections: bool, limit: int | None, folder_word: str | None, **options: Any
) -> None:
    """List all photos, the newest first; or all albums or collections."""
    if folder_word is not None:
        raise OptionError(f"unexpected {folder_word!r}: give the folder with --dir {folder_word}")
    if albums and collections:
        raise OptionError("use one of --albums and --collections")
    if options["size"] and (albums or collections):
        other = "--albums" if albums else "--collections"
        raise OptionError(f"--size is a size of photos: leave it out with {other}")
    with _open(options) as printer:
        if albums:
            found = islice(_read_all(printer.data.photosets), limit)
            printer.print_documents("photoset", found)
        elif collections:
            found = islice(_read_all(printer.data.collections), limit)
            printer.print_documents("collection", found)
        else:
            printer.print_photos(islice(printer.data.photo_keys, limit))


@mirror.command("show")
@click.argument("item_id", metavar="ID")
@_common_options
@report_errors
def show_item(item_id: str, **options: Any) -> None:
    """Show a photo, an album or a collection.

    On a pipe, a photo has the paths of all its pictures, and an album those of its photos.
    """
    with _open(options) as printer:
        data = printer.data
        items = (data.photos, data.photosets, data.collections)
        for kind, mapping in zip(_KINDS, items, strict=True):
            try:
                item: Any = mapping[item_id]
            except KeyError:
                continue
            return _show(printer, kind, item_id, item)
        raise NotFoundError(
            f"no photo, album or collection {item_id!r} in {str(data.location)!r}: see "
            f"`pyflickr-web mirror ls --dir {data.location}`"
        )


def _show(printer: Printer, kind: Kind, item_id: str, item: Item) -> None:
    data = printer.data
    if printer.size and kind == "collection":
        raise OptionError(
            f"--size is a size of photos, and {item_id!r} is a collection: leave it out"
        )
    if printer.as_json:
        return print_json(item, indent=2)
    if kind == "photo" and printer.as_rows:
        _print_lines(describe_photo(item, data.photosets))
    elif kind == "photo":
        printer.print_pictures(item)
    elif kind == "photoset":
        _print_lines(describe_album(item) if printer.as_rows else [])
        printer.print_photos(_read_ids(item))
    elif printer.as_rows:
        _print_lines(describe_collection(item))
    else:
        printer.print_documents(kind, [(item_id, item)])
    return None


@mirror.command("find")
@click.argument("text", nargs=-1, metavar="[WORD…]")
@click.option("--tag", "tags", multiple=True, metavar="TAG", help="Photos with this tag.")
@click.option("--album", default="", metavar="NAME", help="Photos of this album, by id or title.")
@click.option("--taken", default="", metavar="DATE", help="2019, 2019-05, 2019-05..2019-07, 2019..")
@click.option("--posted", default="", metavar="DATE", help="The date of upload, like --taken.")
@_public_option
@_limit_option
@_common_options
@report_errors
def find_photos(text: tuple[str, ...], limit: int | None, **options: Any) -> None:
    """Find photos that meet all conditions; words are of the title, the description and the tags.

    The photos of an album have its order, others the newest first. With --taken, a table has the dates
    on which they were taken, otherwise those of their upload.
    """
    conditions = {name: options.pop(name) for name in ("tags", "album", "taken", "posted")}
    with _open(options) as printer:
        found = printer.data.find(" ".join(text), **conditions)[:limit]
        printer.print_photos(found, shows_taken=bool(conditions["taken"]))
        if printer.as_rows and not found:
            click.echo("No photos found", err=True)


@contextmanager
def _open(options: dict[str, Any]) -> Iterator[Printer]:
    """Open the mirror, and warn of its damaged files at the end."""
    folder = read_location(options["folder"], "mirror")
    if not folder.is_dir():
        raise MirrorError(f"{missing_mirror(folder)}, or name its folder with --dir")
    if sys.stderr.isatty() and (folder / "ia").is_dir() and not (folder / INDEX).exists():
        click.echo("The first load reads all files: a minute for 100,000 photos.", err=True)
    with (
        show_warnings(),
        load_locally(folder, not options.get("public"), refresh=options["refresh"]) as data,
    ):
        yield Printer(data, options)
        _warn_of(folder, data.damaged_files)


def _warn_of(folder: Path, damaged: Mapping[str, str]) -> None:
    """Print the number of damaged files, and the first of them."""
    for name, problem in list(damaged.items())[:1]:
        count = format_count(len(damaged), "damaged file") + (", first" if len(damaged) > 1 else "")
        advice = f"run `pyflickr-web downsync {folder}` to fetch it again"
        click.echo(printable(f"Warning: {count}: {name} ({problem}): {advice}"), err=True)


def _read_all(items: Mapping[str, Any]) -> Iterator[tuple[str, Item]]:
    return read_items(items, items)


def _read_ids(album: Item) -> list[str]:
    """Return the ids of an album's photos."""
    photos = album.get("photos")
    return [one for one in photos if isinstance(one, str)] if isinstance(photos, list) else []


def _print_lines(lines: Iterable[str]) -> None:
    for line in lines:
        click.echo(printable(line))
