"""Print the items of a mirror: as rows for a terminal, as paths for a pipe, or as JSON."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import click

from pyflickr_web.commands.mirror_display import (
    format_album_row,
    format_collection_row,
    format_photo_row,
)
from pyflickr_web.commands.stdio import print_json
from pyflickr_web.mirror.layout import Kind, Tree
from pyflickr_web.mirror.load import LocalData
from pyflickr_web.mirror.settings import SIZE_NAMES
from pyflickr_web.transports.errors import OptionError

Item = dict[str, Any]
_FORMATS: dict[Kind, Callable[[Item], str]] = {
    "photoset": format_album_row,
    "collection": format_collection_row,
}


class Printer:
    """Prints items of a mirror: as rows, as paths or as JSON.

    Raises `OptionError` for an invalid size, and for options of paths with `--json`.
    """

    def __init__(self, data: LocalData, options: dict[str, Any]) -> None:
        for name, option in (("size", "--size"), ("null", "--null")):
            if options["as_json"] and options[name]:
                raise OptionError(f"--json prints no paths: leave out {option}")
        self.data = data
        self.as_json: bool = options["as_json"]
        self.as_rows = sys.stdout.isatty() and not (options["null"] or options["size"])
        self.size = _read_size(options["size"])
        self._end = "\0" if options["null"] else "\n"

    def print_photos(self, ids: Iterable[str], shows_taken: bool = False) -> None:
        """Print photos; those without a picture have no path. Rows have the date of upload, or taken."""
        for _, photo in read_items(self.data.photos, ids):
            if self.as_json:
                print_json(photo)
            elif self.as_rows:
                click.echo(format_photo_row(photo, shows_taken))
            elif path := _choose_picture(photo, self.size):
                self._print_path(path)

    def print_pictures(self, photo: Item) -> None:
        """Print the paths of all pictures of a photo, or that of the chosen size."""
        files = photo["files"]
        for size in [self.size] if self.size else files:
            if size in files:
                self._print_path(files[size])

    def print_documents(self, kind: Kind, items: Iterable[tuple[str, Item]]) -> None:
        """Print albums or collections by their ids; their paths are those of their JSON files."""
        for item_id, item in items:
            if self.as_json:
                print_json(item)
            elif self.as_rows:
                # A file that was edited may lack its id.
                click.echo(_FORMATS[kind]({**item, "id": item_id}))
            else:
                self._print_path(self.data.location / Tree().document(kind, item_id))

    def _print_path(self, path: str | Path) -> None:
        click.echo(f"{path}{self._end}", nl=False)


def read_items(items: Mapping[str, Any], ids: Iterable[str]) -> Iterator[tuple[str, Item]]:
    """Yield ids with their items, except for those that the mirror lacks."""
    for item_id in ids:
        try:
            yield item_id, items[item_id]
        except KeyError:
            continue


def _choose_picture(photo: Item, size: str | None) -> str | None:
    """Return the path of the picture of a size, or of the largest one; None if it is missing."""
    files: dict[str, str] = photo["files"]
    return files.get(size) if size else next(iter(files.values()), None)


def _read_size(name: str | None) -> str | None:
    if name is not None and name not in SIZE_NAMES:
        names = ", ".join(name for name in SIZE_NAMES if len(name) > 1 and "/" not in name)
        raise OptionError(f"invalid size {name!r}: use one of {names}")
    return SIZE_NAMES[name] if name else None
