"""Test that albums, groups and collections that a run cannot list stay, are reported, and come later."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest

from pyflickr_web.core.paging import find_items
from pyflickr_web.mirror.session.session import Session
from tests.mirror.mirroring import Mirroring, read_files

if TYPE_CHECKING:
    from pyflickr_web.core.flow import Flow

SIZES = "thumbnail"
Edit = Callable[[dict[str, Any]], None]


def _edit_answers(monkeypatch: pytest.MonkeyPatch, method: str, edit: Edit) -> None:
    """Edit the answers of a method before a run sees them."""
    call = Session.call

    def answer(session: Session, name: str, values: dict[str, Any]) -> Flow:
        found = yield from call(session, name, values)
        if name == method:
            edit(found)
        return found

    monkeypatch.setattr(Session, "call", answer)


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


@pytest.mark.parametrize("method", ["flickr.groups.pools.getPhotos"])
def test_groups_that_change_while_they_are_listed_stay_as_they_are(
    mirroring: Mirroring, monkeypatch: pytest.MonkeyPatch, method: str
) -> None:
    mirroring.begin(sizes=SIZES)
    files = read_files(mirroring.folder)
    with monkeypatch.context() as patch:
        _edit_answers(patch, method, _repeat_item)
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
        _edit_answers(patch, "flickr.photosets.getPhotos", _repeat_item)
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
    _edit_answers(monkeypatch, "flickr.photosets.getList", _repeat_item)
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
        _edit_answers(monkeypatch, "flickr.photosets.getPhotos", edit)
    else:
        mirroring.sandbox.fail("flickr.photosets.getPhotos", 77, "Out of order")
    report = mirroring.run(sizes=SIZES, albums=[first, second])
    assert list(report.failed) == [f"album {first}"]
    present = {file.stem for file in (mirroring.folder / "ia/photos").glob("*.json")}
    assert present == {photo["id"] for photo in listed}
