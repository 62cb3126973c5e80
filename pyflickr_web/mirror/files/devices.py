"""Check that a mirror is on one disk: files cannot be renamed from one disk to another."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from pyflickr_web.mirror.files.errors import file_errors
from pyflickr_web.mirror.files.tree_walk import FOLDERS
from pyflickr_web.mirror.layout import PARTS, STATE, TEMPORARY, TRASH
from pyflickr_web.transports.errors import MirrorError

STATE_FOLDERS = (STATE, TEMPORARY, PARTS)


def require_one_device(
    root: Path, names: Iterable[str] = (*STATE_FOLDERS, TRASH, *FOLDERS)
) -> None:
    """Raise `MirrorError` if a folder of a mirror is on another disk than the mirror's own folder.

    Folders that are missing are skipped. Raises `FileError`.
    """
    device = _find_device(root)
    for name in sorted(names):
        if _find_device(root / name) not in (device, None):
            raise MirrorError(
                f"{str(root / name)!r} is on another disk than {str(root)!r}, and files cannot be "
                "renamed between disks: put the whole mirror on one disk"
            )


def _find_device(folder: Path) -> int | None:
    """Return the device of a folder, its links followed; None if it is missing."""
    with file_errors(folder):
        try:
            return folder.stat().st_dev
        except (FileNotFoundError, NotADirectoryError):
            return None
