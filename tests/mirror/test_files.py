"""Test that a file of a mirror is complete at its name, or missing, wherever a run stops."""

from __future__ import annotations

import hashlib
import json
import os
import random
import subprocess
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from pyflickr_web.errors import FileError
from pyflickr_web.mirror.files.errors import file_errors
from pyflickr_web.mirror.files.file_system import FileSystem
from pyflickr_web.mirror.files.folder import DamagedFile, MirrorFolder, NewFile
from pyflickr_web.mirror.files.json_files import read_json, to_json
from pyflickr_web.mirror.files.sums import hash_file
from pyflickr_web.mirror.layout import parse_name
from tests.mirror.pictures import picture
from tests.mirror.unreliable_file_systems import FullFileSystem, PowerLoss, VolatileFileSystem
from tests.support.irregular_paths import KINDS, put

PHOTO, LARGE, ORIGINAL = "ia/photos/53.json", "images/large/53.jpg", "images/original/53.png"
POSTED = 1_300_000_000
FIXTURES = Path(os.environ.get("FLICKR_FIXTURES", "none")) / "node-mirror"


def fill_part(folder: MirrorFolder, name: str, content: bytes) -> None:
    """Write a picture's incomplete file, as a download does."""
    part = folder.part(name)
    folder.system.remove(part)
    with file_errors(part), folder.system.append(part) as opened:
        opened.write(content)


def finish(folder: MirrorFolder, name: str, content: bytes) -> NewFile:
    fill_part(folder, name, content)
    return folder.finish_picture(name, len(content), POSTED)


VERSIONS: dict[str, list[bytes]] = {
    PHOTO: [to_json({"id": "53", "title": "first"}), to_json({"id": "53", "title": "second"})],
    LARGE: [picture("jpg", 10), picture("jpg", 20)],
    ORIGINAL: [picture("png", 10), picture("png", 20)],
}


def synchronize(folder: MirrorFolder, version: int) -> None:
    """Write a version of all files, as a run does."""
    with closing(folder):
        folder.prepare()
        document = folder.write_json(PHOTO, json.loads(VERSIONS[PHOTO][version]))
        original = finish(folder, ORIGINAL, VERSIONS[ORIGINAL][version])
        folder.place([file for file in (document, original) if file])
        folder.place([finish(folder, LARGE, VERSIONS[LARGE][version])])
        folder.finish()


def files_of(root: Path) -> dict[str, bytes]:
    """Return the mirror's own files, by name."""
    found = {file.relative_to(root).as_posix(): file for file in root.rglob("*") if file.is_file()}
    return {name: file.read_bytes() for name, file in found.items() if parse_name(name)}


def check_sums(root: Path) -> None:
    """Fail unless `sha256sum -c` finds all files unchanged, and each has a line."""
    run = subprocess.run(
        ["sha256sum", "-c", "--strict", "SHA256SUMS"], cwd=root, capture_output=True, text=True
    )
    assert run.returncode == 0, run.stdout + run.stderr
    assert sorted(run.stdout.split("\n")[:-1]) == [f"{name}: OK" for name in sorted(files_of(root))]


def test_run_writes_files_with_checksums_and_nothing_else(tmp_path: Path) -> None:
    for version in (0, 1):
        synchronize(MirrorFolder(tmp_path), version)
        assert files_of(tmp_path) == {name: found[version] for name, found in VERSIONS.items()}
        check_sums(tmp_path)
        names = {file.name for file in tmp_path.rglob("*") if file.is_file()}
        assert names == {"53.json", "53.jpg", "53.png", "SHA256SUMS"}


def test_pictures_have_the_given_time_and_json_keeps_its_own(tmp_path: Path) -> None:
    synchronize(MirrorFolder(tmp_path), 0)
    assert (tmp_path / LARGE).stat().st_mtime == POSTED
    assert (tmp_path / PHOTO).stat().st_mtime > POSTED + 1e8


def test_equal_json_is_not_written_again(tmp_path: Path) -> None:
    folder = MirrorFolder(tmp_path)
    synchronize(folder, 0)
    assert folder.write_json(PHOTO, json.loads(VERSIONS[PHOTO][0])) is None
    assert folder.write_json(PHOTO, {}) is not None


def count_operations(version: int, root: Path) -> int:
    """Return the number of operations of a run that writes a version."""
    root.mkdir()
    system = VolatileFileSystem()
    for one in range(version + 1):
        before = system.operations
        synchronize(MirrorFolder(root, system), one)
    return system.operations - before


@pytest.mark.parametrize("seeds", [1, pytest.param(4, marks=pytest.mark.soak)])
@pytest.mark.parametrize("version", [0, 1])
def test_power_loss_at_any_operation_leaves_complete_files(
    version: int, seeds: int, tmp_path: Path
) -> None:
    """In a first run each file is new or missing, and in one that replaces all files, old or new."""
    for stop in range(count_operations(version, tmp_path / "counted")):
        root = tmp_path / f"run-{stop}"
        root.mkdir()
        system = VolatileFileSystem()
        if version:
            synchronize(MirrorFolder(root, system), 0)
        system.fail_after(stop)
        with pytest.raises(PowerLoss):
            synchronize(MirrorFolder(root, system), version)
        for seed in range(seeds):
            survivor = tmp_path / f"run-{stop}-{seed}"
            system.restart(root, survivor, random.Random(seed))
            found = files_of(survivor)
            for name, content in found.items():
                assert content in VERSIONS[name][: version + 1], (stop, seed, name)
            if version:
                assert set(found) == set(VERSIONS), (stop, seed)
            MirrorFolder(survivor).prepare()
            if (survivor / "SHA256SUMS").exists():
                check_sums(survivor)
            synchronize(MirrorFolder(survivor), version)
            assert files_of(survivor) == {name: v[version] for name, v in VERSIONS.items()}
            check_sums(survivor)


class CarelessFileSystem(VolatileFileSystem):
    """A file system whose flush does nothing."""

    def sync(self, opened: Any) -> None:
        opened.flush()


def test_lost_data_is_noticed_by_this_test(tmp_path: Path) -> None:
    system = CarelessFileSystem()
    synchronize(MirrorFolder(tmp_path / "mirror", system), 0)
    survivors = [tmp_path / str(seed) for seed in range(9)]
    for seed, survivor in enumerate(survivors):
        system.restart(tmp_path / "mirror", survivor, random.Random(seed))
    found = [content for root in survivors for content in files_of(root).values()]
    complete = [content for versions in VERSIONS.values() for content in versions]
    assert any(content not in complete for content in found)


@pytest.mark.parametrize("free", [0, 10, 100, 300, 600, 900, 1200])
def test_full_disk_is_an_error_and_leaves_complete_files(free: int, tmp_path: Path) -> None:
    synchronize(MirrorFolder(tmp_path), 0)
    with pytest.raises(FileError, match=r"\(No space left on device\): free some space"):
        synchronize(MirrorFolder(tmp_path, FullFileSystem(free)), 1)
    for name, content in files_of(tmp_path).items():
        assert content in VERSIONS[name]
    synchronize(MirrorFolder(tmp_path), 1)
    assert files_of(tmp_path) == {name: found[1] for name, found in VERSIONS.items()}
    check_sums(tmp_path)


def test_incomplete_picture_is_refused_and_stays_a_part(tmp_path: Path) -> None:
    folder = MirrorFolder(tmp_path)
    content = VERSIONS[LARGE][0]
    fill_part(folder, LARGE, content[:-2])
    with pytest.raises(DamagedFile, match=f"{len(content) - 2} bytes instead of {len(content)}"):
        folder.finish_picture(LARGE, len(content), None)
    with pytest.raises(DamagedFile, match="the JPG file is cut short"):
        folder.finish_picture(LARGE, None, None)
    assert folder.part(LARGE).exists()
    folder.discard(LARGE)
    assert not folder.part(LARGE).exists()


def test_picture_that_is_damaged_at_flickr_is_accepted_by_its_checksum(tmp_path: Path) -> None:
    folder = MirrorFolder(tmp_path)
    fill_part(folder, LARGE, VERSIONS[LARGE][0][:-2])
    with pytest.raises(DamagedFile) as caught:
        folder.finish_picture(LARGE, None, None)
    with closing(folder):
        folder.place([folder.finish_picture(LARGE, None, None, accept=caught.value.sha256)])
    assert hash_file(tmp_path / LARGE) == caught.value.sha256
    fill_part(folder, ORIGINAL, b"")
    with pytest.raises(DamagedFile, match="empty"):
        folder.finish_picture(ORIGINAL, 0, None, accept=hashlib.sha256().hexdigest())


def test_other_names_are_refused(tmp_path: Path) -> None:
    folder = MirrorFolder(tmp_path)
    for name in ("../53.json", "ia/photos/../../x.json", "/etc/passwd", "index.db", ".mirror/lock"):
        with pytest.raises(ValueError, match="is not the name of a file in a mirror"):
            folder.write_json(name, {})
        with pytest.raises(ValueError, match="is not the name of a file in a mirror"):
            folder.place([NewFile(tmp_path / "x", name, "0" * 64, 1)])
    assert list(tmp_path.rglob("*.json")) == []


def test_folder_at_a_files_name_is_an_error_and_stays(tmp_path: Path) -> None:
    (tmp_path / PHOTO).mkdir(parents=True)
    folder = MirrorFolder(tmp_path)
    folder.prepare()
    with pytest.raises(FileError, match="mirror: "):
        document = folder.write_json(PHOTO, {"id": "53"})
        folder.place([document] if document else [])
    assert (tmp_path / PHOTO).is_dir()


@pytest.mark.skipif(not FIXTURES.is_dir(), reason="FLICKR_FIXTURES has no mirror")
def test_json_is_that_of_node_flickrapi_byte_for_byte() -> None:
    files = list(FIXTURES.rglob("*.json"))
    assert len(files) > 80
    for file in files:
        assert to_json(read_json(file)) == file.read_bytes(), file.name


def test_json_that_utf8_cannot_hold_is_escaped(tmp_path: Path) -> None:
    folder = MirrorFolder(tmp_path)
    folder.prepare()
    value = {"title": "\ud83d half, 🏔️, \x00"}
    document = folder.write_json(PHOTO, value)
    assert document
    with closing(folder):
        folder.place([document])
    assert read_json(tmp_path / PHOTO) == value


class NetworkFolder(FileSystem):
    """A file system that renames one file, and then loses its network."""

    def replace(self, source: Path, target: Path) -> None:
        if target.suffix == ".png":
            raise OSError(5, "Input/output error", str(target))
        super().replace(source, target)


def test_failed_rename_leaves_the_old_file_with_its_checksum(tmp_path: Path) -> None:
    synchronize(MirrorFolder(tmp_path), 0)
    folder = MirrorFolder(tmp_path, NetworkFolder())
    with pytest.raises(FileError, match="Input/output error"):
        synchronize(folder, 1)
    folder.finish()
    assert files_of(tmp_path)[ORIGINAL] == VERSIONS[ORIGINAL][0]
    check_sums(tmp_path)


@pytest.mark.parametrize("kind", KINDS)
def test_irregular_files_are_not_waited_for(tmp_path: Path, kind: str) -> None:
    """A FIFO would wait for a writer. The error names the file."""
    file = put(kind, tmp_path / "53.json")
    with pytest.raises(FileError, match=r"53\.json"):
        read_json(file)
    with pytest.raises(OSError):
        hash_file(file)
