"""Test that albums, groups and collections that a run cannot list stay, are reported, and come later."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from flickr_sandbox import Fault
from pyflickr_web.core.paging import find_items
from pyflickr_web.errors import FlickrError, LoginError, NotFoundError, RateLimitError
from tests.mirror.mirroring import FirstRuns, Mirroring, edit_answers, read_files, skip_pauses

SIZES = "thumbnail"
# The methods that list parts of an account, with the names of the parts.
PARTS = {
    "flickr.photosets.getList": "albums",
    "flickr.people.getGroups": "groups",
    "flickr.collections.getTree": "collections",
    "flickr.favorites.getList": "favorites",
}
every_part = pytest.mark.parametrize("method", PARTS)


def _repeat_item(answer: dict[str, Any]) -> None:
    """Replace the last item of a page by the first, as if the pages had moved meanwhile."""
    _, items = find_items(answer)
    items[-1:] = items[:1]


def _touch_albums(mirroring: Mirroring) -> None:
    """Remove a photo from each album, and give the albums a new date of change."""
    for album in mirroring.list_albums():
        values = {"photoset_id": album["id"]}
        photos = mirroring.call("photosets.getPhotos", **values)["photoset"]["photo"]
        mirroring.call("photosets.removePhoto", **values, photo_id=photos[-1]["id"])
    mirroring.sandbox.store.run("UPDATE photosets SET updated = updated + 1000")


@pytest.mark.parametrize("method", ["flickr.people.getGroups", "flickr.groups.pools.getPhotos"])
def test_groups_that_change_while_they_are_listed_stay_as_they_are(
    mirroring: Mirroring, monkeypatch: pytest.MonkeyPatch, method: str
) -> None:
    mirroring.begin(sizes=SIZES)
    files = read_files(mirroring.folder)
    with monkeypatch.context() as patch:
        edit_answers(patch, method, _repeat_item)
        report = mirroring.run(sizes=SIZES, pools=True)
    assert any(name.startswith("group") for name in report.failed)
    assert all("changed each time" in reason for reason in report.failed.values())
    assert read_files(mirroring.folder) == files
    assert mirroring.run(sizes=SIZES).is_complete
    assert mirroring.sandbox.calls["flickr.groups.pools.getPhotos"]


def test_album_that_changes_while_it_is_listed_stays_until_the_next_run(
    mirroring: Mirroring, monkeypatch: pytest.MonkeyPatch
) -> None:
    mirroring.begin(sizes=SIZES)
    _touch_albums(mirroring)
    files = read_files(mirroring.folder)
    with monkeypatch.context() as patch:
        edit_answers(patch, "flickr.photosets.getPhotos", _repeat_item)
        report = mirroring.run(sizes=SIZES)
    albums = mirroring.list_albums()
    assert report.failed.keys() >= {f"album {one['id']}" for one in albums if one["photos"] > 1}
    kept = [one["id"] for one in albums if f"album {one['id']}" in report.failed]
    for album_id in kept:
        name = f"ia/photosets/{album_id}.json"
        assert (mirroring.folder / name).read_bytes() == files[name]
    assert mirroring.run(sizes=SIZES).written_albums == len(kept)


def test_albums_that_change_while_they_are_listed_are_reported(
    mirroring: Mirroring, monkeypatch: pytest.MonkeyPatch
) -> None:
    mirroring.begin(sizes=SIZES)
    files = read_files(mirroring.folder)
    edit_answers(monkeypatch, "flickr.photosets.getList", _repeat_item)
    assert "changed each time" in mirroring.run(sizes=SIZES).failed["albums"]
    assert read_files(mirroring.folder) == files


@pytest.mark.parametrize("is_changing", [True, False], ids=["changes", "error"])
def test_chosen_album_that_fails_leaves_the_others(
    mirroring: Mirroring, monkeypatch: pytest.MonkeyPatch, is_changing: bool
) -> None:
    first, second = [album["id"] for album in mirroring.list_albums() if album["photos"] > 1][:2]
    values = {"photoset_id": second}
    listed = mirroring.call("photosets.getPhotos", **values)["photoset"]["photo"]

    def edit(answer: dict[str, Any]) -> None:
        if answer["photoset"]["id"] == first:
            _repeat_item(answer)

    if is_changing:
        edit_answers(monkeypatch, "flickr.photosets.getPhotos", edit)
    else:
        mirroring.sandbox.fail("flickr.photosets.getPhotos", 77, "Out of order")
    report = mirroring.run(sizes=SIZES, albums=[first, second])
    assert list(report.failed) == [f"album {first}"]
    present = {file.stem for file in (mirroring.folder / "ia/photos").glob("*.json")}
    assert present == {photo["id"] for photo in listed}


@every_part
def test_part_that_flickr_does_not_list_is_left_to_the_next_run(
    either: Mirroring, first_runs: FirstRuns, method: str
) -> None:
    quiet = read_files(first_runs.make(sizes=SIZES, favorites=True))
    either.sandbox.fail(method, 77, "Out of order", times=None)
    report = either.run(sizes=SIZES, favorites=True)
    assert report.failed.keys() == {PARTS[method]}
    assert "Out of order (code 77)" in report.failed[PARTS[method]]
    assert not report.is_complete
    pictures = {name: data for name, data in quiet.items() if name.startswith("images/thumbnail/")}
    assert pictures.items() <= read_files(either.folder).items()
    either.sandbox.faults.clear()
    report = either.run(sizes=SIZES, favorites=True)
    assert report.is_complete, report.summarize()
    assert either.sandbox.calls["flickr.photos.getInfo"] == report.fetched_favorites
    assert read_files(either.folder) == quiet


@every_part
def test_part_that_fails_later_stays_as_it_is(mirroring: Mirroring, method: str) -> None:
    mirroring.begin(sizes=SIZES, favorites=True)
    files = read_files(mirroring.folder)
    mirroring.sandbox.fail(method, 77, "Out of order", times=None)
    options: dict[str, Any] = {"sizes": SIZES, "favorites": True, "pools": True}
    for full in (False, True):
        assert mirroring.run(full=full, **options).failed.keys() == {PARTS[method]}
        assert read_files(mirroring.folder) == files


def test_groups_that_failed_are_listed_by_the_next_run(mirroring: Mirroring) -> None:
    mirroring.begin(sizes=SIZES)
    mirroring.sandbox.fail("flickr.people.getGroups", 77, "Out of order")
    assert mirroring.run(sizes=SIZES, pools=True).failed
    for is_listed in (True, False):
        assert mirroring.run(sizes=SIZES).is_complete
        assert bool(mirroring.sandbox.calls["flickr.people.getGroups"]) == is_listed


@every_part
@pytest.mark.parametrize(
    ("fault", "kind"),
    [
        (Fault("error", code=1, message="User not found"), NotFoundError),
        (Fault("error", code=98, message="Invalid auth token"), LoginError),
        (Fault("429"), RateLimitError),
    ],
    ids=["deleted account", "withdrawn token", "limit"],
)
def test_error_of_the_account_still_ends_the_run(
    mirroring: Mirroring,
    monkeypatch: pytest.MonkeyPatch,
    method: str,
    fault: Fault,
    kind: type[FlickrError],
) -> None:
    mirroring.begin(sizes=SIZES, favorites=True)
    skip_pauses(monkeypatch)
    mirroring.sandbox.faults.add(fault, method)
    events: list[Any] = []
    with pytest.raises(kind) as raised:
        mirroring.run(sizes=SIZES, favorites=True, pools=True, on_event=events.append)
    assert events[-1].report.error == str(raised.value)


@pytest.mark.parametrize("method", [method for method in PARTS if "favorites" not in method])
def test_nothing_is_removed_without_all_listings(mirroring: Mirroring, method: str) -> None:
    mirroring.begin(sizes=SIZES)
    mirroring.call("photos.delete", photo_id=mirroring.list_photos()[0]["id"])
    mirroring.call("photosets.delete", photoset_id=mirroring.list_albums()[0]["id"])
    tree = mirroring.call("collections.getTree")["collections"]["collection"]
    mirroring.sandbox.store.run(
        "DELETE FROM collections WHERE id = :id OR parent = :id", id=tree[0]["id"]
    )
    mirroring.sandbox.fail(method, 77, "Out of order")
    report = mirroring.run(sizes=SIZES, remove_deleted=True, pools=True)
    assert not report.removed and not (mirroring.folder / ".trash").exists()
    reason = f"nothing was removed: {PARTS[method]} could not be listed; run it again"
    assert report.failed["remove_deleted"] == reason
    assert mirroring.run(sizes=SIZES, remove_deleted=True).removed


@pytest.mark.parametrize("method", ["flickr.photosets.getList", "flickr.collections.getTree"])
def test_dry_run_without_a_part_shows_the_rest(mirroring: Mirroring, method: str) -> None:
    mirroring.sandbox.fail(method, 77, "Out of order")
    report = mirroring.run(sizes=SIZES, dry_run=True, remove_deleted=True)
    assert report.failed.keys() == {PARTS[method], "remove_deleted"}
    assert report.planned > len(mirroring.list_photos())


def test_chosen_albums_need_the_list_of_albums(mirroring: Mirroring) -> None:
    mirroring.sandbox.fail("flickr.photosets.getList", 77, "Out of order")
    with pytest.raises(FlickrError, match="Out of order"):
        mirroring.run(sizes=SIZES, albums=["Alps"])


def test_removal_whose_listing_fails_is_left_to_the_next_run(mirroring: Mirroring) -> None:
    mirroring.begin(sizes=SIZES)
    mirroring.call("photos.delete", photo_id=mirroring.list_photos()[0]["id"])

    def fail(event: Any) -> None:
        if getattr(event, "step", "") == "deleting":
            mirroring.sandbox.fail("flickr.people.getPhotos", 77, "Out of order")

    report = mirroring.run(sizes=SIZES, remove_deleted=True, on_event=fail)
    assert "Out of order" in report.failed["remove_deleted"]
    assert not report.removed
    assert mirroring.run(sizes=SIZES, remove_deleted=True).removed


def test_number_of_photos_that_flickr_does_not_give_is_unknown(mirroring: Mirroring) -> None:
    mirroring.begin(sizes=SIZES)
    mirroring.sandbox.fail("flickr.people.getPhotos", 77, "Out of order")
    report = mirroring.run(sizes=SIZES)
    assert report.failed.keys() == {"photos"}
    assert (report.photos_at_flickr, report.deleted_at_flickr) == (None, 0)


def test_short_album_of_another_program_is_completed_after_a_failure(mirroring: Mirroring) -> None:
    """node-flickrapi writes the first 500 photos of an album, whose date of change stays."""
    album = max(mirroring.list_albums(), key=lambda album: album["photos"])
    file = mirroring.folder / f"ia/photosets/{album['id']}.json"
    file.parent.mkdir(parents=True)
    file.write_text(json.dumps({**album, "photos": []}))
    mirroring.sandbox.fail("flickr.photosets.getList", 77, "Out of order")
    assert mirroring.run(sizes=SIZES).failed.keys() == {"albums"}
    assert mirroring.run(sizes=SIZES).is_complete
    photos = json.loads(file.read_bytes())["photos"]
    assert len(photos) == album["photos"] + album["videos"]


def _lose_album(answer: dict[str, Any]) -> None:
    del answer["photosets"]["photoset"][0]


def _spoil_album(answer: dict[str, Any]) -> None:
    answer["photosets"]["photoset"][0]["id"] = "../1"


@pytest.mark.parametrize("edit", [_lose_album, _spoil_album])
def test_incomplete_list_of_albums_removes_none(
    mirroring: Mirroring, monkeypatch: pytest.MonkeyPatch, edit: Callable[[dict[str, Any]], None]
) -> None:
    mirroring.begin(sizes=SIZES)
    files = read_files(mirroring.folder)
    edit_answers(monkeypatch, "flickr.photosets.getList", edit)
    assert not mirroring.run(sizes=SIZES, remove_deleted=True).removed
    assert read_files(mirroring.folder) == files


def test_album_that_fails_leaves_the_others(mirroring: Mirroring) -> None:
    mirroring.begin(sizes=SIZES)
    _touch_albums(mirroring)
    count = len(mirroring.list_albums())
    mirroring.sandbox.fail("flickr.photosets.getPhotos", 77, "Out of order")
    report = mirroring.run(sizes=SIZES)
    [(name, reason)] = report.failed.items()
    assert name.startswith("album ") and "Out of order (code 77)" in reason
    assert report.written_albums == count - 1
    assert mirroring.run(sizes=SIZES).written_albums == 1


def test_album_that_failed_is_read_after_a_run_without_the_list_of_albums(
    mirroring: Mirroring,
) -> None:
    mirroring.begin(sizes=SIZES)
    album = next(album for album in mirroring.list_albums() if 1 < album["photos"] < 10)
    file = mirroring.folder / f"ia/photosets/{album['id']}.json"
    photos = json.loads(file.read_bytes())["photos"]
    others = [one["id"] for one in mirroring.list_photos() if one["media"] == "photo"]
    other = next(one for one in others if one not in photos)
    mirroring.call("photosets.addPhoto", photoset_id=album["id"], photo_id=other)
    removed = next(one for one in photos if one != album["primary"])
    mirroring.call("photosets.removePhoto", photoset_id=album["id"], photo_id=removed)
    # Only a full run sees the change, which leaves the number of photos.
    mirroring.sandbox.store.run(
        "UPDATE photosets SET updated = :updated WHERE id = :id",
        updated=int(album["date_update"]),
        id=int(album["id"]),
    )
    mirroring.sandbox.fail("flickr.photosets.getPhotos", 77, "Out of order", times=None)
    assert f"album {album['id']}" in mirroring.run(sizes=SIZES, full=True).failed
    mirroring.sandbox.faults.clear()
    mirroring.sandbox.fail("flickr.photosets.getList", 77, "Out of order")
    assert mirroring.run(sizes=SIZES).failed.keys() == {"albums"}
    assert mirroring.run(sizes=SIZES).is_complete
    assert json.loads(file.read_bytes())["photos"] == [
        one for one in [*photos, other] if one != removed
    ]
