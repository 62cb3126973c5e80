"""Test the number of calls of a run, to the last one, and the order of its work."""

from __future__ import annotations

from typing import Any

import pytest

from tests.mirror.mirroring import Mirroring, read_files

ME = "10000000@N00"
# A run of an unchanged account: these calls, once each.
UNCHANGED = {
    "flickr.test.login": 1,
    "flickr.photosets.getList": 1,
    "flickr.photos.recentlyUpdated": 1,
    "flickr.collections.getTree": 1,
    "flickr.people.getPhotos": 1,
}


def _calls(mirroring: Mirroring) -> dict[str, int]:
    """Return the calls of the last run, without files."""
    calls = mirroring.sandbox.calls
    return {name: count for name, count in calls.items() if name != "files" and count}


def _expect(mirroring: Mirroring, *, info: bool, comments: bool, exif: bool) -> dict[str, int]:
    """Return the calls of a first run with originals, from what the account has."""
    store = mirroring.sandbox.store
    photos = store.all("SELECT id, media FROM photos WHERE owner = :me", me=ME)
    commented = store.value(
        "SELECT count(DISTINCT photo) FROM comments JOIN photos ON photos.id = photo "
        "WHERE owner = :me",
        me=ME,
    )
    groups = mirroring.call("people.getGroups", user_id=ME)["groups"]["group"]
    expected = {
        "flickr.photos.getInfo": len(photos) * info,
        "flickr.photos.getSizes": sum(photo["media"] == "video" for photo in photos),
        "flickr.photos.comments.getList": commented * comments,
        "flickr.photos.getExif": len(photos) * exif,
        "flickr.photosets.getPhotos": len(mirroring.list_albums()),
        "flickr.people.getGroups": 1,
        "flickr.groups.pools.getPhotos": len(groups),
    }
    return {name: count for name, count in expected.items() if count} | UNCHANGED


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ({}, {"info": True, "comments": True, "exif": False}),
        ({"exif": True}, {"info": True, "comments": True, "exif": True}),
        ({"metadata": "listing"}, {"info": False, "comments": False, "exif": False}),
        (
            {"metadata": "listing", "comments": True},
            {"info": False, "comments": True, "exif": False},
        ),
    ],
    ids=str,
)
def test_first_run_makes_no_other_calls(
    mirroring: Mirroring, options: dict[str, Any], expected: dict[str, bool]
) -> None:
    calls = _expect(mirroring, **expected)
    assert calls["flickr.photos.getSizes"] and calls["flickr.groups.pools.getPhotos"]
    assert mirroring.run(sizes="original", **options).is_complete
    assert _calls(mirroring) == calls
    mirroring.run(sizes="original", **options)
    assert _calls(mirroring) == UNCHANGED


def test_changed_photo_costs_its_own_calls(mirroring: Mirroring) -> None:
    mirroring.begin(sizes="thumbnail")
    photo_id = mirroring.list_photos()[0]["id"]
    store = mirroring.sandbox.store
    store.run("DELETE FROM comments WHERE photo = :id", id=int(photo_id))
    for comments in (0, 1):
        if comments:
            mirroring.call("photos.comments.addComment", photo_id=photo_id, comment_text="Oh")
        store.run(
            "UPDATE photos SET title = title || 'x', lastupdate = "
            "(SELECT max(lastupdate) + 9 FROM photos) WHERE id = :id",
            id=int(photo_id),
        )
        mirroring.run(sizes="thumbnail")
        expected = UNCHANGED | {"flickr.photos.getInfo": 1}
        assert _calls(mirroring) == expected | (
            {"flickr.photos.comments.getList": 1} if comments else {}
        )


def test_full_run_of_an_unchanged_account_lists_albums_and_pools_too(mirroring: Mirroring) -> None:
    mirroring.begin(sizes="thumbnail")
    expected = _expect(mirroring, info=False, comments=False, exif=False)
    del expected["flickr.photos.getSizes"]
    mirroring.run(sizes="thumbnail", full=True)
    assert _calls(mirroring) == expected


def test_metadata_and_originals_come_first_and_small_sizes_last(mirroring: Mirroring) -> None:
    mirroring.sandbox.requests.clear()
    assert mirroring.run(sizes="original,small,thumbnail", workers=1).is_complete
    order = []
    for request in sorted(mirroring.sandbox.requests, key=lambda request: request.number):
        if request.url.endswith(("_m.jpg", "_t.jpg")):
            order.append("size")
        elif "_o." in request.url:
            order.append("original")
        elif request.method in ("flickr.photos.getInfo", "flickr.photosets.getPhotos"):
            order.append(request.method)
    first_size = order.index("size")
    assert set(order[first_size:]) == {"size"}
    assert order[:4] == ["flickr.photos.getInfo", "original"] * 2
    assert order.index("flickr.photosets.getPhotos") < first_size


def test_accounts_of_many_pages_are_mirrored_alike(
    mirroring: Mirroring, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Photos, albums, photos in an album and favorites beyond the largest page of a listing."""
    quiet = mirroring.folder.parent / "quiet"
    mirroring.run(quiet, sizes="thumbnail", favorites=True)
    monkeypatch.setattr("pyflickr_web.mirror.listing.PER_PAGE", 5)
    assert mirroring.run(sizes="thumbnail", favorites=True).is_complete
    assert mirroring.sandbox.calls["flickr.photosets.getList"] > 1
    assert read_files(mirroring.folder) == read_files(quiet)


def test_more_changes_than_flickr_lists_are_found_by_the_stream(
    mirroring: Mirroring, monkeypatch: pytest.MonkeyPatch
) -> None:
    mirroring.begin(sizes="thumbnail")
    monkeypatch.setattr("pyflickr_web.mirror.listing.MOST_CHANGES", 5)
    ids = [photo["id"] for photo in mirroring.list_photos()]
    # Before the stream, one call finds the new mark.
    for number, calls in ((5, 1), (6, 2)):
        mirroring.sandbox.store.run(
            "UPDATE photos SET title = title || 'x', lastupdate = "
            f"(SELECT max(lastupdate) + 7200 FROM photos) WHERE id IN ({','.join(ids[:number])})"
        )
        assert mirroring.run(sizes="thumbnail").updated_photos == number
        assert mirroring.sandbox.calls["flickr.photos.recentlyUpdated"] == calls


def test_change_that_appears_up_to_an_hour_late_is_found(mirroring: Mirroring) -> None:
    mirroring.begin(sizes="thumbnail")
    store, photo_id = mirroring.sandbox.store, mirroring.list_photos()[0]["id"]
    mark = store.value("SELECT max(lastupdate) FROM photos WHERE owner = :me", me=ME)
    store.run(
        "UPDATE photos SET title = 'Late', lastupdate = :time WHERE id = :id",
        time=mark - 3500,
        id=int(photo_id),
    )
    assert mirroring.run(sizes="thumbnail").updated_photos == 1


def test_run_that_ends_early_does_not_move_the_mark(mirroring: Mirroring) -> None:
    mirroring.begin(sizes="thumbnail")
    ids = [photo["id"] for photo in mirroring.list_photos()]
    for photo_id, hours in ((ids[0], 2), (ids[1], 9)):
        mirroring.sandbox.store.run(
            "UPDATE photos SET title = 'New', lastupdate = lastupdate + :time WHERE id = :id",
            time=10**8 + hours * 3600,
            id=int(photo_id),
        )

    def interrupt(event: Any) -> None:
        if getattr(event, "step", "") == "albums":
            raise KeyboardInterrupt

    def stop(event: Any) -> None:
        if getattr(event, "step", "") == "photos":
            raise KeyboardInterrupt

    for on_event, updated in ((stop, 0), (interrupt, 2)):
        with pytest.raises(KeyboardInterrupt):
            mirroring.run(sizes="thumbnail", on_event=on_event)
        assert mirroring.sandbox.calls["flickr.photos.getInfo"] == updated
    assert mirroring.run(sizes="thumbnail").is_complete
    assert mirroring.sandbox.calls["flickr.photos.getInfo"] == 0
