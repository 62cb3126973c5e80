"""Read, search and sort the lines of checksum files, more of them than fit into memory."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack
from heapq import merge
from itertools import islice, takewhile
from operator import itemgetter
from pathlib import Path
from typing import BinaryIO

from pyflickr_web.mirror.files.file_system import FileSystem

# The sum of a removed file.
REMOVED = "-" * 64
# The number of lines that are sorted in memory at a time.
CHUNK = 200_000
# `sha256sum -c` reads capital digits, too. No system has longer names.
_LINE = re.compile(r"([0-9a-fA-F]{64}|-{64}) [ *]([^\r\n]{1,4096})\r?\n")

# The name of a file, and its sum.
Line = tuple[str, str]
_name = itemgetter(0)


class Unsorted(Exception):
    """The lines of a file are not in the order of their names."""


def read_lines(file: Path) -> Iterator[Line]:
    """Yield the lines of a file; skip invalid ones, and a last one that is cut short.

    A missing file has no lines. Raises `OSError`.
    """
    for line in _read_texts(file):
        if found := parse_line(line):
            yield found


def inspect_lines(file: Path, on_invalid: Callable[[int, str], object]) -> tuple[int, bool]:
    """Return the number of valid lines, and True if they are in the order of their names.

    Lines that `read_lines` skips, except for empty ones, are passed to `on_invalid`, with their numbers.
    Raises `OSError`.
    """
    count, last, is_sorted = 0, "", True
    for number, text in enumerate(_read_texts(file), start=1):
        if line := parse_line(text):
            count += 1
            is_sorted = is_sorted and last <= line[0]
            last = line[0]
        elif stripped := text.rstrip("\r\n"):
            on_invalid(number, stripped)
    return count, is_sorted


def find_lines(file: Path, name: str) -> list[Line]:
    """Return the lines of a name by a binary search; the lines must be in the order of their names.

    A missing file has no lines. Raises `OSError`.
    """
    try:
        opened = file.open("rb")
    except FileNotFoundError:
        return []
    with opened:
        low, high = 0, opened.seek(0, os.SEEK_END)
        while low < high:
            middle = (low + high) // 2
            line = next(_read_lines_from(opened, middle), None)
            if line and line[0] < name:
                low = middle + 1
            else:
                high = middle
        return list(takewhile(lambda line: line[0] == name, _read_lines_from(opened, low)))


def _read_lines_from(opened: BinaryIO, position: int) -> Iterator[Line]:
    """Yield the valid lines that begin after a position in a file; from 0, all lines."""
    opened.seek(position)
    if position:
        # The rest of another line.
        opened.readline()
    for text in opened:
        if line := parse_line(text.decode("utf-8-sig", "replace")):
            yield line


def parse_line(line: str) -> Line | None:
    """Return the name and the sum in a line; None for an invalid line, or a name out of the folder."""
    found = _LINE.fullmatch(line)
    return (found[2], found[1].lower()) if found and _is_inside(found[2]) else None


def _read_texts(file: Path) -> Iterator[str]:
    try:
        # PowerShell and editors of Windows write a mark of the encoding.
        opened = file.open(encoding="utf-8-sig", errors="replace", newline="\n")
    except FileNotFoundError:
        return
    with opened:
        yield from opened


def _is_inside(name: str) -> bool:
    """Return True if a name with slashes is relative, and in its plainest form."""
    # Few names need the second test.
    is_plain = name[0] not in "./" and "/." not in name and "//" not in name and name[-1] != "/"
    return is_plain or not {"", ".", ".."} & set(name.split("/"))


def format_line(name: str, digest: str) -> bytes:
    """Return a line as `sha256sum -c` reads it."""
    return f"{digest}  {name}\n".encode()


def check_order(lines: Iterable[Line]) -> Iterator[Line]:
    """Yield lines. Raises `Unsorted` at the first one that is out of order."""
    last = ""
    for line in lines:
        if line[0] < last:
            raise Unsorted
        last = line[0]
        yield line


def sort_lines(
    lines: Iterable[Line], folder: Path, system: FileSystem, stack: ExitStack, label: str
) -> Iterator[Line]:
    """Sort lines by name; lines of the same name stay in order.

    More than `CHUNK` lines are sorted in temporary files in `folder`, which `stack` removes. Their names
    begin with `label`.
    """
    remaining = iter(lines)
    chunk = sorted(islice(remaining, CHUNK), key=_name)
    chunks: list[Iterator[Line]] = []
    while following := sorted(islice(remaining, CHUNK), key=_name):
        chunks.append(_store(chunk, folder / f"{label}-{len(chunks)}", system, stack))
        chunk = following
    return merge(*chunks, iter(chunk), key=_name)


def _store(chunk: list[Line], file: Path, system: FileSystem, stack: ExitStack) -> Iterator[Line]:
    system.remove(file)
    stack.callback(system.remove, file)
    with system.create(file) as opened:
        opened.writelines(format_line(*line) for line in chunk)
    return read_lines(file)
