"""Write the files of a mirror so that each is complete at its name, or not there.

A new file is temporary until its data is on the disk and its checksum is logged; then it is renamed, and
its folder is flushed. JSON is temporary in `.mirror/tmp/`, because npm's loader reads any file in `ia/`.
The incomplete file of a picture is beside its target, where a later run continues it.
"""

from __future__ import annotations

import hashlib
import os
import re
import secrets
import shutil
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import Path
from threading import Lock
from typing import Any

from pyflickr_web.mirror.contents.formats import find_damage_in
from pyflickr_web.mirror.counts import format_count
from pyflickr_web.mirror.files.errors import file_errors
from pyflickr_web.mirror.files.file_system import FileSystem
from pyflickr_web.mirror.files.json_files import read_if_present, to_json
from pyflickr_web.mirror.files.sums import Line, Sums
from pyflickr_web.mirror.layout import (
    CHECKSUMS,
    TEMPORARY,
    parse_name,
    part_name,
    part_state_name,
)
from pyflickr_web.transports.errors import MirrorError
from pyflickr_web.transports.files import require_replaceable

# Names of temporary files: new ones, lists of checksums, and those of Python's `tempfile`.
_TEMPORARY_NAME = re.compile(
    rf"[0-9a-f]{{16}}|{CHECKSUMS}|(?:logged|merged|summed)-[0-9]+|tmp[a-z0-9_]{{8}}", re.ASCII
)


class DamagedFile(Exception):
    """A downloaded file is incomplete: the fault, and the SHA-256 of the file's bytes."""

    def __init__(self, fault: str, sha256: str) -> None:
        super().__init__(fault)
        self.sha256 = sha256


@dataclass(frozen=True, slots=True)
class NewFile:
    """A file of `size` bytes with its data on the disk, ready to be renamed to `name` in the mirror."""

    temporary: Path
    name: str
    sha256: str
    size: int


class MirrorFolder:
    """The folder of a mirror, for writing. All methods raise `FileError`.

    Threads may share it. Only one process may write: see `mirror.files.lock`.
    """

    def __init__(self, root: Path, system: FileSystem | None = None) -> None:
        self.root = root
        self.system = system or FileSystem()
        self.sums = Sums(root, self.system)
        # JSON files to write again even if they are equal: their checksums are not.
        self.outdated_documents: Collection[str] = ()
        self._lock = Lock()

    def prepare(self) -> None:
        """Create the folder, remove temporary files of a killed run, and merge its checksums."""
        with file_errors(self.root):
            self.empty_temporary()
            self.sums.merge()

    def empty_temporary(self) -> Path:
        """Return the folder for temporary files, without those of a killed run.

        Raises `OSError`, and `MirrorError` for a link to another folder, whose files are not ours.
        """
        temporary = self.root / TEMPORARY
        if temporary.is_symlink():
            raise MirrorError(f"{str(temporary)!r} is a link: remove it, and run it again")
        self.system.make_folder(temporary)
        ours = [path for path in temporary.iterdir() if _TEMPORARY_NAME.fullmatch(path.name)]
        for path in ours:
            if path.is_dir() and not path.is_symlink():
                # Of a verification.
                shutil.rmtree(path, ignore_errors=True)
            else:
                self.system.remove(path)
        return temporary

    def path(self, name: str) -> Path:
        """Return the path of a mirror's file. Raises `ValueError` for other names."""
        if parse_name(name) is None:
            raise ValueError(f"{name!r} is not the name of a file in a mirror")
        return self.root / name

    def part(self, name: str) -> Path:
        """Return the path of a picture's incomplete file, after creating its folder."""
        file = self.path(name).parent / Path(part_name(name)).name
        with file_errors(file):
            self.system.make_folder(file.parent)
        return file

    def write_json(self, name: str, value: Any) -> NewFile | None:
        """Write a value as JSON, in node-flickrapi's format; return None if the file has it already.

        Those of `outdated_documents` are written in any case.
        """
        content = to_json(value)
        target = self.path(name)
        with file_errors(target):
            if name not in self.outdated_documents and read_if_present(target) == content:
                return None
            temporary = self._choose_temporary()
            with self.system.create(temporary) as opened:
                opened.write(content)
                self.system.sync(opened)
            return NewFile(temporary, name, hashlib.sha256(content).hexdigest(), len(content))

    def finish_picture(
        self, name: str, length: int | None, time: int | None, accept: str | None = None
    ) -> NewFile:
        """Check and flush the incomplete file of a picture, which the caller has written and closed.

        `length` is its length in bytes, if known; `time` its time of modification, in Unix seconds.
        Raises `DamagedFile`, except for the file with the SHA-256 `accept`.
        """
        part = self.part(name)
        with file_errors(part), self.system.reopen(part) as opened:
            size = os.fstat(opened.fileno()).st_size
            digest = hashlib.file_digest(opened, "sha256").hexdigest()
            fault = find_damage_in(opened, name.rpartition(".")[2])
            if length is not None and size != length:
                raise DamagedFile(f"{format_count(size, 'byte')} instead of {length:,}", digest)
            if size == 0 or (fault and digest != accept):
                raise DamagedFile(fault or "the file is empty", digest)
            self.system.sync(opened)
        with file_errors(part):
            if time is not None:
                self.system.set_time(part, time)
        return NewFile(part, name, digest, size)

    def place(self, files: Sequence[NewFile]) -> None:
        """Log the checksums of new files, and give them their names.

        Files placed together are flushed together, which is much faster than one by one.
        """
        if not files:
            return
        targets = {file.name: self.path(file.name) for file in files}
        with self._lock, file_errors(self.root):
            for target in targets.values():
                self.system.make_folder(target.parent)
                require_replaceable(target)
            self.sums.log((file.name, file.sha256) for file in files)
            try:
                for file in files:
                    self.system.replace(file.temporary, targets[file.name])
                for folder in sorted({target.parent for target in targets.values()}):
                    self.system.sync_folder(folder)
            except BaseException:
                self.sums.doubt()
                raise

    def log_sums(self, sums: Sequence[Line]) -> None:
        """Log the checksums of files that are there already."""
        if sums:
            with file_errors(self.root):
                self.sums.log(sums)

    def write_state(self, name: str, content: bytes) -> None:
        """Replace a file of `.mirror/`, atomically; these have no checksums."""
        target = self.root / name
        with file_errors(target):
            self.system.make_folder(self.root / TEMPORARY)
            self.system.make_folder(target.parent)
            temporary = self._choose_temporary()
            with self.system.create(temporary) as opened:
                opened.write(content)
                self.system.sync(opened)
            self.system.replace(temporary, target)
            self.system.sync_folder(target.parent)

    def discard(self, name: str) -> None:
        """Remove the incomplete file of a picture."""
        with file_errors(self.root):
            self.system.remove(self.root / part_state_name(name))
            self.system.remove(self.part(name))

    def finish(self) -> None:
        """Merge the checksums of this run."""
        with file_errors(self.root):
            self.sums.merge()

    def close(self) -> None:
        """Close all files; the next run merges checksums that were not merged."""
        self.sums.close()

    def _choose_temporary(self) -> Path:
        return self.root / TEMPORARY / secrets.token_hex(8)
