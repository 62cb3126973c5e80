"""Measure calls, time and memory of downsync for large accounts: `python -m bench.mirrors.large`.

The first run is a cheap one: all pictures are there already, as links to a few small files, the metadata
is that of listings, and no file is flushed to the disk. The later runs are as usual. More photos than a
sandbox has are listed and planned only, by a client without a network.
"""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from bench import ROOT
from flickr_sandbox import Sandbox
from flickr_sandbox.sizes import sizes
from pyflickr_web.commands.stdio import standard_streams
from pyflickr_web.mirror.files.sorted_lines import format_line
from pyflickr_web.mirror.layout import CHECKSUMS, SIZE_FOLDERS, Tree
from pyflickr_web.mirror.plan import ORIGINAL, VIDEO

RESYNCED, PLANNED = 100_000, 1_000_000
CONTENT = b"a picture"
# The links to a file: file systems allow some ten thousand.
MOST_LINKS = 20_000
LISTING = {"metadata": "listing"}
FIRST = LISTING | {"unflushed": True}
AGAIN: dict[str, dict[str, Any]] = {"again": LISTING, "again, `--full`": LISTING | {"full": True}}


@dataclass(frozen=True, slots=True)
class Figures:
    """The figures of a run of downsync in a process of its own; `memory` is its peak in bytes.

    `is_quiet` is True for a run that found nothing new.
    """

    photos: int
    calls: int
    seconds: float
    memory: int
    is_quiet: bool


def main(resynced: int = RESYNCED, planned: int = PLANNED) -> None:
    """Print the table."""
    print(
        "\n| downsync | photos | calls | seconds | peak memory |\n| --- | --- | --- | --- | --- |"
    )
    # Half of the sandbox's photos are the account's.
    with TemporaryDirectory() as folder, Sandbox(photos=2 * resynced) as sandbox:
        mirror = Path(folder) / "mirror"
        _link_pictures(sandbox, mirror)
        _print_row("first run, pictures there", _mirror(sandbox, mirror, FIRST))
        for name, options in AGAIN.items():
            figures = _mirror(sandbox, mirror, options)
            _print_row(name, figures)
            if not figures.is_quiet:
                raise RuntimeError(f"downsync {name}: the mirror was not complete")
    with TemporaryDirectory() as folder:
        figures = _run(("bench.mirrors.list_account", folder, str(planned)), {})
        _print_row("listed and planned (dry run)", figures)


def _mirror(sandbox: Sandbox, mirror: Path, options: dict[str, Any]) -> Figures:
    program = ("bench.mirrors.run_downsync", str(mirror), json.dumps(options))
    return _run(program, sandbox.environ)


def _print_row(name: str, figures: Figures) -> None:
    memory = f"{figures.memory / 2**20:,.0f} MB"
    row = (name, f"{figures.photos:,}", f"{figures.calls:,}", f"{figures.seconds:.1f}", memory)
    print(f"| {' | '.join(row)} |", flush=True)


def _run(program: tuple[str, ...], variables: dict[str, str]) -> Figures:
    """Run a program that prints figures, in a process of its own."""
    others = {name: value for name, value in os.environ.items() if not name.startswith("FLICKR_")}
    done = subprocess.run(
        [sys.executable, "-m", *program],
        cwd=ROOT,
        env=others | variables,
        check=True,
        stdout=subprocess.PIPE,
        encoding="utf-8",
    )
    return Figures(**json.loads(done.stdout))


def _link_pictures(sandbox: Sandbox, mirror: Path) -> None:
    """Make all files of the account's photos as links to a few small files, with their checksums."""
    tree = Tree()
    for size in SIZE_FOLDERS:
        (mirror / tree.folder(size)).mkdir(parents=True)
    rows = sandbox.store.all("SELECT * FROM photos WHERE owner = :me", me=sandbox.account.user_id)
    names: list[str] = []
    for number, photo in enumerate(rows):
        # At most eight links for each photo.
        source = mirror.parent / f"picture-{number * len(SIZE_FOLDERS) // MOST_LINKS}"
        if not source.exists():
            source.write_bytes(CONTENT)
        for name in _list_pictures(tree, photo):
            os.link(source, mirror / name)
            names.append(name)
    # Files without a checksum would be checked, and fetched again.
    digest = hashlib.sha256(CONTENT).hexdigest()
    with (mirror / CHECKSUMS).open("wb") as opened:
        opened.writelines(format_line(name, digest) for name in sorted(names))


def _list_pictures(tree: Tree, photo: Any) -> list[str]:
    """Return the names of a photo's files."""
    photo_id = str(photo["id"])
    extension = "mp4" if photo["media"] == VIDEO else photo["originalformat"]
    suffixes = {size.kind.suffix for size in sizes(photo)} & SIZE_FOLDERS.keys()
    names = [tree.picture(photo_id, suffix, "jpg") for suffix in sorted(suffixes - {ORIGINAL})]
    return [*names, tree.picture(photo_id, ORIGINAL, extension)]


if __name__ == "__main__":
    with standard_streams():
        main(*map(int, sys.argv[1:]))
