"""Test that a failure of one part of a photo is reported, delays nothing else, and is tried again."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from flickr_sandbox import Fault
from pyflickr_web.errors import LoginError
from pyflickr_web.mirror.events import RunEnded, StepStarted
from pyflickr_web.mirror.files.folder import MirrorFolder
from pyflickr_web.mirror.journal import Entry, Journal
from pyflickr_web.mirror.report import Report
from pyflickr_web.mirror.verify import verify_mirror
from tests.mirror.mirroring import Mirroring, read_files, skip_pauses

SIZES = "original,thumbnail"


def _read(folder: Path, name: str) -> Any:
    return json.loads((folder / name).read_bytes())


def _find_commented(mirroring: Mirroring) -> str:
    """Return the id of a photo with comments, and make it the only one."""
    store = mirroring.sandbox.store
    photo_id = store.value(
        "SELECT photo FROM comments JOIN photos ON photos.id = photo "
        "WHERE owner = '10000000@N00' AND media = 'photo' LIMIT 1"
    )
    store.run("DELETE FROM comments WHERE photo <> :id", id=photo_id)
    return str(photo_id)


def _find_oldest(mirroring: Mirroring) -> list[str]:
    """Return the ids of photos that a run does not list, since they changed long ago."""
    answer = mirroring.call("photos.recentlyUpdated", min_date=1, per_page=500)
    return [photo["id"] for photo in answer["photos"]["photo"][-3:]]


@pytest.mark.parametrize("full", [False, True], ids=["plain", "full"])
def test_photo_whose_comments_fail_has_the_rest(mirroring: Mirroring, full: bool) -> None:
    photo_id = _find_commented(mirroring)
    method, name = "flickr.photos.comments.getList", f"ia/photos/comments/{photo_id}.json"
    mirroring.sandbox.fail(method, 77, "Out of order", times=None)
    report = mirroring.run(sizes=SIZES)
    assert list(report.failed) == [photo_id]
    assert _read(mirroring.folder, f"ia/photos/{photo_id}.json")["sizes"] == ["t", "o"]
    assert not (mirroring.folder / name).exists()
    mirroring.sandbox.faults.clear()
    report = mirroring.run(sizes=SIZES, full=full)
    assert report.is_complete, report.summarize()
    assert report.fetched_files == 0
    old = _read(mirroring.folder, name)
    # Comments that changed are not lost, though the metadata shows the change.
    mirroring.sandbox.fail(method, 77, "Out of order", times=None)
    mirroring.sandbox.store.run(
        "UPDATE comments SET text = 'New' WHERE photo = :id", id=int(photo_id)
    )
    mirroring.sandbox.store.run(
        "UPDATE photos SET lastupdate = (SELECT max(lastupdate) + 9 FROM photos) WHERE id = :id",
        id=int(photo_id),
    )
    assert list(mirroring.run(sizes=SIZES).failed) == [photo_id]
    assert _read(mirroring.folder, name) == old
    mirroring.sandbox.faults.clear()
    assert mirroring.run(sizes=SIZES, full=full).is_complete
    assert "New" in json.dumps(_read(mirroring.folder, name))
    mirroring.run(sizes=SIZES)
    assert not mirroring.sandbox.calls[method]


def test_token_withdrawn_in_the_middle_ends_the_run(
    either: Mirroring, monkeypatch: pytest.MonkeyPatch
) -> None:
    skip_pauses(monkeypatch)
    events: list[Any] = []

    def withdraw(event: Any) -> None:
        events.append(event)
        if getattr(event, "step", "") == "photos" and getattr(event, "done", 0) == 5:
            fault = Fault("error", code=98, message="Invalid auth token")
            either.sandbox.faults.add(fault, "flickr.*")

    with pytest.raises(LoginError) as raised:
        either.run(sizes=SIZES, on_event=withdraw)
    report = events[-1].report
    assert report.new_photos >= 5
    assert report.error == str(raised.value)
    assert report.summarize()[-1].endswith("; run it again to go on")
    # What was fetched has its name, and is not fetched again.
    present = len(list((either.folder / "ia/photos").glob("*.json")))
    assert present == report.new_photos
    either.sandbox.faults.clear()
    assert either.run(sizes=SIZES).is_complete
    photos = len(either.list_photos())
    assert either.sandbox.calls["flickr.photos.getInfo"] == photos - present


def test_fault_of_the_program_is_reported_as_such(either: Mirroring) -> None:
    reports: list[Report] = []

    def fail(event: Any) -> None:
        if isinstance(event, StepStarted):
            raise KeyError("shape")
        if isinstance(event, RunEnded):
            reports.append(event.report)

    with pytest.raises(KeyError):
        either.run(sizes=SIZES, on_event=fail)
    assert reports[0].error == "KeyError: 'shape'"


def test_exif_that_fails_is_tried_again(mirroring: Mirroring) -> None:
    mirroring.run(quiet := mirroring.folder.parent / "quiet", sizes=SIZES, exif=True)
    mirroring.sandbox.fail("flickr.photos.getExif", 77, "Out of order", times=2)
    report = mirroring.run(sizes=SIZES, exif=True)
    assert ["Out of order (code 77)" in text for text in report.failed.values()] == [True, True]
    assert mirroring.run(sizes=SIZES, exif=True).is_complete
    assert mirroring.sandbox.calls["flickr.photos.getExif"] == 2
    assert read_files(mirroring.folder) == read_files(quiet)


@pytest.mark.parametrize("is_lost", [False, True], ids=["damaged", "missing"])
def test_metadata_of_a_listing_is_written_again_from_a_listing(
    either: Mirroring, is_lost: bool
) -> None:
    options: dict[str, Any] = {"sizes": "thumbnail", "metadata": "listing"}
    either.begin(**options)
    files = read_files(either.folder)
    document = either.folder / f"ia/photos/{_find_oldest(either)[0]}.json"
    if is_lost:
        document.unlink()
    else:
        document.write_bytes(b"{")
    assert not verify_mirror(either.folder).is_intact
    assert either.run(**options).is_complete
    assert read_files(either.folder) == files
    # A picture that failed needs no listing.
    (either.folder / f"images/thumbnail/{document.stem}.jpg").unlink()
    assert not verify_mirror(either.folder).is_intact
    assert either.run(**options).is_complete
    assert read_files(either.folder) == files
    assert either.sandbox.calls["flickr.photos.recentlyUpdated"] == 1


def test_many_failed_photos_are_found_by_listing_the_account(
    mirroring: Mirroring, monkeypatch: pytest.MonkeyPatch
) -> None:
    mirroring.begin(sizes=SIZES)
    photo_ids = _find_oldest(mirroring)
    monkeypatch.setattr("pyflickr_web.mirror.steps.photo_listing.MOST_FAILED", 2)
    for number, calls in ((2, 2), (3, 0)):
        failed: list[Entry] = [("failed", one, "no answer") for one in photo_ids[:number]]
        Journal(MirrorFolder(mirroring.folder)).record(failed)
        for photo_id in photo_ids[:number]:
            (mirroring.folder / f"images/thumbnail/{photo_id}.jpg").unlink()
        assert mirroring.run(sizes=SIZES).fetched_files == number
        assert mirroring.sandbox.calls["flickr.photos.getInfo"] == calls
        assert not Journal(MirrorFolder(mirroring.folder)).section("failed")


def test_many_failed_photos_that_left_flickr_are_forgotten(
    mirroring: Mirroring, monkeypatch: pytest.MonkeyPatch
) -> None:
    mirroring.begin(sizes=SIZES)
    monkeypatch.setattr("pyflickr_web.mirror.steps.photo_listing.MOST_FAILED", 2)
    failed: list[Entry] = [("failed", f"5399999999{one}", "no answer") for one in range(3)]
    Journal(MirrorFolder(mirroring.folder)).record(failed)
    assert mirroring.run(sizes=SIZES).is_complete
    assert not mirroring.sandbox.calls["flickr.photos.getInfo"]
    assert not Journal(MirrorFolder(mirroring.folder)).section("failed")


def test_dry_run_does_not_record_that_a_failed_photo_left_flickr(mirroring: Mirroring) -> None:
    mirroring.begin(sizes=SIZES)
    Journal(MirrorFolder(mirroring.folder)).record([("failed", "53999999999", "no answer")])
    files = read_files(mirroring.folder, state=True)
    assert mirroring.run(sizes=SIZES, dry_run=True).planned == 0
    assert read_files(mirroring.folder, state=True) == files


def test_exif_that_the_owner_hides_is_only_asked_for_again_by_a_full_run(
    mirroring: Mirroring,
) -> None:
    options: dict[str, Any] = {"sizes": "thumbnail", "exif": True}
    method = "flickr.photos.getExif"
    mirroring.sandbox.fail(method, 2, "Permission denied", times=1)
    report = mirroring.run(**options)
    assert report.is_complete, report.summarize()
    present = len(list((mirroring.folder / "ia/photos/exif").iterdir()))
    assert present == len(mirroring.list_photos()) - 1
    for is_full in (False, True):
        mirroring.run(**options, pools=True, full=is_full)
        assert mirroring.sandbox.calls[method] == is_full
    assert len(list((mirroring.folder / "ia/photos/exif").iterdir())) == present + 1


def test_files_that_are_damaged_at_flickr_are_reported_and_not_fetched_again(
    either: Mirroring, monkeypatch: pytest.MonkeyPatch
) -> None:
    skip_pauses(monkeypatch)
    either.sandbox.faults.add("truncated", where="files")
    report = either.run(sizes="thumbnail")
    assert report.is_complete, report.summarize()
    names = [name for name in read_files(either.folder) if name.startswith("images/")]
    assert sorted(report.damaged) == sorted(names)
    assert f"damaged at Flickr: {names[0]}" in report.summarize()
    either.sandbox.faults.clear()
    assert verify_mirror(either.folder).is_intact
    assert either.run(sizes="thumbnail", full=True).fetched_files == 0
