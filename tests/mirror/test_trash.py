"""Test that files move to the trash with their checksums, and that none is lost on the way."""

from __future__ import annotations

import errno
import random
import subprocess
from contextlib import closing
from pathlib import Path

import pytest

from pyflickr_web.errors import FileError
from pyflickr_web.mirror.files.file_system import FileSystem
from pyflickr_web.mirror.files.folder import MirrorFolder
from pyflickr_web.mirror.files.sorted_lines import read_lines
from pyflickr_web.mirror.files.sums import hash_file
from pyflickr_web.mirror.files.trash import move_to_trash
from tests.mirror.unreliable_file_systems import PowerLoss, VolatileFileSystem

NAMES = ("ia/photos/1.json", "ia/photos/2.json", "ia/photos/3.json")
DATE = "2026-11-30"


def fill(root: Path, system: FileSystem) -> None:
    """Write a mirror of three photos."""
    with closing(MirrorFolder(root, system)) as folder:
        folder.prepare()
        folder.place([file for name in NAMES if (file := folder.write_json(name, {"id": name}))])
        folder.finish()


def move(root: Path, system: FileSystem, names: tuple[str, ...] = NAMES[:2]) -> None:
    with closing(MirrorFolder(root, system)) as folder:
        folder.prepare()
        move_to_trash(folder, names, DATE)
        folder.finish()


def names_of(root: Path) -> list[str]:
    """Return the names in `SHA256SUMS`, after a check of all sums."""
    run = ["sha256sum", "-c", "--strict", "--status", "SHA256SUMS"]
    assert subprocess.run(run, cwd=root).returncode == 0
    return [name for name, _ in read_lines(root / "SHA256SUMS")]


def test_files_move_with_their_checksums(tmp_path: Path) -> None:
    fill(tmp_path, FileSystem())
    move(tmp_path, FileSystem(), (*NAMES[:2], "images/large/9.jpg"))
    assert names_of(tmp_path) == list(NAMES[2:])
    assert names_of(tmp_path / ".trash" / DATE) == list(NAMES[:2])


def test_nothing_to_move_changes_nothing(tmp_path: Path) -> None:
    fill(tmp_path, FileSystem())
    move(tmp_path, FileSystem(), ("images/large/9.jpg",))
    assert not (tmp_path / ".trash").exists()


def test_second_file_of_a_name_keeps_the_first(tmp_path: Path) -> None:
    for _ in range(3):
        fill(tmp_path, FileSystem())
        move(tmp_path, FileSystem(), NAMES[:1])
    expected = ["ia/photos/1.json", "ia/photos/1~2.json", "ia/photos/1~3.json"]
    assert names_of(tmp_path / ".trash" / DATE) == expected


def test_file_that_changed_in_this_run_has_one_line(tmp_path: Path) -> None:
    """Until the end of a run, the old sum of a file and the new one are both valid."""
    fill(tmp_path, FileSystem())
    with closing(MirrorFolder(tmp_path)) as folder:
        file = folder.write_json(NAMES[0], {"id": "new"})
        assert file
        folder.place([file])
        move_to_trash(folder, NAMES[:1], DATE)
        folder.finish()
    assert names_of(tmp_path / ".trash" / DATE) == [NAMES[0]]
    assert names_of(tmp_path) == list(NAMES[1:])


def test_damaged_file_keeps_the_sums_that_show_it(tmp_path: Path) -> None:
    fill(tmp_path, FileSystem())
    with closing(MirrorFolder(tmp_path)) as folder:
        file = folder.write_json(NAMES[0], {"id": "new"})
        assert file
        folder.place([file])
        (tmp_path / NAMES[0]).write_text("damaged")
        move_to_trash(folder, NAMES[:1], DATE)
    assert len(list(read_lines(tmp_path / ".trash" / DATE / "SHA256SUMS"))) == 2


@pytest.mark.parametrize("tail", [b"", b"0123", b"\0" * 5000], ids=["none", "cut", "zeros"])
def test_line_that_a_crash_cut_is_removed(tmp_path: Path, tail: bytes) -> None:
    fill(tmp_path, FileSystem())
    move(tmp_path, FileSystem(), NAMES[:1])
    with (tmp_path / ".trash" / DATE / "SHA256SUMS").open("ab") as opened:
        opened.write(tail)
    move(tmp_path, FileSystem(), NAMES[1:2])
    assert names_of(tmp_path / ".trash" / DATE) == list(NAMES[:2])


class _FailingFileSystem(FileSystem):
    """A file system that cannot move one file."""

    def replace(self, source: Path, target: Path) -> None:
        if source.name == "2.json":
            raise OSError(errno.EIO, "broken", str(source))
        super().replace(source, target)


def test_file_that_cannot_be_moved_keeps_its_checksum(tmp_path: Path) -> None:
    fill(tmp_path, FileSystem())
    with closing(MirrorFolder(tmp_path, _FailingFileSystem())) as folder:
        with pytest.raises(FileError, match="broken"):
            move_to_trash(folder, NAMES[:2], DATE)
        folder.finish()
    assert names_of(tmp_path) == list(NAMES[1:])


def test_other_names_are_refused(tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("mine")
    with pytest.raises(ValueError, match=r"mine\.txt"):
        move_to_trash(MirrorFolder(tmp_path), ["mine.txt"], DATE)
    assert (tmp_path / "mine.txt").exists()


@pytest.mark.parametrize("seeds", [1, pytest.param(4, marks=pytest.mark.soak)])
def test_power_loss_leaves_each_file_in_one_place_with_its_checksum(
    tmp_path: Path, seeds: int
) -> None:
    for stop in range(60):
        root, system = tmp_path / str(stop), VolatileFileSystem()
        root.mkdir()
        fill(root, system)
        system.fail_after(stop)
        is_complete = False
        try:
            move(root, system)
            is_complete = True
        except PowerLoss:
            """The test continues with each possible state of the disk."""
        for seed in range(seeds):
            survivor = tmp_path / f"{stop}-{seed}"
            system.restart(root, survivor, random.Random(seed))
            MirrorFolder(survivor).prepare()
            names = names_of(survivor)
            assert NAMES[2] in names
            for name in NAMES:
                assert (survivor / name).exists() == (name in names)
                assert name in names or (survivor / ".trash" / DATE / name).exists()
            move(survivor, FileSystem())
            assert names_of(survivor) == list(NAMES[2:])
            trash = survivor / ".trash" / DATE
            sums = dict(read_lines(trash / "SHA256SUMS"))
            assert {name: hash_file(trash / name) for name in NAMES[:2]}.items() <= sums.items()
    assert is_complete, "the last stop is after the end"
