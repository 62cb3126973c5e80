"""Test that a mirror with a folder on another disk is refused before anything is written."""

from __future__ import annotations

from pathlib import Path

import pytest

from pyflickr_web.errors import MirrorError
from pyflickr_web.mirror.files import devices
from pyflickr_web.mirror.verify import verify_mirror
from tests.mirror.mirroring import Mirroring
from tests.mirror.small_mirror import THUMBNAIL, write_mirror


@pytest.fixture
def other_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder that is on another disk."""
    disk = tmp_path / "disk"
    disk.mkdir()
    find_device = devices._find_device

    def find(folder: Path) -> int | None:
        device = find_device(folder)
        return -1 if device and folder.resolve().is_relative_to(disk) else device

    monkeypatch.setattr(devices, "_find_device", find)
    return disk


@pytest.mark.parametrize("dry_run", [False, True], ids=["run", "dry run"])
@pytest.mark.parametrize(
    "name", ["ia", "images", "images/original", ".mirror", ".trash", "favorites", "favorites/ia"]
)
def test_run_refuses_a_folder_on_another_disk(
    mirroring: Mirroring, other_disk: Path, name: str, dry_run: bool
) -> None:
    link = mirroring.folder / name
    link.parent.mkdir(parents=True)
    link.symlink_to(other_disk)
    with pytest.raises(
        MirrorError, match=f"{name}' is on another disk .*: put the whole mirror on"
    ):
        mirroring.run(sizes="thumbnail", dry_run=dry_run)
    assert not [file for file in mirroring.folder.rglob("*.j*") if file.name != "holder.json"]


def test_whole_mirror_may_be_a_link_to_another_disk(mirroring: Mirroring, other_disk: Path) -> None:
    mirroring.folder.symlink_to(other_disk)
    assert mirroring.run(sizes="thumbnail").is_complete


@pytest.mark.parametrize(("name", "is_refused"), [(".mirror", True), ("images", False)])
def test_only_accepted_checksums_are_renamed(
    tmp_path: Path, other_disk: Path, name: str, is_refused: bool
) -> None:
    """A verification reads files wherever they are; `--accept` renames a file from `.mirror/`."""
    mirror = tmp_path / "mirror"
    write_mirror(mirror)
    (mirror / THUMBNAIL).write_bytes((mirror / "images/thumbnail/2.jpg").read_bytes())
    (mirror / ".mirror").mkdir()
    (mirror / name).rename(other_disk / "moved")
    (mirror / name).symlink_to(other_disk / "moved")
    assert verify_mirror(mirror).counts.total() == 1
    if is_refused:
        with pytest.raises(MirrorError, match="put the whole mirror on one disk"):
            verify_mirror(mirror, accept=True)
    else:
        assert verify_mirror(mirror, accept=True).is_intact
