"""File systems that lose power, or fill up, in the middle of a test."""

from __future__ import annotations

import errno
import io
import os
import random
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

from pyflickr_web.mirror.files.file_system import FileSystem


class PowerLoss(BaseException):
    """The machine stops here."""


@dataclass(eq=False)
class Node:
    """A file or folder: its data that is certainly on the disk, and its last data under a lost name."""

    is_folder: bool = False
    synced: bytes | None = None
    last: bytes = b""


class VolatileFileSystem(FileSystem):
    """A file system whose power fails: data and names that were not flushed may survive, or not, in any
    combination.
    """

    def __init__(self) -> None:
        self.operations = 0
        self._stop: int | None = None
        self._names: dict[Path, Node] = {}
        self._synced_names: dict[Path, Node] = {}

    def fail_after(self, operations: int) -> None:
        """Let the power fail after more operations."""
        self._stop = self.operations + operations

    def create(self, file: Path) -> BinaryIO:
        self._step()
        opened = super().create(file)
        self._names[file] = Node()
        return opened

    def append(self, file: Path) -> BinaryIO:
        self._step()
        opened = super().append(file)
        self._names.setdefault(file, Node())
        return opened

    def sync(self, opened: BinaryIO) -> None:
        self._step()
        super().sync(opened)
        file = Path(opened.name)
        self._names[file].synced = file.read_bytes()

    def replace(self, source: Path, target: Path) -> None:
        self._step()
        if target in self._names:
            self._names[target].last = target.read_bytes()
        super().replace(source, target)
        self._names[target] = self._names.pop(source)

    def remove(self, file: Path) -> None:
        self._step()
        if file in self._names:
            self._names.pop(file).last = file.read_bytes() if file.exists() else b""
        super().remove(file)

    def make_folder(self, folder: Path) -> None:
        if not folder.is_dir():
            self._step()
            self._names[folder] = Node(is_folder=True)
        super().make_folder(folder)

    def sync_folder(self, folder: Path) -> None:
        self._step()
        super().sync_folder(folder)
        for file in {*self._names, *self._synced_names}:
            if file.parent == folder:
                self._set_synced_name(file, self._names.get(file))

    def _set_synced_name(self, file: Path, node: Node | None) -> None:
        if node is None:
            self._synced_names.pop(file, None)
        else:
            self._synced_names[file] = node

    def restart(self, root: Path, target: Path, chance: random.Random) -> None:
        """Write a possible state of the folder `root` after the power loss to `target`."""
        target.mkdir()
        nodes = {
            file: chance.choice([self._names.get(file), self._synced_names.get(file)])
            for file in {*self._names, *self._synced_names}
        }
        surviving = set(nodes.values())
        for file, renamed in self._names.items():
            # Renaming is atomic: a file that lost its old name has the new one.
            if renamed not in surviving and renamed in self._synced_names.values():
                nodes[file] = renamed
        for file, node in sorted(nodes.items(), key=lambda item: item[0]):
            copy = target / file.relative_to(root)
            if node is None or not copy.parent.is_dir():
                continue
            if node.is_folder:
                copy.mkdir(exist_ok=True)
            else:
                copy.write_bytes(self._surviving_data(node, chance))

    def _surviving_data(self, node: Node, chance: random.Random) -> bytes:
        current = next((file for file, one in self._names.items() if one is node), None)
        last = current.read_bytes() if current else node.last
        if last == node.synced:
            return last
        synced = node.synced or b""
        kept = synced if last.startswith(synced) else b""
        added = len(last) - len(kept)
        cut = last[: len(kept) + chance.randint(0, added)]
        return chance.choice([synced, cut, kept + bytes(added), last])

    def _step(self) -> None:
        if self.operations == self._stop:
            raise PowerLoss
        self.operations += 1


class FullFileSystem(FileSystem):
    """A file system that is full after `free` bytes."""

    def __init__(self, free: int) -> None:
        self.free = free

    def create(self, file: Path) -> BinaryIO:
        return io.BufferedWriter(LimitedFile(file, "xb", self))

    def append(self, file: Path) -> BinaryIO:
        return io.BufferedWriter(LimitedFile(file, "ab", self))


class LimitedFile(io.FileIO):
    """A file on a `FullFileSystem`: it writes what fits, and then fails."""

    def __init__(self, file: Path, mode: str, system: FullFileSystem) -> None:
        super().__init__(file, mode)
        self._system = system

    def write(self, data: Any) -> int:
        count = min(len(data), self._system.free)
        if not count:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(self.name))
        self._system.free -= count
        return super().write(memoryview(data)[:count])
