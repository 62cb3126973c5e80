"""Test what a run lists: every photo and album, whatever their number and kind, and nothing in vain."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from pyflickr_web.mirror.session.session import Session
from tests.mirror.mirroring import FirstRuns, Mirroring, read_files


def _read(file: Path) -> Any:
    return json.loads(file.read_bytes())


def _pools(mirroring: Mirroring) -> dict[str, set[str]]:
    """Return the groups of each photo, in the mirror."""
    return {
        file.stem: {pool["id"] for pool in _read(file).get("pool", [])}
        for file in (mirroring.folder / "ia/photos/contexts").iterdir()
    }


def test_photos_of_every_kind_are_mirrored(mirroring: Mirroring) -> None:
    """Also restricted ones, screenshots, other and virtual photos, and private ones."""
    photos = mirroring.list_photos()
    for number, photo in enumerate(photos[:8]):
        mirroring.sandbox.store.run(
            "UPDATE photos SET content_type = :kind, safety_level = :safety, ispublic = :public "
            "WHERE id = :id",
            kind=number % 4,
            safety=number % 3,
            public=number % 2,
            id=int(photo["id"]),
        )
    mirroring.sandbox.requests.clear()
    report = mirroring.run(sizes="thumbnail", remove_deleted=True)
    assert report.is_complete, report.summarize()
    assert report.photos_in_mirror == len(photos)
    asked = [
        one.arguments
        for one in mirroring.sandbox.requests
        if one.method == "flickr.people.getPhotos"
    ]
    assert len(asked) == 2
    # Today's argument: `content_type`, of which 7 meant all, is older than virtual photos.
    wanted = {"content_types": "0,1,2,3", "safe_search": "3"}
    assert all(wanted.items() <= one.items() and "content_type" not in one for one in asked)


def test_photo_that_changes_during_a_long_listing_is_found(
    mirroring: Mirroring, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A computer that sleeps in between: two photos change, an hour and more apart."""
    monkeypatch.setattr("pyflickr_web.mirror.listing.PER_PAGE", 10)
    store, photos = mirroring.sandbox.store, mirroring.list_photos()
    now = store.value("SELECT max(lastupdate) FROM photos")

    def change(event: Any) -> None:
        if getattr(event, "step", "") == "listing" and getattr(event, "done", 0) == 10:
            for photo, hours in ((photos[0], 2), (photos[-1], 9)):
                store.run(
                    "UPDATE photos SET title = 'New', lastupdate = :time WHERE id = :id",
                    time=now + hours * 3600,
                    id=int(photo["id"]),
                )

    mirroring.run(sizes="thumbnail", metadata="listing", on_event=change)
    assert mirroring.run(sizes="thumbnail", metadata="listing").updated_photos == 1
    info = _read(mirroring.folder / f"ia/photos/{photos[0]['id']}.json")
    assert info["title"]["_content"] == "New"


def test_full_run_finds_changes_that_flickr_dates_nowhere(mirroring: Mirroring) -> None:
    """A photo's location, who may see it, and if its date is known."""
    mirroring.begin(sizes="thumbnail")
    located = [
        photo["id"]
        for photo in mirroring.call("photos.getWithGeoData", per_page=500)["photos"]["photo"]
    ]
    changes = (
        "geo_public = 0, geo_friend = 1",
        "geo_context = 2",
        "takenunknown = 1 - takenunknown",
    )
    other = next(one["id"] for one in mirroring.list_photos() if one["id"] not in located)
    for photo_id, change in zip((*located[:2], other), changes, strict=True):
        mirroring.sandbox.store.run(f"UPDATE photos SET {change} WHERE id = :id", id=int(photo_id))
    assert mirroring.run(sizes="thumbnail").updated_photos == 0
    assert mirroring.run(sizes="thumbnail", full=True).updated_photos == 3
    assert mirroring.run(sizes="thumbnail", full=True).updated_photos == 0


def test_albums_are_chosen_by_a_title_that_several_have(mirroring: Mirroring) -> None:
    albums = mirroring.list_albums()[:2]
    for album in albums:
        mirroring.sandbox.store.run(
            "UPDATE photosets SET title = 'Été, 夏 🏖' WHERE id = :id", id=album["id"]
        )
    mirroring.run(sizes="thumbnail", albums=["Été, 夏 🏖"])
    wanted: set[str] = set()
    for album in albums:
        found = mirroring.call("photosets.getPhotos", photoset_id=album["id"])["photoset"]
        wanted |= {photo["id"] for photo in found["photo"]}
    assert {file.stem for file in (mirroring.folder / "ia/photos").glob("*.json")} == wanted


def test_group_that_failed_is_read_again(mirroring: Mirroring, first_runs: FirstRuns) -> None:
    quiet = read_files(first_runs.make(sizes="thumbnail"))
    mirroring.sandbox.fail("flickr.groups.pools.getPhotos", 77, "Out of order")
    assert next(iter(mirroring.run(sizes="thumbnail").failed)).startswith("group ")
    assert not any(_pools(mirroring).values())
    assert mirroring.run(sizes="thumbnail").is_complete
    assert any(_pools(mirroring).values())
    assert read_files(mirroring.folder) == quiet
    # A later failure, too, leaves what is known, and is tried again.
    mirroring.sandbox.fail("flickr.groups.pools.getPhotos", 77, "Out of order")
    assert mirroring.run(sizes="thumbnail", pools=True).failed
    assert read_files(mirroring.folder) == quiet
    mirroring.run(sizes="thumbnail")
    assert mirroring.sandbox.calls["flickr.groups.pools.getPhotos"]
    mirroring.run(sizes="thumbnail")
    assert not mirroring.sandbox.calls["flickr.groups.pools.getPhotos"]


@pytest.mark.parametrize("rows", [None, 5, {"a": 1}, "x"], ids=str)
def test_tree_of_another_shape_removes_no_collection(
    mirroring: Mirroring, monkeypatch: pytest.MonkeyPatch, rows: Any
) -> None:
    mirroring.begin(sizes="thumbnail")
    files = read_files(mirroring.folder)
    call = Session.call

    def answer(session: Session, method: str, values: dict[str, Any]) -> Any:
        if method == "flickr.collections.getTree":
            return {"collections": {"collection": rows}}
        return (yield from call(session, method, values))

    monkeypatch.setattr(Session, "call", answer)
    assert not mirroring.run(sizes="thumbnail", remove_deleted=True).removed
    assert read_files(mirroring.folder) == files
