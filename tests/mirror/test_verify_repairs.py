"""Test that `verify` finds every kind of damage, and that the next sync repairs it, byte for byte."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from flickr_sandbox import Sandbox
from pyflickr_web.mirror.events import WorkPlanned
from pyflickr_web.mirror.files.folder import MirrorFolder
from pyflickr_web.mirror.journal import Journal
from pyflickr_web.mirror.layout import CHECKSUMS
from pyflickr_web.mirror.verification.findings import locate_findings
from pyflickr_web.mirror.verification.report import VerifyReport
from pyflickr_web.mirror.verify import verify_mirror
from tests.mirror.damage import (
    FILE_DAMAGES,
    RefusedLock,
    edit_lines,
    flip_bit,
    one_of_each_folder,
    remove,
)
from tests.mirror.mirroring import FirstRuns, Mirroring, read_files, replace_pictures

OPTIONS: dict[str, Any] = {"sizes": "original,small,thumbnail", "exif": True, "favorites": True}
# Six kinds of JSON files, three sizes, and the icons of collections in two sizes.
FOLDERS = 6 + 3 + 2


@pytest.fixture
def intact(first_runs: FirstRuns) -> Path:
    """The complete mirror of the account as it is at the start."""
    return first_runs.make(**OPTIONS)


@pytest.fixture
def mirrored(mirroring: Mirroring) -> Mirroring:
    """A copy of the complete mirror, to be damaged."""
    mirroring.begin(**OPTIONS)
    return mirroring


def mirror_files(folder: Path) -> dict[str, bytes]:
    """Return the files of a mirror without its trash, where replaced originals are."""
    return {
        name: data for name, data in read_files(folder).items() if not name.startswith(".trash")
    }


def repair(mirrored: Mirroring, intact: Path) -> VerifyReport:
    """Verify, run a plain sync, and check that the mirror is again as before; return the report."""
    report = verify_mirror(mirrored.folder)
    synced = mirrored.run(**OPTIONS)
    assert synced.is_complete, synced.summarize()
    assert synced.repaired.keys() >= {finding.name for finding in report.findings}
    assert not synced.unrepaired
    # Damaged metadata is that of a photo that was there.
    assert synced.new_photos == 0 or report.counts.keys() != {"damaged"}
    assert mirror_files(mirrored.folder) == mirror_files(intact)
    assert verify_mirror(mirrored.folder).is_intact
    assert not any(file.exists() for file in locate_findings(mirrored.folder))
    assert not Journal(MirrorFolder(mirrored.folder)).section("outdated")
    return report


def test_complete_mirror_is_intact(intact: Path) -> None:
    names = one_of_each_folder(intact)
    assert len([name for name in names if not name.startswith("favorites/")]) == FOLDERS
    report = verify_mirror(intact)
    assert report.is_intact
    assert report.files == len(mirror_files(intact)) - 1
    assert (report.findings, report.foreign) == ([], [])


@pytest.mark.parametrize("kind", FILE_DAMAGES)
def test_damaged_files_are_found_and_mended(mirrored: Mirroring, intact: Path, kind: str) -> None:
    names = one_of_each_folder(intact)
    for name in names:
        FILE_DAMAGES[kind](mirrored.folder / name)
    report = repair(mirrored, intact)
    assert sorted(finding.name for finding in report.findings) == names
    assert {finding.kind for finding in report.findings} == {
        "missing" if kind == "missing" else "damaged"
    }
    # Nothing changed at Flickr: the run lists changes, and looks at the photos of the findings.
    assert mirrored.sandbox.calls["flickr.photos.recentlyUpdated"] == 1


def _edit_one_sum(lines: list[str]) -> list[str]:
    return ["0" * 64 + lines[0][64:], *lines[1:]]


def _edit_a_digit_away(lines: list[str]) -> list[str]:
    return [lines[0][1:], *lines[1:]]


def _remove_lines(lines: list[str]) -> list[str]:
    return [line for number, line in enumerate(lines) if number % 7]


def _cut_end(lines: list[str]) -> list[str]:
    return [*lines[:-2], lines[-2][:40]]


def _add_garbage(lines: list[str]) -> list[str]:
    return ["# all good\n", *lines, "0" * 64 + "  ../outside\n", "\x00\x01\n"]


def _add_conflict(lines: list[str]) -> list[str]:
    return [*lines, "1" * 64 + lines[3][64:]]


@pytest.mark.parametrize(
    ("edit", "kinds"),
    [
        (_edit_one_sum, {"damaged": 1}),
        (_edit_a_digit_away, {"invalid_line": 1, "without_checksum": 1}),
        (_cut_end, {"invalid_line": 1, "without_checksum": 2}),
        (_add_garbage, {"invalid_line": 3}),
        (_add_conflict, {"invalid_line": 1}),
        (_remove_lines, None),
    ],
)
def test_edited_checksums_are_found_and_mended(
    mirrored: Mirroring,
    intact: Path,
    edit: Callable[[list[str]], list[str]],
    kinds: dict[str, int] | None,
) -> None:
    edit_lines(mirrored.folder, edit)
    report = repair(mirrored, intact)
    assert not report.is_intact
    assert kinds is None or dict(report.counts) == kinds


def test_removed_checksums_are_found_and_mended(mirrored: Mirroring, intact: Path) -> None:
    (mirrored.folder / CHECKSUMS).unlink()
    report = repair(mirrored, intact)
    assert report.counts["missing"] == 1
    assert report.counts["without_checksum"] == report.files
    assert not (mirrored.folder / ".trash").exists()


def test_tasks_mend_too(account: Sandbox, tmp_path: Path, intact: Path) -> None:
    mirrored = Mirroring(account, tmp_path / "mirror", is_async=True)
    shutil.copytree(intact, mirrored.folder)
    for name in one_of_each_folder(intact):
        flip_bit(mirrored.folder / name)
    repair(mirrored, intact)


@pytest.mark.parametrize("is_verified", [True, False], ids=["damaged", "lost"])
def test_photo_that_was_replaced_after_its_metadata_was_lost_gets_its_pictures(
    either: Mirroring, tmp_path: Path, is_verified: bool
) -> None:
    either.begin(**OPTIONS)
    for file in sorted((either.folder / "ia/photos").glob("*.json"))[:3]:
        (flip_bit if is_verified else remove)(file)
    replace_pictures(either)
    if is_verified:
        verify_mirror(either.folder)
    assert either.run(**OPTIONS).is_complete
    either.run(tmp_path / "fresh", **OPTIONS)
    assert mirror_files(either.folder) == mirror_files(tmp_path / "fresh")


def test_metadata_that_was_lost_in_a_first_run_is_that_of_an_earlier_version(
    mirroring: Mirroring, tmp_path: Path
) -> None:
    def interrupt(event: Any) -> None:
        if getattr(event, "step", "") == "retries":
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        mirroring.run(**OPTIONS, on_event=interrupt)
    flip_bit(next((mirroring.folder / "ia/photos").glob("*.json")))
    verify_mirror(mirroring.folder)
    replace_pictures(mirroring)
    assert mirroring.run(**OPTIONS).is_complete
    mirroring.run(tmp_path / "fresh", **OPTIONS)
    assert mirror_files(mirroring.folder) == mirror_files(tmp_path / "fresh")


def test_damage_of_many_photos_is_mended_by_listing_the_account(
    mirrored: Mirroring, intact: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pyflickr_web.mirror.steps.repairs.MOST_PHOTOS", 5)
    for file in (mirrored.folder / "images/thumbnail").iterdir():
        flip_bit(file)
    repair(mirrored, intact)
    assert mirrored.sandbox.calls["flickr.photos.getInfo"] == 0


def test_files_that_left_without_their_lines_are_mended(mirrored: Mirroring, intact: Path) -> None:
    """Only the metadata of others shows that they are missing."""
    photo_id = mirrored.list_albums()[0]["primary"]
    icon = next(mirrored.folder.glob("images/icon/large/*")).relative_to(mirrored.folder)
    names = [
        f"ia/photos/{photo_id}.json",
        f"images/small/{photo_id}.jpg",
        icon.as_posix(),
    ]
    for name in names:
        remove(mirrored.folder / name)
    edit_lines(
        mirrored.folder,
        lambda lines: [line for line in lines if line.split("  ")[1].strip() not in names],
    )
    report = repair(mirrored, intact)
    assert {finding.kind for finding in report.findings} == {"missing", "inconsistent"}
    assert any(finding.photo_id == photo_id for finding in report.findings)


def test_other_size_than_listed_is_mended(mirrored: Mirroring, intact: Path) -> None:
    name = next(mirrored.folder.glob("images/small/*")).relative_to(mirrored.folder).as_posix()
    remove(mirrored.folder / name)
    edit_lines(mirrored.folder, lambda lines: [line for line in lines if name not in line])
    report = repair(mirrored, intact)
    (finding,) = report.findings
    assert finding.kind == "inconsistent"
    assert finding.reason.endswith(": small")


def test_false_alarm_about_an_original_fills_no_trash(mirrored: Mirroring, intact: Path) -> None:
    def edit_originals(lines: list[str]) -> list[str]:
        originals = [line for line in lines if "  images/original/" in line]
        return [("0" * 64 + line[64:]) if line in originals[:3] else line for line in lines]

    edit_lines(mirrored.folder, edit_originals)
    assert repair(mirrored, intact).counts == {"damaged": 3}
    assert mirrored.sandbox.calls["files"] == 3
    assert not (mirrored.folder / ".trash").exists()


def test_damaged_original_moves_to_the_trash(mirrored: Mirroring, intact: Path) -> None:
    """It may be worth more than none, if Flickr gave another file."""
    original = next(mirrored.folder.glob("images/original/*.jpg"))
    flip_bit(original)
    damaged = original.read_bytes()
    repair(mirrored, intact)
    (kept,) = mirrored.folder.glob(".trash/*/images/original/*")
    assert kept.read_bytes() == damaged


def test_file_that_flickr_does_not_give_stays_and_is_found_again(mirrored: Mirroring) -> None:
    photo = next(one for one in mirrored.list_photos() if one["media"] == "photo")
    file = mirrored.folder / f"images/small/{photo['id']}.jpg"
    flip_bit(file)
    damaged = file.read_bytes()
    assert not verify_mirror(mirrored.folder).is_intact
    mirrored.call("photos.delete", photo_id=photo["id"])
    report = mirrored.run(**OPTIONS)
    assert list(report.unrepaired) == [f"images/small/{photo['id']}.jpg"]
    assert file.read_bytes() == damaged
    assert [one.name for one in verify_mirror(mirrored.folder).findings] == [
        f"images/small/{photo['id']}.jpg"
    ]


def test_unrepaired_file_is_named_until_it_is_removed(mirrored: Mirroring) -> None:
    file = mirrored.folder / "images/small/99.jpg"
    file.write_bytes(next(mirrored.folder.glob("images/small/*")).read_bytes())
    verify_mirror(mirrored.folder)
    for _ in range(2):
        report = mirrored.run(**OPTIONS)
        assert report.is_complete
        assert list(report.unrepaired) == ["images/small/99.jpg"]
        assert any(
            line.startswith("not repaired: images/small/99.jpg") for line in report.summarize()
        )
    file.unlink()
    assert mirrored.run(**OPTIONS).unrepaired == {}


def test_every_kind_of_repair_is_counted_in_the_words_of_verify(mirrored: Mirroring) -> None:
    document = next(mirrored.folder.glob("ia/photos/*.json"))
    document.write_text(json.dumps(json.loads(document.read_bytes()) | {"sizes": []}))
    verify_mirror(mirrored.folder, accept=True)
    small, thumbnail, original = [
        next(mirrored.folder.glob(f"images/{size}/*"))
        for size in ("small", "thumbnail", "original")
    ]
    flip_bit(small)
    thumbnail.unlink()
    line = f"  images/original/{original.name}\n"
    edit_lines(mirrored.folder, lambda lines: [one for one in lines if line not in one])
    assert len(verify_mirror(mirrored.folder).counts) == 4
    report = mirrored.run(**OPTIONS)
    assert report.repaired == {
        document.relative_to(mirrored.folder).as_posix(): "inconsistent",
        f"images/small/{small.name}": "damaged",
        f"images/thumbnail/{thumbnail.name}": "missing",
        f"images/original/{original.name}": "without checksum",
    }
    assert not mirrored.run(**OPTIONS).repaired


def test_findings_that_a_run_leaves_out_are_not_repaired(mirrored: Mirroring) -> None:
    """Nothing of favorites is looked at without the option."""
    names = ["images/small/{}", "images/thumbnail/{}", "favorites/images/small/{}"]
    photos = [next((mirrored.folder / name).parent.glob("*")).name for name in names]
    small, thumbnail, favorite = map(str.format, names, photos)
    for name in (small, thumbnail, favorite):
        (mirrored.folder / name).unlink()
    verify_mirror(mirrored.folder)
    report = mirrored.run(sizes="thumbnail")
    assert report.repaired == {thumbnail: "missing"}
    reason = "missing; this run did not get it from Flickr"
    assert report.unrepaired == {small: reason, favorite: reason}
    assert "1 file repaired: missing (1)" in report.summarize()


def test_repair_that_is_interrupted_is_completed(mirrored: Mirroring, intact: Path) -> None:
    for name in one_of_each_folder(intact):
        flip_bit(mirrored.folder / name)
    verify_mirror(mirrored.folder)

    def interrupt(event: Any) -> None:
        if getattr(event, "step", "") == "photos":
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        mirrored.run(**OPTIONS, on_event=interrupt)
    assert mirrored.run(**OPTIONS).is_complete
    assert mirror_files(mirrored.folder) == mirror_files(intact)


def test_accepted_finding_of_an_interrupted_repair_is_no_repair(mirrored: Mirroring) -> None:
    (mirrored.folder / "ia/photos").joinpath("99.json").write_text('{"id": "99", "sizes": []}')
    verify_mirror(mirrored.folder)

    def interrupt(event: Any) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        mirrored.run(**OPTIONS, on_event=interrupt)
    assert verify_mirror(mirrored.folder, accept=True).accepted_count == 1
    report = mirrored.run(**OPTIONS)
    assert (report.repaired, report.unrepaired) == ({}, {})


def test_dry_run_keeps_the_findings(mirrored: Mirroring, intact: Path) -> None:
    flip_bit(next(mirrored.folder.glob("images/small/*")))
    verify_mirror(mirrored.folder)
    mirrored.run(**OPTIONS, dry_run=True)
    assert locate_findings(mirrored.folder)[0].exists()
    assert len(mirrored.run(**OPTIONS).repaired) == 1
    assert mirror_files(mirrored.folder) == mirror_files(intact)


def test_dry_run_shows_the_repairs(mirrored: Mirroring) -> None:
    file = next(mirrored.folder.glob("images/small/*"))
    flip_bit(file)
    verify_mirror(mirrored.folder)
    events: list[Any] = []
    report = mirrored.run(**OPTIONS, dry_run=True, on_event=events.append)
    assert report.planned == 1
    assert [event for event in events if isinstance(event, WorkPlanned)] == [
        WorkPlanned("photo", file.stem, ("small",))
    ]


def test_findings_about_a_folder_that_was_read_only_are_mended(
    mirrored: Mirroring, intact: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    flip_bit(next(mirrored.folder.glob("images/small/*")))
    with monkeypatch.context() as patch:
        patch.setattr("pyflickr_web.mirror.files.lock.FileLock", RefusedLock)
        report = verify_mirror(mirrored.folder)
    assert Path(str(report.findings_file)).is_relative_to(tmp_path / "state")
    mirrored.run(**OPTIONS)
    assert mirror_files(mirrored.folder) == mirror_files(intact)
    assert not any(file.exists() for file in locate_findings(mirrored.folder))


def test_album_that_left_flickr_and_is_damaged_ends_no_run(mirrored: Mirroring) -> None:
    album_id = mirrored.list_albums()[0]["id"]
    (mirrored.folder / f"ia/photosets/{album_id}.json").write_bytes(b"{")
    mirrored.call("photosets.delete", photoset_id=album_id)
    assert mirrored.run(**OPTIONS).is_complete
