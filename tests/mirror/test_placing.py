"""Test that files get their names in batches, and that the journal never forgets an outdated file."""

from __future__ import annotations

import errno
import os
import random
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from threading import Thread

import pytest

from pyflickr_web.mirror.files.file_system import FileSystem
from pyflickr_web.mirror.files.folder import MirrorFolder, NewFile
from pyflickr_web.mirror.journal import Journal
from pyflickr_web.mirror.session.placing import Placement
from pyflickr_web.transports.errors import FileError
from tests.mirror.mirroring import check_sums
from tests.mirror.pictures import picture
from tests.mirror.unreliable_file_systems import PowerLoss, VolatileFileSystem

NAME = "images/small/53.jpg"
# Seconds; a thread that waits for a lock would never end.
LONGEST = 10
OLD, NEW = picture("jpg", 1), picture("jpg", 250)


def _write_picture(folder: MirrorFolder, name: str, content: bytes) -> NewFile:
    """Write the file of a picture, ready to be placed."""
    _write_part(folder, content, name)
    return folder.finish_picture(name, None, None)


def _write_part(folder: MirrorFolder, content: bytes, name: str = NAME) -> None:
    """Write the incomplete file of a picture."""
    system, part = folder.system, folder.part(name)
    system.remove(part)
    with system.create(part) as opened:
        opened.write(content)
        system.sync(opened)
    system.sync_folder(part.parent)


def test_files_wait_for_a_batch_or_for_time(tmp_path: Path) -> None:
    now = [0.0]
    folder = MirrorFolder(tmp_path)
    folder.prepare()
    placement = Placement(folder, Journal(folder), "2024-01-01", lambda: now[0])
    files = [folder.write_json(f"ia/photos/{number}.json", {}) for number in range(1, 70)]
    for file in files[:63]:
        placement.add([file] if file else [])
    assert not (tmp_path / "ia").exists()
    placement.add([files[63]] if files[63] else [])
    assert len(list((tmp_path / "ia/photos").iterdir())) == 64
    placement.add([files[64]] if files[64] else [])
    now[0] = 2.5
    placement.add([files[65]] if files[65] else [])
    assert len(list((tmp_path / "ia/photos").iterdir())) == 66
    placement.add([files[66]] if files[66] else [])
    placement.flush()
    folder.close()
    assert len(list((tmp_path / "ia/photos").iterdir())) == 67


class _AddingFileSystem(FileSystem):
    """Adds a file in another thread while the first one gets its name."""

    def __init__(self) -> None:
        self.add: Callable[[], None] | None = None
        self.thread: Thread | None = None

    def replace(self, source: Path, target: Path) -> None:
        if self.add:
            self.thread, self.add = Thread(target=self.add, daemon=True), None
            self.thread.start()
            self.thread.join(LONGEST)
        super().replace(source, target)


def test_files_are_added_while_a_batch_is_placed(tmp_path: Path) -> None:
    system = _AddingFileSystem()
    folder = MirrorFolder(tmp_path, system)
    folder.prepare()
    placement = Placement(folder, Journal(folder), "2024-01-01")
    first, second = (folder.write_json(f"ia/photos/{number}.json", {}) for number in (1, 2))
    assert first and second
    placement.add([first])
    is_added: list[bool] = []

    def add() -> None:
        placement.add([second])
        is_added.append(system.thread is not None and not (tmp_path / first.name).exists())

    system.add = add
    placement.flush()
    assert is_added == [True]
    assert not (tmp_path / second.name).exists()
    placement.flush()
    folder.close()
    assert (tmp_path / second.name).exists()


def test_files_that_could_not_be_placed_are_tried_again(tmp_path: Path) -> None:
    folder = MirrorFolder(tmp_path)
    folder.prepare()
    placement = Placement(folder, Journal(folder), "2024-01-01")
    file = folder.write_json("ia/photos/1.json", {})
    assert file
    placement.add([file])
    (tmp_path / "ia").write_text("in the way")
    with pytest.raises(FileError):
        placement.flush()
    (tmp_path / "ia").unlink()
    placement.flush()
    folder.close()
    assert (tmp_path / file.name).exists()


class _FailingFileSystem(FileSystem):
    """Fails once, with an I/O error: at the second picture that is renamed, or at the flush of three."""

    def __init__(self, fails_at: str) -> None:
        self._fails_at = fails_at
        self._renamed = 0

    def replace(self, source: Path, target: Path) -> None:
        self._renamed += source.suffix == ".part"
        self._fail("rename", target)
        super().replace(source, target)

    def sync_folder(self, folder: Path) -> None:
        self._fail("flush", folder)
        super().sync_folder(folder)

    def _fail(self, operation: str, file: Path) -> None:
        if operation == self._fails_at and self._renamed == (2 if operation == "rename" else 3):
            self._fails_at = ""
            raise OSError(errno.EIO, os.strerror(errno.EIO), str(file))


@pytest.mark.parametrize("fails_at", ["rename", "flush"])
def test_replaced_originals_alone_are_in_the_trash_after_an_error(
    tmp_path: Path, fails_at: str
) -> None:
    names = [f"images/original/{number}.jpg" for number in (51, 52, 53)]
    with closing(MirrorFolder(tmp_path)) as folder:
        folder.prepare()
        folder.place([_write_picture(folder, name, OLD) for name in names])
        folder.finish()
    with closing(MirrorFolder(tmp_path, _FailingFileSystem(fails_at))) as folder:
        journal = Journal(folder)
        journal.record([("outdated", name, True) for name in names])
        placement = Placement(folder, journal, "2024-01-01", lambda: 0.0)
        for name in names:
            placement.add([_write_picture(folder, name, NEW)], [], [name])
        with pytest.raises(FileError, match="Input/output error"):
            placement.flush()
        placement.flush()
        folder.finish()
        assert not journal.section("outdated")
    check_sums(tmp_path)
    assert {name: (tmp_path / name).read_bytes() for name in names} == dict.fromkeys(names, NEW)
    trash = tmp_path / ".trash/2024-01-01"
    assert {name: (trash / name).read_bytes() for name in names} == dict.fromkeys(names, OLD)
    assert len([file for file in tmp_path.rglob("*.jpg*") if file.is_file()]) == 6


def test_sums_of_files_that_are_there_are_logged_in_batches(tmp_path: Path) -> None:
    now = [0.0]
    folder = MirrorFolder(tmp_path)
    folder.prepare()
    placement = Placement(folder, Journal(folder), "2024-01-01", lambda: now[0])
    lines = [(f"ia/photos/{number}.json", f"{number:064}") for number in range(1, 70)]
    log = tmp_path / ".mirror/sums.log"
    for number, line in enumerate(lines[:64], 1):
        assert not log.exists()
        placement.add_sums([line])
        assert log.exists() == (number == 64)
    placement.add_sums([lines[64]])
    assert folder.sums.find(dict(lines)).keys() == dict(lines[:64]).keys()
    now[0] = 2.5
    placement.add_sums([lines[65]])
    placement.add_sums([lines[66]])
    assert folder.sums.find(dict(lines)).keys() == dict(lines[:66]).keys()
    placement.flush()
    folder.close()
    assert folder.sums.find(dict(lines)) == {name: {digest} for name, digest in lines[:67]}


def test_sum_of_a_new_file_replaces_the_one_of_the_file_that_was_there(tmp_path: Path) -> None:
    name = "ia/photos/53.json"
    folder = MirrorFolder(tmp_path)
    folder.prepare()
    placement = Placement(folder, Journal(folder), "2024-01-01", lambda: 0.0)
    new = folder.write_json(name, {"id": "53"})
    assert new
    placement.add([new])
    placement.add_sums([(name, "0" * 64)])
    placement.flush()
    folder.finish()
    folder.close()
    assert (tmp_path / "SHA256SUMS").read_text() == f"{new.sha256}  {name}\n"


@pytest.mark.parametrize("operations", range(24))
def test_outdated_file_is_forgotten_only_once_it_is_replaced(
    tmp_path: Path, operations: int
) -> None:
    root, system = tmp_path / "mirror", VolatileFileSystem()
    system.make_folder(root)
    folder = MirrorFolder(root, system)
    folder.prepare()
    _write_part(folder, OLD)
    folder.place([folder.finish_picture(NAME, None, None)])
    journal = Journal(folder)
    journal.record([("outdated", NAME, True)])
    _write_part(folder, NEW)
    new = folder.finish_picture(NAME, None, None)
    placement = Placement(folder, journal, "2024-01-01")
    system.fail_after(operations)
    try:
        placement.add([new])
        placement.flush()
    except PowerLoss:
        folder.close()
        for seed in range(5):
            restarted = tmp_path / f"restarted-{seed}"
            system.restart(root, restarted, random.Random(seed))
            _check(restarted)
    else:
        assert not journal.get("outdated", NAME)
    folder.close()
    _check(root)


def _check(root: Path) -> None:
    is_outdated = Journal(MirrorFolder(root)).get("outdated", NAME)
    content = (root / NAME).read_bytes()
    assert content == NEW or (content == OLD and is_outdated)
