"""Test that listings neither lose nor double photos while the account changes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from pyflickr_web.mirror import listing
from pyflickr_web.mirror.listing import (
    FAVORITES_STREAM,
    PHOTOS,
    Listing,
    find_mark,
    list_changes,
    list_pages,
    walk,
)
from tests.mirror.account_client import open_account
from tests.mirror.changing_account import ChangingAccount, Photo, photo, run

if TYPE_CHECKING:
    from pyflickr_web.core.flow import Flow


@pytest.fixture(autouse=True)
def small_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(listing, "PER_PAGE", 4)


def walk_account(account: ChangingAccount) -> tuple[Listing, list[str]]:
    """Walk the stream; return the listing, and all ids in the order in which they were consumed."""
    consumed: list[str] = []

    def consume(items: list[Photo]) -> Flow:
        yield from ()
        consumed.extend(item["id"] for item in items)

    return run(walk(account.call, PHOTOS, {"user_id": "me"}, consume)), consumed


def ids(photos: list[Photo]) -> set[str]:
    return {one["id"] for one in photos}


@pytest.mark.parametrize("count", [0, 1, 3, 4, 5, 8, 9, 50])
def test_stream_is_walked_with_few_calls(count: int) -> None:
    account = ChangingAccount([photo(number) for number in range(1, count + 1)])
    found, consumed = walk_account(account)
    assert consumed == [str(number) for number in range(count, 0, -1)]
    assert found.is_complete and found.total == count
    # Each page repeats one photo of the page before.
    assert len(account.calls) <= 1 + count // 3


def test_photos_beyond_flickrs_limit_are_reached() -> None:
    account = ChangingAccount([photo(number) for number in range(1, 100)])
    account.most = 12
    found, consumed = walk_account(account)
    assert len(consumed) == 99 and found.is_complete


def test_photos_of_one_second_are_paged() -> None:
    dates = [50] * 11 + [60] * 9 + [70]
    account = ChangingAccount([photo(n, date) for n, date in enumerate(dates, 1)])
    found, consumed = walk_account(account)
    assert sorted(consumed) == sorted(ids(account.photos)) and found.is_complete


def test_photo_deleted_from_a_second_of_several_pages_hides_no_other() -> None:
    photos = [photo(number, 50) for number in range(1, 20)]
    account = ChangingAccount(
        photos, lambda call: photos.remove(photo(19, 50)) if call == 3 else None
    )
    assert set(walk_account(account)[1]) >= ids(photos)


def test_total_beyond_the_reachable_photos_ends() -> None:
    account = ChangingAccount([photo(number, 50) for number in range(1, 40)])
    account.most = 12
    found, consumed = walk_account(account)
    assert len(consumed) == 12 and not found.is_complete
    assert len(account.calls) < 10


class EndlessAccount(ChangingAccount):
    """Answers every page with the same photos, as if it were the requested one."""

    def _page(self, found: list[Photo], values: dict[str, Any]) -> dict[str, Any]:
        page = {"page": values["page"], "pages": 10**9, "total": 10**9}
        return {**page, "photo": self.photos[: values["per_page"]]}


def test_endless_answers_end() -> None:
    account = EndlessAccount([photo(number) for number in range(1, 9)])
    found, consumed = walk_account(account)
    assert len(consumed) == 4 and not found.is_complete
    assert len(account.calls) < 10


def test_invalid_ids_are_counted_and_left_out() -> None:
    hostile = [{**photo(5), "id": value} for value in ("../5", 5, None, "5/..")]
    account = ChangingAccount([photo(1), *hostile, photo(2)])
    account.photos.sort(key=lambda one: -int(one["dateupload"]))
    found = run(list_pages(account.call, "flickr.photosets.getPhotos", {}))
    assert list(found.items) == ["2", "1"]
    assert found.invalid and not found.is_complete


_changes = st.lists(
    st.tuples(st.integers(0, 8), st.sampled_from(["add", "delete"]), st.integers(0, 40)), max_size=3
)


@settings(deadline=None, max_examples=300)
@given(dates=st.lists(st.integers(1, 12), max_size=40), changes=_changes)
# Before the last page of a second.
@example(dates=[2, 1, 1, 2, 2, 2], changes=[(2, "delete", 0)])
# The pages that are read again have nothing new.
@example(dates=[1, 1, 1, 1, 1, 1, 2, 2, 2, 2], changes=[(2, "delete", 0)])
def test_photo_that_stays_is_listed_once_whatever_is_added_or_deleted(
    dates: list[int], changes: list[tuple[int, str, int]]
) -> None:
    photos = [photo(number, date) for number, date in enumerate(dates, 1)]
    before = ids(photos)
    deleted: set[str] = set()

    def change(call: int) -> None:
        for number, kind, place in changes:
            if number != call:
                continue
            if kind == "add":
                photos.append(photo(1000 + len(photos), 13 + len(photos)))
            elif photos:
                deleted.add(photos.pop(place % len(photos))["id"])

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(listing, "PER_PAGE", 4)
        _, consumed = walk_account(ChangingAccount(photos, change))
    assert len(consumed) == len(set(consumed))
    assert set(consumed) >= before - deleted


@pytest.mark.parametrize("moment", [1, 2])
@pytest.mark.parametrize("kind", ["add", "delete"])
def test_album_that_changes_is_read_again_in_its_new_order(moment: int, kind: str) -> None:
    photos = [photo(number) for number in range(1, 12)]

    def change(call: int) -> None:
        if call == moment and kind == "add":
            photos.insert(0, photo(99))
        elif call == moment:
            del photos[0]

    account = ChangingAccount(photos, change)
    found = run(list_pages(account.call, "flickr.photosets.getPhotos", {"photoset_id": "7"}))
    assert list(found.items) == [one["id"] for one in photos]
    assert found.is_complete


def test_album_that_is_sorted_in_the_meantime_is_read_again() -> None:
    photos = [photo(number) for number in range(1, 12)]

    def change(call: int) -> None:
        if call == 1:
            photos.insert(0, photos.pop())

    account = ChangingAccount(photos, change)
    found = run(list_pages(account.call, "flickr.photosets.getPhotos", {}))
    assert list(found.items) == [one["id"] for one in photos]


def test_album_that_always_changes_is_incomplete() -> None:
    photos = [photo(number) for number in range(1, 12)]
    account = ChangingAccount(photos, lambda call: photos.insert(0, photo(100 + call)))
    found = run(list_pages(account.call, "flickr.photosets.getPhotos", {}))
    assert not found.is_complete
    assert len(account.calls) < 30
    assert found.find_fault() == listing.UNSTABLE


@pytest.mark.parametrize("item", [photo(1), {"id": "../1"}], ids=["valid", "invalid"])
def test_album_without_an_end_is_read_until_nothing_is_new(item: Photo) -> None:
    calls = 0

    def call(method: str, values: dict[str, Any]) -> Flow:
        nonlocal calls
        calls += 1
        assert calls < 30
        yield from ()
        body = {"page": values["page"], "pages": 1_000_000, "total": 4_000_000, "photo": [item]}
        return {"photoset": body}

    found = run(list_pages(call, "flickr.photosets.getPhotos", {}))
    assert found.find_fault()


def test_album_that_shrinks_by_a_page_is_read_again() -> None:
    """Flickr answers a page beyond the end with the last one."""
    photos = [photo(number) for number in range(1, 10)]

    def change(call: int) -> None:
        if call == 2:
            del photos[0]

    account = ChangingAccount(photos, change)
    found = run(list_pages(account.call, "flickr.photosets.getPhotos", {}))
    assert list(found.items) == [one["id"] for one in photos]


def test_changes_since_a_mark_are_listed() -> None:
    account = ChangingAccount([photo(number, lastupdate=number) for number in range(1, 30)])
    found = run(list_changes(account.call, 20, "last_update"))
    assert list(found.items) == [str(number) for number in range(29, 19, -1)]
    assert find_mark(found.items.values(), 5) == 29
    assert find_mark([], 5) == find_mark([None, {"lastupdate": "x"}], 5) == 5
    assert run(list_changes(account.call, 100, "last_update")).items == {}


def test_too_many_changes_are_left_to_the_stream(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(listing, "MOST_CHANGES", 20)
    account = ChangingAccount([photo(number) for number in range(1, 30)])
    assert run(list_changes(account.call, 5, "last_update")) is None
    assert len(account.calls) == 1
    assert len(run(list_changes(account.call, 10, "last_update")).items) == 20


@pytest.mark.parametrize(("count", "calls"), [(4000, 8), (4001, 1)])
def test_as_many_changes_are_listed_as_flickr_gives(
    monkeypatch: pytest.MonkeyPatch, count: int, calls: int
) -> None:
    monkeypatch.setattr(listing, "PER_PAGE", 500)
    account = ChangingAccount([photo(number) for number in range(1, count + 1)])
    account.most = 4000
    found = run(list_changes(account.call, 1, "last_update"))
    assert (found is None) == (count > 4000)
    # The total of the first page tells that there are more.
    assert len(account.calls) == calls


def test_pages_of_changes_that_move_are_left_to_the_stream() -> None:
    photos = [photo(number) for number in range(1, 30)]

    def change(call: int) -> None:
        if call == 2:
            photos[12]["lastupdate"] = "99"

    account = ChangingAccount(photos, change)
    assert run(list_changes(account.call, 1, "last_update")) is None


def test_listings_of_the_sandbox_are_complete(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(listing, "PER_PAGE", 20)
    items: list[Photo] = []

    def consume(new: list[Photo]) -> Flow:
        yield from ()
        items.extend(new)

    with open_account(150) as account:
        run_flow, own = account.flickr.run, {"user_id": account.user_id}
        dates = {**own, "extras": "date_upload,last_update"}
        stream = run_flow(walk(account.flow, PHOTOS, dates, consume))
        assert stream.is_complete and stream.total == len(items) > 60
        mark = find_mark(items)
        assert run_flow(list_changes(account.flow, mark, "last_update")).items
        assert run_flow(walk(account.flow, FAVORITES_STREAM, {}, consume)).is_complete
        sets = run_flow(list_pages(account.flow, "flickr.photosets.getList", {}))
        assert sets.is_complete and sets.items
        for set_id in sets.items:
            values = {"photoset_id": set_id}
            pages = run_flow(list_pages(account.flow, "flickr.photosets.getPhotos", values))
            assert pages.is_complete
        groups = run_flow(list_pages(account.flow, "flickr.people.getGroups", own, "nsid"))
        assert groups.items
        for nsid in groups.items:
            values = {**own, "group_id": nsid}
            pages = run_flow(list_pages(account.flow, "flickr.groups.pools.getPhotos", values))
            assert pages.is_complete
