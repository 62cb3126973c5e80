"""Test what a run lists: every photo and album, whatever their number and kind, and nothing in vain."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from pyflickr_web.mirror.session import Session
from tests.mirror.mirroring import Mirroring, read_files

ME = "10000000@N00"


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


def test_group_that_failed_is_read_again(mirroring: Mirroring) -> None:
    mirroring.run(tmp := mirroring.folder.parent / "quiet", sizes="thumbnail")
    mirroring.sandbox.fail("flickr.groups.pools.getPhotos", 77, "Out of order")
    assert next(iter(mirroring.run(sizes="thumbnail").failed)).startswith("group ")
    assert not any(_pools(mirroring).values())
    assert mirroring.run(sizes="thumbnail").is_complete
    assert any(_pools(mirroring).values())
    assert read_files(mirroring.folder) == read_files(tmp)
    # A later failure, too, leaves what is known, and is tried again.
    mirroring.sandbox.fail("flickr.groups.pools.getPhotos", 77, "Out of order")
    assert mirroring.run(sizes="thumbnail", pools=True).failed
    assert read_files(mirroring.folder) == read_files(tmp)
    mirroring.run(sizes="thumbnail")
    assert mirroring.sandbox.calls["flickr.groups.pools.getPhotos"]
    mirroring.run(sizes="thumbnail")
    assert not mirroring.sandbox.calls["flickr.groups.pools.getPhotos"]


@pytest.mark.parametrize("rows", [None, 5, {"a": 1}, "x"], ids=str)
def test_tree_of_another_shape_removes_no_collection(
    mirroring: Mirroring, monkeypatch: pytest.MonkeyPatch, rows: Any
) -> None:
    mirroring.run(sizes="thumbnail")
    files = read_files(mirroring.folder)
    call = Session.call

    def answer(session: Session, method: str, values: dict[str, Any]) -> Any:
        if method == "flickr.collections.getTree":
            return {"collections": {"collection": rows}}
        return (yield from call(session, method, values))

    monkeypatch.setattr(Session, "call", answer)
    assert not mirroring.run(sizes="thumbnail", remove_deleted=True).removed
    assert read_files(mirroring.folder) == files
