"""Find the pictures and videos in folders."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path

from pyflickr_web.upload.results import FileResult
from pyflickr_web.upload.sources import file_error

# Files in a folder with other suffixes are ignored. Flickr decides about a file that is named itself.
PICTURES = (
    "avif",
    "bmp",
    "gif",
    "heic",
    "heif",
    "jpe",
    "jpeg",
    "jpg",
    "png",
    "tif",
    "tiff",
    "webp",
)
VIDEOS = (
    "3g2", "3gp", "avi", "m2ts", "m4v", "mkv", "mov", "mp4", "mpeg", "mpg", "mts", "ogg", "ogv",
    "webm", "wmv",
)  # fmt: skip
_SUFFIXES = tuple("." + suffix for suffix in PICTURES + VIDEOS)


def find_files(paths: Iterable[str]) -> tuple[list[Path], list[FileResult]]:
    """Return the files at `paths`, and a result for each folder that cannot be read or has no picture.

    Folders are searched with their subfolders, sorted by name, without hidden files and folders, and
    without links to folders. Other paths are returned as they are.
    """
    files: list[Path] = []
    problems: list[FileResult] = []
    for path in map(Path, paths):
        if not path.is_dir():
            files.append(path)
            continue
        found, unreadable = _search(path)
        files += found
        problems += unreadable
        if not found and not unreadable:
            problems.append(_problem(path, "has no pictures or videos"))
    return files, problems


def _search(folder: Path) -> tuple[list[Path], list[FileResult]]:
    found: list[Path] = []
    problems: list[FileResult] = []

    def report(error: OSError) -> None:
        problems.append(
            _problem(Path(error.filename or folder), f"cannot be read: {error.strerror}")
        )

    for parent, folders, names in os.walk(folder, onerror=report):
        # The walk continues in this list.
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        found += (
            Path(parent, name)
            for name in sorted(names)
            if not name.startswith(".") and name.lower().endswith(_SUFFIXES)
        )
    return found, problems


def _problem(path: Path, reason: str) -> FileResult:
    return FileResult(str(path), "failed", error=file_error(str(path), reason))
