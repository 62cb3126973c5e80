"""Test that photos have their albums and groups in their contexts, also those that come late or left."""

from __future__ import annotations

import json

import pytest

from tests.mirror.mirroring import FirstRuns, Mirroring, edit_answers, read_document, read_files

SIZES = "thumbnail"


def test_photo_that_failed_when_the_groups_were_listed_gets_its_groups(
    either: Mirroring, first_runs: FirstRuns
) -> None:
    quiet = read_files(first_runs.make(sizes=SIZES))
    count = len(either.list_photos())
    either.sandbox.fail("flickr.photos.getInfo", 77, "Out of order", times=count)
    assert len(either.run(sizes=SIZES).failed) == count
    either.sandbox.faults.clear()
    assert either.run(sizes=SIZES).is_complete
    assert read_files(either.folder) == quiet
    either.run(sizes=SIZES)
    assert not either.sandbox.calls["flickr.groups.pools.getPhotos"]


@pytest.mark.parametrize("part", ["getInfo", "comments.getList"])
def test_photo_that_fails_all_the_time_costs_no_listing_of_groups(
    mirroring: Mirroring, part: str
) -> None:
    for times in (1, None):
        mirroring.sandbox.fail(f"flickr.photos.{part}", 77, "Out of order", times=times)
        assert len(mirroring.run(sizes=SIZES).failed) == 1
    assert not mirroring.sandbox.calls["flickr.people.getGroups"]


def test_groups_of_a_late_photo_that_fail_are_listed_by_the_next_run(
    mirroring: Mirroring, first_runs: FirstRuns
) -> None:
    quiet = read_files(first_runs.make(sizes=SIZES))
    count = len(mirroring.list_photos())
    for method, times in (("flickr.photos.getInfo", count), ("flickr.people.getGroups", 1)):
        mirroring.sandbox.fail(method, 77, "Out of order", times=times)
        assert mirroring.run(sizes=SIZES).failed
        mirroring.sandbox.faults.clear()
    assert mirroring.run(sizes=SIZES).is_complete
    assert read_files(mirroring.folder) == quiet


def test_failed_photo_that_a_run_over_a_part_fetched_gets_its_groups(
    mirroring: Mirroring, first_runs: FirstRuns
) -> None:
    quiet = read_files(first_runs.make(sizes=SIZES))
    count = len(mirroring.list_photos())
    mirroring.sandbox.fail("flickr.photos.getInfo", 77, "Out of order", times=count)
    assert len(mirroring.run(sizes=SIZES).failed) == count
    mirroring.sandbox.faults.clear()
    assert mirroring.run(sizes=SIZES, since="1990-01-01").is_complete
    assert mirroring.run(sizes=SIZES).is_complete
    assert read_files(mirroring.folder) == quiet


def test_videos_that_earlier_runs_left_out_get_their_groups(
    mirroring: Mirroring, first_runs: FirstRuns
) -> None:
    quiet = read_files(first_runs.make(sizes=SIZES))
    videos = {one["id"] for one in mirroring.list_photos() if one["media"] == "video"}
    names = {f"ia/photos/contexts/{one}.json" for one in videos}
    assert any("pool" in json.loads(quiet[name]) for name in names)
    mirroring.run(sizes=SIZES, videos=False)
    assert not names & read_files(mirroring.folder).keys()
    mirroring.run(sizes=SIZES)
    assert read_files(mirroring.folder) == quiet
    mirroring.run(sizes=SIZES)
    assert not mirroring.sandbox.calls["flickr.people.getGroups"]


@pytest.mark.parametrize(("most", "lookups", "listings"), [(3, 3, 1), (2, 0, 2)])
def test_many_photos_that_left_an_album_are_looked_up_by_one_listing(
    mirroring: Mirroring, monkeypatch: pytest.MonkeyPatch, most: int, lookups: int, listings: int
) -> None:
    """One of three left Flickr: its contexts stay. The number of photos takes a listing, too."""
    album = max(mirroring.list_albums(), key=lambda album: album["photos"])["id"]
    store = mirroring.sandbox.store
    store.run("DELETE FROM photosets WHERE id <> :id", id=album)
    mirroring.run(sizes=SIZES)
    monkeypatch.setattr("pyflickr_web.mirror.steps.context_candidates.MOST_LOOKUPS", most)
    photos = read_document(mirroring.folder, f"ia/photosets/{album}.json")["photos"][:3]
    mirroring.call("photos.delete", photo_id=photos[0])
    for photo_id in photos[1:]:
        mirroring.call("photosets.removePhoto", photoset_id=album, photo_id=photo_id)
    store.run("UPDATE photosets SET updated = updated + 1000 WHERE id = :id", id=album)
    assert mirroring.run(sizes=SIZES).is_complete
    assert mirroring.sandbox.calls["flickr.photos.getInfo"] == lookups
    assert mirroring.sandbox.calls["flickr.people.getPhotos"] == listings
    contexts = [read_document(mirroring.folder, f"ia/photos/contexts/{one}.json") for one in photos]
    present = [album in [item["id"] for item in one.get("set", [])] for one in contexts]
    assert present == [True, False, False]


def test_photos_that_an_incomplete_listing_lacks_do_not_count_as_deleted(
    mirroring: Mirroring, monkeypatch: pytest.MonkeyPatch
) -> None:
    mirroring.begin(sizes=SIZES)
    monkeypatch.setattr("pyflickr_web.mirror.steps.context_candidates.MOST_LOOKUPS", 0)
    album = max(mirroring.list_albums(), key=lambda album: album["photos"])["id"]
    # Not the newest photo, which is listed as changed.
    photo_id = read_document(mirroring.folder, f"ia/photosets/{album}.json")["photos"][1]
    mirroring.call("photosets.removePhoto", photoset_id=album, photo_id=photo_id)
    mirroring.sandbox.store.run(
        "UPDATE photosets SET updated = updated + 1000 WHERE id = :id", id=album
    )
    edit_answers(
        monkeypatch, "flickr.people.getPhotos", lambda answer: answer["photos"].update(photo=[])
    )
    assert mirroring.run(sizes=SIZES).is_complete
    assert mirroring.sandbox.calls["flickr.people.getPhotos"] == 2
    contexts = read_document(mirroring.folder, f"ia/photos/contexts/{photo_id}.json")
    assert album not in [item["id"] for item in contexts.get("set", [])]
