"""Move files of a mirror to its trash, `.trash/DATE/`, with their checksums."""

from __future__ import annotations

import os
from collections.abc import Sequence
from itertools import count
from pathlib import Path

from pyflickr_web.mirror.files.errors import file_errors
from pyflickr_web.mirror.files.folder import MirrorFolder
from pyflickr_web.mirror.files.sorted_lines import REMOVED, format_line
from pyflickr_web.mirror.files.sums import hash_file
from pyflickr_web.mirror.layout import CHECKSUMS, TRASH

# Bytes of a file that are searched for the end of a line, from its end.
BLOCK = 4096


def move_to_trash(folder: MirrorFolder, names: Sequence[str], date: str) -> None:
    """Move files to `.trash/DATE/`, where they keep their names; skip missing ones.

    Their lines of `SHA256SUMS` move too. If the trash has a file of the same name, the new one gets
    a number. Raises `FileError`, and `ValueError` for names that are not the mirror's own.
    """
    files = {name: folder.path(name) for name in names}
    files = {name: file for name, file in files.items() if file.is_file()}
    if not files:
        return
    trash = folder.root / TRASH / date
    system = folder.system
    with file_errors(trash):
        sums = folder.sums.find(files)
        targets = {name: _choose_target(trash, name) for name in files}
        for target in targets.values():
            system.make_folder(target.parent)
        with system.append(trash / CHECKSUMS) as opened:
            # A line that a crash cut is of files that were not moved.
            opened.truncate(_find_end_of_lines(trash / CHECKSUMS))
            for name, target in targets.items():
                for digest in _choose_sums(files[name], sums.get(name, set())):
                    opened.write(format_line(target.relative_to(trash).as_posix(), digest))
            system.sync(opened)
        system.sync_folder(trash)
        # As with new files: until it is moved, a file's sum is valid.
        folder.sums.log((name, REMOVED) for name in files)
        try:
            for name, file in files.items():
                system.replace(file, targets[name])
            # The new names first, for file systems on which moving is not atomic.
            for parent in dict.fromkeys(
                path.parent for path in (*targets.values(), *files.values())
            ):
                system.sync_folder(parent)
        except BaseException:
            folder.sums.doubt()
            raise


def _choose_sums(file: Path, sums: set[str]) -> list[str]:
    """Return the sum that a file has, of several that are valid; all if it has another."""
    actual = sums & {hash_file(file)} if len(sums) > 1 else sums
    return sorted(actual or sums)


def _find_end_of_lines(file: Path) -> int:
    """Return the length of a file without a last line that is cut short."""
    with file.open("rb") as opened:
        end = opened.seek(0, os.SEEK_END)
        while end:
            start = opened.seek(max(0, end - BLOCK))
            newline = opened.read(end - start).rfind(b"\n")
            if newline >= 0:
                return start + newline + 1
            end = start
    return 0


def _choose_target(trash: Path, name: str) -> Path:
    """Return a free path in the trash."""
    target = trash / name
    numbered = (target.with_stem(f"{target.stem}~{number}") for number in count(2))
    return target if not target.exists() else next(path for path in numbered if not path.exists())
