"""Test that listings that are empty, short or of another shape overwrite nothing, and are read again."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from flickr_sandbox import Fault
from tests.mirror.mirroring import FirstRuns, Mirroring, edit_answers, read_document, read_files

SIZES = "thumbnail"
Answer = dict[str, Any]
Edit = Callable[[Answer], None]
GROUPS = "flickr.people.getGroups"
POOL = "flickr.groups.pools.getPhotos"
ALBUM = "flickr.photosets.getPhotos"
PHOTOS = "flickr.people.getPhotos"
FAVORITES = "flickr.favorites.getList"


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


def _second(edit: Edit) -> Edit:
    """Return an edit that is done in the second answer only."""
    edits: list[Edit] = [edit, lambda answer: None]
    return lambda answer: edits.pop()(answer) if edits else None


def _count_hidden(answer: Answer) -> None:
    """Count one more item, which the caller may not see."""
    body = _find_body(answer)
    body["total"] = int(body["total"]) + 1


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


def test_total_of_an_own_album_that_stays_wrong_fails_one_run(
    mirroring: Mirroring, monkeypatch: pytest.MonkeyPatch
) -> None:
    edit_answers(monkeypatch, ALBUM, _count_hidden)
    albums = {f"album {album['id']}" for album in mirroring.list_albums()}
    assert mirroring.run(sizes=SIZES).failed.keys() == albums
    assert mirroring.run(sizes=SIZES).is_complete
    assert mirroring.sandbox.calls[ALBUM] == 2 * len(albums)
    assert mirroring.run(sizes=SIZES).is_complete
    assert not mirroring.sandbox.calls[ALBUM]


def test_album_that_two_readings_show_to_be_empty_is_emptied(
    mirroring: Mirroring, monkeypatch: pytest.MonkeyPatch
) -> None:
    mirroring.begin(sizes=SIZES)
    album = _touch_album(mirroring)
    edit_answers(monkeypatch, ALBUM, _empty)
    assert mirroring.run(sizes=SIZES).is_complete
    assert _read_album(mirroring, album) == []


def test_account_of_another_person_with_hidden_photos_is_complete(
    mirroring: Mirroring, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its totals count photos that the caller may not see."""
    other = str(
        mirroring.sandbox.store.value(
            "SELECT owner FROM photosets WHERE owner != :own LIMIT 1",
            own=mirroring.sandbox.account.user_id,
        )
    )
    mirroring.run(sizes=SIZES, user=other)
    files = read_files(mirroring.folder)
    for method in (ALBUM, PHOTOS, "flickr.photosets.getList"):
        edit_answers(monkeypatch, method, _count_hidden)
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


@pytest.mark.parametrize(
    ("code", "message"),
    [(2, "You don't have permission to view this pool"), (4, "Group/pool is member only")],
)
def test_pool_that_the_caller_may_not_see_is_no_failure(
    mirroring: Mirroring, code: int, message: str
) -> None:
    mirroring.begin(sizes=SIZES)
    files = read_files(mirroring.folder)
    new = mirroring.folder.parent / "new"
    mirroring.sandbox.fail(POOL, code, message, times=None)
    for folder in (mirroring.folder, new):
        report = mirroring.run(folder, sizes=SIZES, pools=True)
        assert report.is_complete, report.failed
        mirroring.run(folder, sizes=SIZES)
        assert not mirroring.sandbox.calls[POOL]
    # Photos keep the pools that an earlier run saw.
    assert read_files(mirroring.folder) == files
    assert not any("pool" in file.read_text() for file in (new / "ia/photos/contexts").iterdir())


def test_pool_that_the_caller_sees_again_is_not_emptied_by_one_answer(
    mirroring: Mirroring, monkeypatch: pytest.MonkeyPatch
) -> None:
    mirroring.begin(sizes=SIZES)
    files = read_files(mirroring.folder)
    mirroring.sandbox.fail(POOL, 4, "Group/pool is member only", times=None)
    assert mirroring.run(sizes=SIZES, pools=True).is_complete
    mirroring.sandbox.faults.clear()
    with monkeypatch.context() as patch:
        edit_answers(patch, POOL, _once(_empty))
        mirroring.run(sizes=SIZES, pools=True)
    assert read_files(mirroring.folder) == files
    assert mirroring.run(sizes=SIZES).is_complete
    assert read_files(mirroring.folder) == files


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


@pytest.fixture
def small_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pyflickr_web.mirror.listing.PER_PAGE", 10)


@pytest.mark.usefixtures("small_pages")
@pytest.mark.parametrize("edit", [_empty_list, _empty_object, _no_object])
def test_photos_that_a_listing_lacks_are_found_by_the_next_run(
    either: Mirroring, first_runs: FirstRuns, monkeypatch: pytest.MonkeyPatch, edit: Edit
) -> None:
    quiet = read_files(first_runs.make(sizes=SIZES))
    with monkeypatch.context() as patch:
        edit_answers(patch, PHOTOS, _second(edit))
        report = either.run(sizes=SIZES)
    assert report.failed.keys() == {"photos"}
    assert not report.is_complete and report.photos_in_mirror == 10
    assert either.run(sizes=SIZES).is_complete
    assert read_files(either.folder) == quiet
    either.run(sizes=SIZES)
    assert not either.sandbox.calls[GROUPS]


@pytest.mark.usefixtures("small_pages")
@pytest.mark.parametrize("option", ["full", "pools", "remove_deleted", "dry_run"])
def test_incomplete_listing_of_photos_overwrites_nothing(
    mirroring: Mirroring, monkeypatch: pytest.MonkeyPatch, option: str
) -> None:
    mirroring.begin(sizes=SIZES)
    files = read_files(mirroring.folder)
    album = _touch_album(mirroring)
    options: dict[str, Any] = {option: True} | ({"full": True} if option == "dry_run" else {})
    with monkeypatch.context() as patch:
        edit_answers(patch, PHOTOS, _second(_empty_list))
        report = mirroring.run(sizes=SIZES, **options)
    assert "photos" in report.failed
    assert not report.removed and not report.deleted_at_flickr
    album_file = f"ia/photosets/{album}.json"
    new = read_files(mirroring.folder)
    for name in (album_file, "SHA256SUMS"):
        del files[name], new[name]
    assert new == files
    assert mirroring.run(sizes=SIZES).is_complete
    is_repeated = option != "dry_run"
    assert bool(mirroring.sandbox.calls[PHOTOS] > 1) == is_repeated
    assert bool(mirroring.sandbox.calls[GROUPS]) == (option in ("full", "pools"))


@pytest.mark.usefixtures("small_pages")
def test_photo_that_is_deleted_during_the_listing_is_not_missing(mirroring: Mirroring) -> None:
    photos = mirroring.list_photos()

    def delete(event: Any) -> None:
        if getattr(event, "step", "") == "listing" and getattr(event, "done", 0) == 10:
            mirroring.call("photos.delete", photo_id=photos[-1]["id"])

    report = mirroring.run(sizes=SIZES, on_event=delete)
    assert not report.failed
    assert report.photos_in_mirror == len(photos) - 1


def test_total_of_own_photos_that_stays_wrong_fails_one_run(
    mirroring: Mirroring, monkeypatch: pytest.MonkeyPatch
) -> None:
    edit_answers(monkeypatch, PHOTOS, _count_hidden)
    assert mirroring.run(sizes=SIZES).failed.keys() == {"photos"}
    for calls in (2, 1):
        report = mirroring.run(sizes=SIZES)
        assert not report.failed and not report.is_complete
        # The stream twice, and at last only its total.
        assert mirroring.sandbox.calls[PHOTOS] == calls


@pytest.mark.usefixtures("small_pages")
def test_favorites_that_a_listing_lacks_are_found_by_the_next_run(
    mirroring: Mirroring, first_runs: FirstRuns, monkeypatch: pytest.MonkeyPatch
) -> None:
    quiet = read_files(first_runs.make(sizes=SIZES, favorites=True))
    with monkeypatch.context() as patch:
        edit_answers(patch, FAVORITES, _second(_empty_list))
        assert mirroring.run(sizes=SIZES, favorites=True).failed.keys() == {"favorites"}
    assert mirroring.run(sizes=SIZES, favorites=True).is_complete
    assert read_files(mirroring.folder) == quiet


def test_favorites_that_are_private_now_are_not_missing(
    mirroring: Mirroring, monkeypatch: pytest.MonkeyPatch
) -> None:
    edit_answers(monkeypatch, FAVORITES, _count_hidden)
    assert mirroring.run(sizes=SIZES, favorites=True).is_complete


@pytest.mark.usefixtures("small_pages")
def test_chosen_album_that_lacks_photos_is_reported(
    mirroring: Mirroring, monkeypatch: pytest.MonkeyPatch
) -> None:
    album = max(mirroring.list_albums(), key=lambda one: one["photos"])
    with monkeypatch.context() as patch:
        edit_answers(patch, ALBUM, _one_of_many)
        report = mirroring.run(sizes=SIZES, albums=[album["id"]])
    assert report.failed.keys() == {f"album {album['id']}"}
    assert mirroring.run(sizes=SIZES, albums=[album["id"]]).is_complete
    present = list((mirroring.folder / "ia/photos").glob("*.json"))
    assert len(present) == album["photos"] + album["videos"]


def test_photos_that_flickr_did_not_find_once_are_fetched_by_the_next_run(
    mirroring: Mirroring,
) -> None:
    fault = Fault("error", code=1, message="Photo not found")
    # More than the newest photo, which the next run lists in any case.
    mirroring.sandbox.faults.add(fault, "flickr.photos.getInfo", times=8)
    report = mirroring.run(sizes=SIZES)
    assert (report.is_complete, report.failed, report.gone_photos) == (False, {}, 8)
    assert mirroring.run(sizes=SIZES).is_complete
    assert mirroring.run(sizes=SIZES).is_complete
    assert not mirroring.sandbox.calls["flickr.photos.getInfo"]
