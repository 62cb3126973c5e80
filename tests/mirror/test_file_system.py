"""Test the file layer of a mirror as on Windows, macOS and FAT, with fakes of their modules."""

from __future__ import annotations

import errno
import os
import sys
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from pyflickr_web.errors import FileError
from pyflickr_web.mirror.files.folder import MirrorFolder
from tests.mirror.mirroring import check_sums
from tests.mirror.other_systems import FakeFcntl, FakeOs
from tests.mirror.pictures import picture

DOCUMENT, LARGE = "ia/photos/53.json", "images/large/53.jpg"
POSTED = 1_300_000_000
# Before 1980, when the times of FAT begin.
EARLY = 300_000_000


@pytest.fixture
def use(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Replace the modules that the file layer uses; without `fcntl`, as on Windows."""

    def use_system(system: FakeOs, fcntl: FakeFcntl | None = None) -> None:
        monkeypatch.setattr("pyflickr_web.mirror.files.file_system.os", system)
        monkeypatch.setitem(sys.modules, "fcntl", fcntl)

    return use_system


def write_mirror(root: Path, time: int = POSTED) -> None:
    """Write a JSON file and a picture, as a run does."""
    with closing(MirrorFolder(root)) as folder:
        folder.prepare()
        document = folder.write_json(DOCUMENT, {"id": "53"})
        with folder.system.create(folder.part(LARGE)) as opened:
            opened.write(picture("jpg"))
        assert document
        folder.place([document, folder.finish_picture(LARGE, None, time)])
        folder.finish()
    check_sums(root)


def find_inodes(root: Path) -> set[int]:
    return {(root / name).stat().st_ino for name in (DOCUMENT, LARGE, "SHA256SUMS")}


def test_windows_flushes_files_and_opens_no_folders(tmp_path: Path, use: Any) -> None:
    system = FakeOs("nt")
    use(system)
    write_mirror(tmp_path)
    assert find_inodes(tmp_path) <= system.flushed


def test_other_systems_flush_folders_too(tmp_path: Path, use: Any) -> None:
    system = FakeOs("posix")
    use(system)
    write_mirror(tmp_path)
    folders = {(tmp_path / name).parent.stat().st_ino for name in (DOCUMENT, LARGE, "SHA256SUMS")}
    assert find_inodes(tmp_path) | folders <= system.flushed


def test_macos_flushes_files_to_the_drive_itself(tmp_path: Path, use: Any) -> None:
    """There, fsync leaves the data in the cache of the drive, which a power failure empties."""
    fcntl = FakeFcntl()
    use(FakeOs("posix"), fcntl)
    write_mirror(tmp_path)
    assert find_inodes(tmp_path) <= fcntl.flushed


def test_macos_flushes_files_of_network_folders_as_far_as_it_can(tmp_path: Path, use: Any) -> None:
    system = FakeOs("posix")
    use(system, FakeFcntl(is_supported=False))
    write_mirror(tmp_path)
    assert find_inodes(tmp_path) <= system.flushed


@pytest.mark.parametrize("number", [errno.EINVAL, errno.ENOTSUP, errno.ENOSYS, errno.ENOTTY])
def test_file_systems_that_cannot_flush_are_accepted(tmp_path: Path, use: Any, number: int) -> None:
    use(FakeOs("posix", OSError(number, os.strerror(number))))
    write_mirror(tmp_path)


@pytest.mark.parametrize("name", ["posix", "nt"])
def test_failed_flush_is_an_error(tmp_path: Path, use: Any, name: str) -> None:
    use(FakeOs(name, OSError(errno.EIO, os.strerror(errno.EIO))))
    with pytest.raises(FileError, match="Input/output error"):
        write_mirror(tmp_path)
    assert not (tmp_path / LARGE).exists()


@pytest.mark.parametrize(
    "error",
    [
        OSError(errno.EINVAL, "Invalid argument"),
        PermissionError(errno.EPERM, "Operation not permitted"),
        OverflowError("timestamp out of range"),
    ],
    ids=["FAT", "network folder", "large number"],
)
def test_file_whose_time_is_refused_is_whole(tmp_path: Path, use: Any, error: Exception) -> None:
    use(FakeOs("posix", time_error=error))
    write_mirror(tmp_path, EARLY)
    assert (tmp_path / LARGE).read_bytes() == picture("jpg")
    assert (tmp_path / LARGE).stat().st_mtime > EARLY


def test_accepted_time_is_set(tmp_path: Path, use: Any) -> None:
    use(FakeOs("posix"))
    write_mirror(tmp_path)
    assert int((tmp_path / LARGE).stat().st_mtime) == POSTED
