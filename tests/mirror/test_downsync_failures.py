"""Test that a failure of one part of a photo is reported, delays nothing else, and is tried again."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from flickr_sandbox import Fault
from pyflickr_web.errors import LoginError
from pyflickr_web.mirror.events import RunEnded, StepStarted
from pyflickr_web.mirror.report import Report
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
