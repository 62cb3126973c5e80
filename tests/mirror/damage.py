"""Damage the files and the checksums of a mirror, in every way that a verification must find."""

from __future__ import annotations

import errno
from collections.abc import Callable
from pathlib import Path
from typing import Any

from pyflickr_web.mirror.layout import CHECKSUMS


def flip_bit(file: Path) -> None:
    """Change one bit in the middle of a file."""
    content = bytearray(file.read_bytes())
    content[len(content) // 2] ^= 1
    file.write_bytes(content)


def truncate(file: Path) -> None:
    """Cut a file in half."""
    content = file.read_bytes()
    file.write_bytes(content[: len(content) // 2])


def empty(file: Path) -> None:
    """Leave a file without content."""
    file.write_bytes(b"")


def extend(file: Path) -> None:
    """Add a byte at the end of a file."""
    file.write_bytes(file.read_bytes() + b"\n")


def remove(file: Path) -> None:
    """Remove a file."""
    file.unlink()


def replace_by_page(file: Path) -> None:
    """Put a page of text in place of a file."""
    file.write_bytes(b"<!DOCTYPE html><title>Sign in</title>")


FILE_DAMAGES: dict[str, Callable[[Path], None]] = {
    "bit": flip_bit,
    "truncated": truncate,
    "empty": empty,
    "extended": extend,
    "missing": remove,
    "page": replace_by_page,
}


def edit_lines(folder: Path, edit: Callable[[list[str]], list[str]]) -> None:
    """Edit the lines of `SHA256SUMS`."""
    file = folder / CHECKSUMS
    lines = file.read_text("utf-8").splitlines(keepends=True)
    file.write_text("".join(edit(lines)), "utf-8", newline="\n")


def one_of_each_folder(folder: Path) -> list[str]:
    """Return the names of one file of each folder of a mirror that has a checksum."""
    lines = (folder / CHECKSUMS).read_text("utf-8").splitlines()
    names = [line.split("  ", 1)[1] for line in lines]
    return list({name.rpartition("/")[0]: name for name in names}.values())


class RefusedLock:
    """A lock in a folder that is read-only."""

    def __init__(self, file: Path, **options: Any) -> None:
        self._file = file

    def acquire(self) -> None:
        """Refuse to lock, as a read-only file system does."""
        raise OSError(errno.EROFS, "Read-only file system", str(self._file))
