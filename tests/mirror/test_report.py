"""Test the reports of downsync and verify: their lines, and their JSON."""

from __future__ import annotations

from pyflickr_web.mirror.pruning import PruneRefused
from pyflickr_web.mirror.report import MOST_PICTURES, Report
from pyflickr_web.mirror.verification.findings import Finding
from pyflickr_web.mirror.verification.report import VerifyReport


def make_refusal(needed: int) -> PruneRefused:
    error = PruneRefused("nothing was removed: too many photos")
    error.needed = needed
    return error


def test_refused_removal_leaves_a_mirror_complete() -> None:
    report = Report(photos_at_flickr=24, photos_in_mirror=26, deleted_at_flickr=2)
    report.refuse_removal(make_refusal(12))
    assert report.is_complete
    assert report.summarize()[-2:] == [
        "failed: removal: nothing was removed: too many photos",
        "complete, but the removal failed: 24 of 24 photos; "
        "to remove what left Flickr, add --max-prune 12",
    ]


def test_other_failure_is_counted_beside_a_refused_removal() -> None:
    report = Report(photos_at_flickr=24, photos_in_mirror=24, failed={"53": "HTTP 500"})
    report.refuse_removal(make_refusal(12))
    assert not report.is_complete
    assert report.summarize()[-1].startswith("incomplete: 24 of 24 photos, 1 failed; run it again")


def test_summary_says_what_a_run_did() -> None:
    report = Report(
        photos_at_flickr=12_345,
        photos_in_mirror=12_347,
        deleted_at_flickr=2,
        kept_albums=1,
        new_photos=2,
        updated_photos=1,
        unchanged_photos=12_342,
        fetched_files=31,
        fetched_bytes=1_540_000,
        written_albums=1,
        unavailable={"images/original/7.mov": "page"},
        videos_without_file=8,
        calls=1_057,
    )
    first = (
        "2 new photos, 1 updated, 12,342 unchanged; 31 files (1.5 MB), 1 album, 0 collections; "
        "1,057 calls"
    )
    assert report.summarize() == [
        first,
        "kept here: 2 photos, 1 album that left Flickr",
        "not available: images/original/7.mov: page",
        "complete: 12,345 of 12,345 photos, 8 videos without a file",
    ]
    report.failed["53"] = "HTTP 500"
    assert report.summarize()[-2:] == [
        "failed: 53: HTTP 500",
        "incomplete: 12,345 of 12,345 photos, 1 failed, 8 videos without a file; "
        "run it again to go on",
    ]


def test_removed_names_are_those_of_files() -> None:
    names = ["ia/photos/53.json", "images/original/53.jpg"]
    assert "2 files moved to .trash/" in Report(removed=names).summarize()


def test_originals_of_favorites_are_a_count() -> None:
    own = {f"images/original/{one}.jpg": "page" for one in range(MOST_PICTURES - 1)}
    own |= {"favorites/images/large/5.jpg": "page"}
    favorites = {f"favorites/images/original/{one}.jpg": "page" for one in range(1200)}
    video = {"favorites/images/original/5.mp4": "page"}
    lines = [
        line for line in Report(unavailable=favorites | own | video).summarize() if "not" in line
    ]
    assert lines == [
        "not available: favorites/images/original/5.mp4: page",
        *(f"not available: {name}: page" for name in own),
        "not available: 1,200 originals of favorites, not shared by their owners",
    ]


def test_json_of_a_dry_run_has_null_for_what_it_does_not_know() -> None:
    unknown = {
        *("is_complete", "photos_at_flickr", "photos_in_mirror"),
        *("deleted_at_flickr", "kept_albums", "kept_collections"),
        *("unchanged_photos", "videos_without_file"),
    }
    values = Report(is_dry_run=True, unchanged_photos=1).to_dict()
    assert {name for name in unknown if values[name] is None} == unknown
    assert values["planned"] == values["fetched_files"] == 0
    assert Report(photos_at_flickr=1, photos_in_mirror=1).to_dict()["is_complete"] is True


def test_mirror_that_a_stopped_run_left_is_to_be_completed() -> None:
    report = VerifyReport("photos")
    report.add(Finding("inconsistent", "ia/photos/53.json"))
    assert report.advise() == (
        "1 fault: run `pyflickr-web downsync photos` to complete these photos, "
        "as after a run that was stopped"
    )
    report.add(Finding("damaged", "ia/photos/54.json"))
    assert report.advise().endswith("to fetch these files again")
