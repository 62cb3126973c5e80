"""A list of JSON values on the disk, for lists that do not fit into memory: written, and then read."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from tempfile import SpooledTemporaryFile
from threading import Lock
from typing import Any

from pyflickr_web.mirror.files.errors import file_errors

# Bytes up to which a list stays in memory.
IN_MEMORY = 4 * 1024 * 1024


class Spool:
    """A list of JSON values; beyond `IN_MEMORY` bytes in a temporary file in `folder`.

    Close it to remove the file. Threads may add values. Methods raise `FileError`.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._file = SpooledTemporaryFile(IN_MEMORY, dir=str(folder))  # noqa: SIM115
        self._count = 0
        self._lock = Lock()

    def __len__(self) -> int:
        return self._count

    def add(self, value: Any) -> None:
        """Add a value at the end."""
        with self._lock, file_errors(self._folder):
            self._file.write(json.dumps(value).encode() + b"\n")
            self._count += 1

    def __iter__(self) -> Iterator[Any]:
        """Yield the values; do not add any meanwhile."""
        with file_errors(self._folder):
            self._file.seek(0)
            for line in self._file:
                yield json.loads(line)

    def close(self) -> None:
        """Remove the temporary file."""
        self._file.close()


class Spools:
    """The lists of a run, in temporary files in `folder`; close them together."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._spools: list[Spool] = []

    def make(self) -> Spool:
        """Return a new list."""
        self._spools.append(Spool(self._folder))
        return self._spools[-1]

    def close(self) -> None:
        """Remove the temporary files."""
        for spool in self._spools:
            spool.close()
