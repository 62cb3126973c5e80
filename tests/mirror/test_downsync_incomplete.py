"""Test that listings that are empty, short or of another shape overwrite nothing, and are read again."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.mirror.mirroring import Mirroring, edit_answers, read_document, read_files

SIZES = "thumbnail"
Answer = dict[str, Any]
Edit = Callable[[Answer], None]
GROUPS = "flickr.people.getGroups"
POOL = "flickr.groups.pools.getPhotos"
ALBUM = "flickr.photosets.getPhotos"


def _find_body(answer: Answer) -> Answer:
    """Return the object that has the list."""
    return next(one for one in answer.values() if isinstance(one, dict))


def _empty_object(answer: Answer) -> None:
    _find_body(answer).clear()


def _no_object(answer: Answer) -> None:
    answer.clear()


def _empty_list(answer: Answer) -> None:
    _find_body(answer)["photo"] = []


def _empty_text(answer: Answer) -> None:
    _find_body(answer)["photo"] = ""


def _one_of_many(answer: Answer) -> None:
    del _find_body(answer)["photo"][1:]


def _empty(answer: Answer) -> None:
    """A list as Flickr gives it for none, with a total as text."""
    _find_body(answer).update(photo=[], total="0", pages=0)


def _once(edit: Edit) -> Edit:
    """Return an edit that is done once only."""
    edits = [edit]
    return lambda answer: edits.pop()(answer) if edits else None


every_shape = pytest.mark.parametrize(
    "edit", [_empty_object, _no_object, _empty_list, _empty_text, _one_of_many]
)


def _touch_album(mirroring: Mirroring) -> str:
    """Give the largest album a new date of change, and return its id."""
    album = max(mirroring.list_albums(), key=lambda one: one["photos"])
    mirroring.sandbox.store.run(
        "UPDATE photosets SET updated = updated + 1000 WHERE id = :id", id=int(album["id"])
    )
    return str(album["id"])


def _read_album(mirroring: Mirroring, album_id: str) -> list[str]:
    photos: list[str] = read_document(mirroring.folder, f"ia/photosets/{album_id}.json")["photos"]
    return photos


@every_shape
@pytest.mark.parametrize("full", [False, True])
def test_incomplete_album_stays_until_a_run_lists_it(
    mirroring: Mirroring, monkeypatch: pytest.MonkeyPatch, edit: Edit, full: bool
) -> None:
    mirroring.begin(sizes=SIZES)
    files = read_files(mirroring.folder)
    album = _touch_album(mirroring)
    for _ in range(2):
        with monkeypatch.context() as patch:
            edit_answers(patch, ALBUM, edit)
            report = mirroring.run(sizes=SIZES, full=full)
        assert f"album {album}" in report.failed
        assert read_files(mirroring.folder) == files
    failed = [name for name in report.failed if name.startswith("album ")]
    assert len(failed) > 1 if full else len(failed) == 1
    report = mirroring.run(sizes=SIZES)
    assert report.is_complete and report.written_albums == 1
    # Also those that did not change, which only a full run reads otherwise.
    assert mirroring.sandbox.calls[ALBUM] == len(failed)


@pytest.mark.parametrize("edit", [_empty, _empty_list, _one_of_many])
def test_album_is_read_a_second_time_if_items_are_missing(
    mirroring: Mirroring, monkeypatch: pytest.MonkeyPatch, edit: Edit
) -> None:
    mirroring.begin(sizes=SIZES)
    album = _touch_album(mirroring)
    before = _read_album(mirroring, album)
    edit_answers(monkeypatch, ALBUM, _once(edit))
    assert mirroring.run(sizes=SIZES).is_complete
    assert mirroring.sandbox.calls[ALBUM] == 2
    assert _read_album(mirroring, album) == before


def test_album_that_two_readings_show_to_be_empty_is_emptied(
    mirroring: Mirroring, monkeypatch: pytest.MonkeyPatch
) -> None:
    mirroring.begin(sizes=SIZES)
    album = _touch_album(mirroring)
    edit_answers(monkeypatch, ALBUM, _empty)
    assert mirroring.run(sizes=SIZES).is_complete
    assert _read_album(mirroring, album) == []


def test_album_of_another_person_with_hidden_photos_is_complete(
    mirroring: Mirroring, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its total counts a photo that the caller may not see."""
    other = str(
        mirroring.sandbox.store.value(
            "SELECT owner FROM photosets WHERE owner != :own LIMIT 1",
            own=mirroring.sandbox.account.user_id,
        )
    )
    mirroring.run(sizes=SIZES, user=other)
    files = read_files(mirroring.folder)

    def hide(answer: Answer) -> None:
        answer["photoset"]["total"] += 1

    edit_answers(monkeypatch, ALBUM, hide)
    for _ in range(2):
        report = mirroring.run(sizes=SIZES, user=other, full=True)
        assert not report.failed, report.failed
        assert read_files(mirroring.folder) == files


@every_shape
@pytest.mark.parametrize("is_earlier", [False, True], ids=["counts", "earlier version"])
def test_incomplete_pool_stays_until_a_run_lists_it(
    mirroring: Mirroring, monkeypatch: pytest.MonkeyPatch, edit: Edit, is_earlier: bool
) -> None:
    mirroring.begin(sizes=SIZES)
    files = read_files(mirroring.folder)
    if is_earlier and edit is not _one_of_many:
        journal = mirroring.folder / ".mirror/journal"
        journal.write_text(journal.read_text() + '["state", "groups", null]\n')
    with monkeypatch.context() as patch:
        edit_answers(patch, POOL, edit)
        report = mirroring.run(sizes=SIZES, pools=True)
    assert report.failed and all(name.startswith("group ") for name in report.failed)
    assert read_files(mirroring.folder) == files
    assert mirroring.run(sizes=SIZES).is_complete
    assert mirroring.sandbox.calls[POOL]
    assert read_files(mirroring.folder) == files


@pytest.mark.parametrize("edit", [_empty_list, _one_of_many])
def test_pool_with_hidden_photos_fails_one_run_at_most(
    mirroring: Mirroring, monkeypatch: pytest.MonkeyPatch, edit: Edit
) -> None:
    """Photos left the pool, and its total counts others that the caller may not see."""
    mirroring.begin(sizes=SIZES)
    edit_answers(monkeypatch, POOL, edit)
    assert mirroring.run(sizes=SIZES, pools=True).failed
    for _ in range(2):
        assert mirroring.run(sizes=SIZES, pools=True).is_complete


@pytest.mark.parametrize("edit", [_empty_object, _no_object])
def test_groups_without_a_list_stay(
    mirroring: Mirroring, monkeypatch: pytest.MonkeyPatch, edit: Edit
) -> None:
    mirroring.begin(sizes=SIZES)
    files = read_files(mirroring.folder)
    with monkeypatch.context() as patch:
        edit_answers(patch, GROUPS, edit)
        report = mirroring.run(sizes=SIZES, pools=True)
    assert report.failed.keys() == {"groups"}
    assert read_files(mirroring.folder) == files
    assert mirroring.run(sizes=SIZES).is_complete
    assert mirroring.sandbox.calls[GROUPS]


def test_person_who_left_all_groups_fails_one_run_at_most(
    mirroring: Mirroring, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Flickr may leave an empty list out."""
    mirroring.begin(sizes=SIZES)
    edit_answers(monkeypatch, GROUPS, _empty_object)
    assert mirroring.run(sizes=SIZES, pools=True).failed
    for _ in range(2):
        assert mirroring.run(sizes=SIZES, pools=True).is_complete
    contexts = (mirroring.folder / "ia/photos/contexts").iterdir()
    assert not any("pool" in file.read_text() for file in contexts)


@pytest.mark.parametrize("is_left_out", [False, True], ids=["empty list", "no list"])
def test_account_without_anything_is_complete(
    mirroring: Mirroring, monkeypatch: pytest.MonkeyPatch, is_left_out: bool
) -> None:
    for table in ("photosets", "collections", "group_members", "favorites", "comments"):
        mirroring.sandbox.store.run(f"DELETE FROM {table}")
    if is_left_out:
        for method in (GROUPS, "flickr.collections.getTree"):
            edit_answers(monkeypatch, method, _empty_object)
    report = mirroring.run(sizes=SIZES, favorites=True)
    assert report.is_complete, report.failed
