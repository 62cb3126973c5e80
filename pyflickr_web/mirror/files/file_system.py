"""The operations on a disk that a mirror's safety depends on, behind an interface for tests.

A file whose data is on the disk (`sync`) gets its final name (`replace`), and then its folder is flushed
(`sync_folder`), so that after a power failure a name always has complete data.
"""

from __future__ import annotations

import errno
import os
from io import BufferedRandom
from pathlib import Path
from typing import BinaryIO

# Errors of file systems, often of networks, that cannot flush: the data is as safe as they allow.
_UNSUPPORTED = (errno.EINVAL, errno.ENOTSUP, errno.ENOSYS, errno.ENOTTY)


class FileSystem:
    """The file system of this machine. All methods raise `OSError`."""

    def create(self, file: Path) -> BinaryIO:
        """Open a new file for writing. Raises `FileExistsError` if it exists."""
        return file.open("xb")

    def append(self, file: Path) -> BinaryIO:
        """Open a file for appending; create it if it is missing."""
        return file.open("ab")

    def reopen(self, file: Path) -> BufferedRandom:
        """Open a file that exists, for reading and flushing."""
        return file.open("r+b")

    def sync(self, opened: BinaryIO) -> None:
        """Flush a file's data to the disk."""
        opened.flush()
        try:
            _flush(opened.fileno())
        except OSError as error:
            if error.errno not in _UNSUPPORTED:
                raise

    def replace(self, source: Path, target: Path) -> None:
        """Rename a file; a file at `target` is replaced in one step."""
        source.replace(target)

    def remove(self, file: Path) -> None:
        """Remove a file, if it exists."""
        file.unlink(missing_ok=True)

    def make_folder(self, folder: Path) -> None:
        """Create a folder and its missing parents, and flush the folders that have them."""
        if folder.is_dir():
            return
        self.make_folder(folder.parent)
        folder.mkdir(exist_ok=True)
        self.sync_folder(folder.parent)

    def sync_folder(self, folder: Path) -> None:
        """Flush a folder's names to the disk, on systems that can."""
        if os.name != "posix":
            # Windows opens no folders; NTFS keeps a journal of names.
            return
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        except OSError as error:
            if error.errno not in _UNSUPPORTED:
                raise
        finally:
            os.close(handle)

    def set_time(self, file: Path, seconds: int) -> None:
        """Set a file's time of modification, in Unix seconds; ignored if the file system refuses it."""
        try:
            os.utime(file, (seconds, seconds))
        except (OSError, OverflowError):
            # FAT has no times before 1980; a file with another time is whole too.
            return


def _flush(handle: int) -> None:
    try:
        from fcntl import F_FULLFSYNC, fcntl  # type: ignore[attr-defined, unused-ignore]
    except ImportError:
        os.fsync(handle)
        return
    # On macOS, fsync leaves the data in the cache of the drive.
    try:
        fcntl(handle, F_FULLFSYNC)
    except OSError:
        os.fsync(handle)
