"""Run downsync, and print its figures as JSON: `python -m bench.mirrors.run_downsync FOLDER OPTIONS`.

OPTIONS are those of `Flickr.downsync` as JSON. With `unflushed`, no file is flushed to the disk.
"""

from __future__ import annotations

import json
import os
import sys
import time
from pathlib import Path
from typing import Any, BinaryIO

from bench.processes import most_memory
from pyflickr_web import Flickr
from pyflickr_web.commands.stdio import standard_streams
from pyflickr_web.mirror import sync
from pyflickr_web.mirror.files.file_system import FileSystem
from pyflickr_web.mirror.report import Report


class UnflushedFileSystem(FileSystem):
    """A file system for a mirror that may be lost."""

    def sync(self, opened: BinaryIO) -> None:
        """Pass a file's data to the system, without waiting for the disk."""
        opened.flush()

    def sync_folder(self, folder: Path) -> None:
        """Do nothing."""


def print_figures(report: Report, start: float) -> None:
    """Print the figures of a run that began at `start`, and the peak memory of this process."""
    figures = {
        "photos": report.photos_at_flickr or report.planned,
        "calls": report.calls,
        "seconds": time.perf_counter() - start,
        "memory": most_memory(os.getpid()),
        "is_quiet": not (report.new_photos or report.updated_photos or report.fetched_files),
    }
    print(json.dumps(figures))


def main(folder: str, given: str) -> None:
    options: dict[str, Any] = json.loads(given)
    if options.pop("unflushed", False):
        sync.FileSystem = UnflushedFileSystem  # type: ignore[attr-defined]
    start = time.perf_counter()
    with Flickr() as flickr:
        report = flickr.downsync(folder, **options)
    print_figures(report, start)


if __name__ == "__main__":
    with standard_streams():
        main(*sys.argv[1:])
