"""Test that the list of sizes of photos that left Flickr is completed after a run that was stopped."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from pyflickr_web.mirror.verify import verify_mirror
from tests.mirror.mirroring import Mirroring, read_document, read_files

OPTIONS: dict[str, Any] = {"sizes": "original,small,thumbnail", "favorites": True}


def stop_before_sizes_are_listed(mirroring: Mirroring, sizes: list[str]) -> list[str]:
    """Leave the metadata of an own photo and a favorite as a run does that is killed.

    Returns their names. In the mirror, `sizes` are listed.
    """
    mirroring.begin(**OPTIONS)
    folders = (mirroring.folder / "ia/photos", mirroring.folder / "favorites/ia/photos")
    names = []
    for folder in folders:
        file = next(
            one
            for one in sorted(folder.glob("*.json"))
            if len(read_document(folder, one.name)["sizes"]) == 3
        )
        file.write_text(json.dumps(json.loads(file.read_bytes()) | {"sizes": sizes}))
        names.append(file.relative_to(mirroring.folder).as_posix())
    verify_mirror(mirroring.folder, accept=True)
    return names


def leave_flickr(mirroring: Mirroring, names: list[str]) -> None:
    """Delete a photo, and a favorite."""
    photo, favorite = (Path(name).stem for name in names)
    mirroring.call("photos.delete", photo_id=photo)
    mirroring.call("favorites.remove", photo_id=favorite)


@pytest.mark.parametrize("is_full", [False, True], ids=["verified", "full"])
def test_photos_that_left_after_a_stop_are_completed(either: Mirroring, is_full: bool) -> None:
    names = stop_before_sizes_are_listed(either, ["t"])
    if is_full:
        (either.folder / ".mirror/findings").unlink()
    leave_flickr(either, names)
    report = either.run(**OPTIONS, full=is_full)
    assert not report.failed and not report.unrepaired
    assert report.repaired == ({} if is_full else dict.fromkeys(names, "inconsistent"))
    assert [read_document(either.folder, name)["sizes"] for name in names] == [["t", "m", "o"]] * 2
    assert verify_mirror(either.folder).is_intact
    before = read_files(either.folder)
    either.run(**OPTIONS)
    assert read_files(either.folder) == before


def test_size_that_is_listed_and_lost_is_found_until_it_is_removed(mirroring: Mirroring) -> None:
    """It is not taken off the list: nothing else would tell that it was there."""
    names = stop_before_sizes_are_listed(mirroring, ["t", "m", "o", "b"])
    leave_flickr(mirroring, names)
    for _ in range(2):
        assert list(mirroring.run(**OPTIONS).unrepaired) == sorted(names)
        findings = verify_mirror(mirroring.folder).findings
        assert sorted(one.name for one in findings) == sorted(names)


def test_run_over_a_part_completes_no_other_photos(mirroring: Mirroring) -> None:
    names = stop_before_sizes_are_listed(mirroring, ["t"])
    (mirroring.folder / ".mirror/findings").unlink()
    before = read_files(mirroring.folder)
    mirroring.run(sizes=OPTIONS["sizes"], since="2023-12-01")
    assert read_files(mirroring.folder)[names[0]] == before[names[0]]
