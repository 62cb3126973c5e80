"""Test plans: complete, idempotent, and without work for what is on the disk."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pyflickr_web.mirror.layout import NODE_SIZES, SIZE_FOLDERS
from pyflickr_web.mirror.metadata.contexts import shape_album
from pyflickr_web.mirror.metadata.photo_info import EXTRAS, find_differences, shape_info
from pyflickr_web.mirror.plan import (
    AlbumPlan,
    CollectionPlan,
    Item,
    PhotoOnDisk,
    PhotoPlan,
    Scope,
    needs_comments_call,
    plan_albums,
    plan_collections,
    plan_contexts,
    plan_photo,
)
from tests.mirror.account_client import open_account

ALL = frozenset(NODE_SIZES)


def item(**changes: Any) -> dict[str, Any]:
    """Return an item of a listing."""
    return {
        "id": "53",
        "owner": "1@N00",
        "secret": "a",
        "server": "65535",
        "farm": 66,
        "title": "Bridge",
        "description": {"_content": "Old."},
        "ispublic": 1,
        "isfriend": 0,
        "isfamily": 0,
        "license": "2",
        "dateupload": "1300000000",
        "lastupdate": "1300000005",
        "datetaken": "2012-02-05 09:50:48",
        "datetakengranularity": 0,
        "originalsecret": "o",
        "originalformat": "png",
        "media": "photo",
        "latitude": 0,
        "longitude": 0,
        "accuracy": 0,
        "tags": "old bridge",
        "count_comments": "2",
        "views": "7",
        **changes,
    }


def on_disk(**changes: Any) -> PhotoOnDisk:
    """Return the photo `item()`, complete on the disk."""
    return PhotoOnDisk(shape_info(item(**changes)), ALL, has_comments=True, has_exif=True)


def test_new_photo_is_fetched_with_the_original_first() -> None:
    plan = plan_photo(item(), PhotoOnDisk(), Scope())
    assert plan == PhotoPlan("53", True, True, False, tuple(SIZE_FOLDERS))
    assert plan.sizes[0] == "o"


def test_complete_photo_needs_nothing() -> None:
    for full in (False, True):
        assert plan_photo(item(views="9"), on_disk(), Scope(exif=True), full).is_empty


@pytest.mark.parametrize(
    "change",
    [
        {"title": "New"},
        {"description": {"_content": "New."}},
        {"license": "4"},
        {"ispublic": 0},
        {"dateupload": "1300000001"},
        {"datetaken": "2012-02-05 09:50:49"},
        {"tags": "old bridge river"},
        {"latitude": 45.8, "longitude": 15.9, "accuracy": "11"},
        {"count_comments": "3"},
        {"media": "video"},
    ],
)
def test_full_run_compares_every_field(change: dict[str, Any]) -> None:
    """Flickr changes `lastupdate` too; a full run does not rely on it."""
    assert plan_photo(item(**change), on_disk(), Scope()).is_empty
    plan = plan_photo(item(**change), on_disk(), Scope(), full=True)
    assert (plan.info, plan.comments, plan.sizes) == (True, True, ())
    assert not plan_photo(item(**change, lastupdate="9"), on_disk(), Scope()).is_empty


def test_changed_photo_costs_its_metadata_and_comments_alone() -> None:
    scope = Scope(exif=True)
    plan = plan_photo(item(lastupdate="1300000009", title="New"), on_disk(), scope)
    assert plan == PhotoPlan("53", info=True, comments=True, exif=True)
    assert needs_comments_call(plan, item())
    assert not needs_comments_call(plan, item(count_comments="0"))
    assert not needs_comments_call(plan, {"comments": {"_content": "0"}})
    assert needs_comments_call(plan, {"comments": {"_content": "1"}})


@pytest.mark.parametrize(
    ("change", "sizes"),
    [
        ({"secret": "b"}, tuple(SIZE_FOLDERS)[1:]),
        ({"originalsecret": "p"}, ("o",)),
        ({"secret": "b", "originalsecret": "p"}, tuple(SIZE_FOLDERS)),
        ({"originalformat": "jpg"}, ("o",)),
        ({"rotation": 90}, tuple(SIZE_FOLDERS)[1:]),
    ],
)
def test_replaced_pictures_are_fetched_again(
    change: dict[str, Any], sizes: tuple[str, ...]
) -> None:
    changed, local = item(lastupdate="1300000009", **change), on_disk(rotation=0)
    plan = plan_photo(changed, local, Scope(exif=True))
    assert plan.sizes == sizes and plan.outdated == frozenset(sizes)
    # Those that the run leaves out are outdated too: the new metadata hides that from later runs.
    narrow = plan_photo(changed, local, Scope(sizes=("t",), comments=False))
    assert set(narrow.sizes) == {"t"} & set(sizes)
    assert narrow.outdated == {*sizes, "comments", "exif"}


def test_missing_and_outdated_files_are_fetched() -> None:
    local = replace(on_disk(), sizes=ALL - {"b", "s"}, outdated=frozenset("o"))
    assert plan_photo(item(), local, Scope()) == PhotoPlan(
        "53", sizes=("o", "b", "s"), outdated=frozenset("o")
    )
    assert plan_photo(item(), local, Scope(sizes=("t", "b"))).sizes == ("b",)


def test_files_that_flickr_does_not_give_are_only_requested_in_a_full_run() -> None:
    local = replace(on_disk(), sizes=ALL - {"o"}, unavailable=frozenset("o"))
    assert plan_photo(item(), local, Scope()).is_empty
    assert plan_photo(item(), local, Scope(), full=True).sizes == ("o",)
    damaged = replace(local, sizes=ALL, outdated=frozenset("o"))
    assert plan_photo(item(), damaged, Scope()).is_empty
    assert plan_photo(item(), damaged, Scope(), full=True).sizes == ("o",)
    changed = item(lastupdate="1300000009")
    assert plan_photo(changed, local, Scope()).sizes == ("o",)
    # Flickr may give those of the new version: a run of other sizes leaves that to a later one.
    assert plan_photo(changed, local, Scope(sizes=("t",))).unavailable == {"o"}
    hidden = replace(on_disk(), has_exif=False, unavailable=frozenset(["exif"]))
    assert not plan_photo(item(), hidden, Scope(exif=True)).exif
    assert plan_photo(item(), hidden, Scope(exif=True), full=True).exif


def test_sizes_that_a_photo_does_not_have_are_only_requested_once() -> None:
    listed = item(url_t="https://example.com/t.jpg")
    local = replace(on_disk(), sizes=frozenset("ot"))
    lacking = tuple(size for size in SIZE_FOLDERS if size not in "ot")
    assert plan_photo(listed, local, Scope()).sizes == lacking
    local = replace(local, unavailable=frozenset(lacking))
    assert plan_photo(listed, local, Scope(), full=True).is_empty
    # The file of an earlier version goes to the trash.
    old = replace(local, sizes=local.sizes | {"b"}, outdated=frozenset("b"))
    assert plan_photo(listed, old, Scope(), full=True).sizes == ("b",)
    listed["url_l"] = "https://example.com/b.jpg"
    assert plan_photo(listed, local, Scope()).is_empty
    assert plan_photo(listed, local, Scope(), full=True).sizes == ("b",)


@pytest.mark.parametrize(
    ("media", "is_listed"), [("photo", False), ("photo", True), ("video", True)]
)
def test_original_is_requested_if_flickr_may_give_it(media: str, is_listed: bool) -> None:
    listed = item(url_t="https://example.com/t.jpg", media=media)
    local = replace(on_disk(media=media), sizes=ALL - {"o"}, unavailable=frozenset("o"))
    if media == "video" or not is_listed:
        del listed["originalsecret"]
    assert plan_photo(listed, local, Scope(), full=True).sizes == ("o",) * is_listed
    assert plan_photo(listed, replace(local, unavailable=frozenset()), Scope()).sizes == ("o",)


def test_videos_are_left_out_if_unwanted() -> None:
    video = item(media="video")
    assert plan_photo(video, PhotoOnDisk(), Scope(videos=False)).is_empty
    assert plan_photo(video, PhotoOnDisk(), Scope()).is_video


def test_unknown_size_is_refused() -> None:
    with pytest.raises(ValueError, match="invalid size 'xl': use one of o, b"):
        Scope(sizes=("o", "xl"))


_items = st.builds(
    item,
    secret=st.sampled_from("ab"),
    originalsecret=st.sampled_from("op"),
    originalformat=st.sampled_from(["jpg", "png"]),
    rotation=st.sampled_from([0, 90]),
    lastupdate=st.sampled_from("12"),
    media=st.sampled_from(["photo", "video"]),
    title=st.sampled_from(["", "x"]),
    count_comments=st.sampled_from(["0", "3"]),
    tags=st.sampled_from(["", "a b", "b a"]),
    latitude=st.sampled_from([0, 45.123456]),
)
_some = st.frozensets(st.sampled_from(NODE_SIZES))
_locals = st.builds(
    PhotoOnDisk,
    st.none() | _items.map(shape_info),
    _some,
    _some,
    _some,
    st.booleans(),
    st.booleans(),
)
_scopes = st.builds(
    Scope,
    _some.map(tuple),
    st.booleans(),
    st.sampled_from(["info", "listing"]),
    st.booleans(),
    st.booleans(),
)


def perform(
    plan: PhotoPlan, source: Item, local: PhotoOnDisk, given: frozenset[str]
) -> PhotoOnDisk:
    """Return the photo on the disk after a run, in which Flickr gives only the sizes `given`."""
    fetched, refused = set(plan.sizes) & given, set(plan.sizes) - given
    return PhotoOnDisk(
        shape_info(source) if plan.info else local.info,
        local.sizes | fetched,
        (local.outdated | plan.outdated) - set(plan.sizes),
        (local.unavailable - plan.unavailable | refused) - fetched,
        plan.comments or (local.has_comments and "comments" not in plan.outdated),
        plan.exif or (local.has_exif and "exif" not in plan.outdated),
    )


@settings(max_examples=400)
@given(source=_items, local=_locals, scope=_scopes, given=_some, full=st.booleans())
def test_second_run_plans_nothing_and_nothing_wanted_is_left_out(
    source: dict[str, Any],
    local: PhotoOnDisk,
    scope: Scope,
    given: frozenset[str],
    full: bool,
) -> None:
    plan = plan_photo(source, local, scope, full)
    assert plan == plan_photo(source, local, scope, full)
    after = perform(plan, source, local, given)
    assert plan_photo(source, after, scope).is_empty
    if source["media"] == "photo" or scope.videos:
        assert after.info is not None
        assert set(scope.sizes) <= after.sizes | after.unavailable
        if full:
            assert find_differences(source, after.info) == set()
    assert after.sizes >= local.sizes, "a plan removes nothing"


@settings(max_examples=400)
@given(source=_items, local=_locals, narrow=_scopes, wide=_scopes)
def test_run_of_a_narrower_scope_leaves_the_rest_to_a_wider_one(
    source: dict[str, Any], local: PhotoOnDisk, narrow: Scope, wide: Scope
) -> None:
    first = plan_photo(source, local, narrow)
    later = plan_photo(source, perform(first, source, local, ALL), wide)
    alone = plan_photo(source, local, wide)
    assert set(alone.sizes) <= {*first.sizes, *later.sizes}
    assert alone.comments <= (first.comments or later.comments)
    assert alone.exif <= (first.exif or later.exif)


def test_metadata_of_every_photo_of_the_sandbox_equals_its_listing() -> None:
    with open_account(200) as account:
        answer = account.call("flickr.people.getPhotos", user_id="me", extras=EXTRAS, per_page=500)
        assert len(answer["photos"]["photo"]) > 80
        for listed in answer["photos"]["photo"]:
            info = account.call("flickr.photos.getInfo", photo_id=listed["id"])["photo"]
            assert find_differences(listed, info) == set(), listed
            shaped = shape_info(listed)
            assert find_differences(listed, shaped) == set(), listed
            for name in ("title", "description", "visibility", "dates", "media", "license"):
                assert shaped[name] == info[name], name


def album(album_id: str, *, date: str = "5", title: str = "Best", **more: Any) -> dict[str, Any]:
    """Return an item of getList."""
    heading = {"title": {"_content": title}, "date_update": date, "count_views": "3"}
    return {"id": album_id, "photos": 2, "videos": 0, **heading, **more}


def test_albums_are_listed_if_they_changed() -> None:
    local = {
        name: shape_album(album(name), [f"{name}1", f"{name}2"]) for name in ("1", "2", "3", "4")
    }
    items = [
        album("5"),
        album("1", count_views="99"),
        album("2", date="6"),
        album("3", title="New"),
    ]
    plan = plan_albums(items, local, is_complete=True)
    assert plan == AlbumPlan(("5", "2"), ("3",), ("4",))
    assert plan_albums(items, local, is_complete=False).missing == ()
    full = plan_albums(items, local, is_complete=True, full=True)
    assert full.list_photos == ("5", "1", "2", "3")
    assert full.unchanged == {"1"}


def test_damaged_album_is_listed_again() -> None:
    assert plan_albums([album("1")], {"1": album("1")}, True).list_photos == ("1",)


@pytest.mark.parametrize(("count", "listed"), [(2, ()), (1, ()), (3, ("1",))])
def test_album_of_which_another_program_wrote_a_part_is_listed(
    count: int, listed: tuple[str, ...]
) -> None:
    item = album("1", photos=count - 1, videos="1")
    local = {"1": album("1", photos=["5", "6"], videos="1")}
    assert plan_albums([item], local, True, recount=True).list_photos == listed
    assert plan_albums([item], local, True).list_photos == ()


def test_contexts_are_written_if_more_than_counters_differ() -> None:
    old = {"set": [{"id": "1", "title": "a", "view_count": "1"}], "pool": [{"id": "g", "url": "x"}]}
    new = {"set": [{"id": "1", "title": "a", "view_count": "2"}], "pool": [{"id": "g", "url": "y"}]}
    titled = {"set": [{"id": "1", "title": "b"}], "pool": [{"id": "g", "url": "y"}]}
    local: dict[str, Any] = {"1": old, "2": old, "3": None, "4": {}}
    current: dict[str, Any] = {"1": new, "2": titled, "3": {}, "4": {}}
    assert plan_contexts(["1", "2", "3", "4"], local, current) == {
        "2": {"set": [{"id": "1", "title": "b"}], "pool": [{"id": "g", "url": "x"}]},
        "3": {},
    }


def test_collections_are_written_if_they_differ() -> None:
    local = {"1-1": {"id": "1-1", "title": "a"}, "1-2": {"id": "1-2"}, "1-3": {"id": "1-3"}}
    items = [{"id": "1-1", "title": "b"}, {"id": "1-2"}, {"id": "1-4"}]
    plan = plan_collections(items, local, is_complete=True)
    assert plan == CollectionPlan({"1-1": items[0], "1-4": items[2]}, ("1-3",))
    assert plan_collections(items, local, is_complete=False).missing == ()


@given(_scopes)
def test_scope_is_read_from_its_text(scope: Scope) -> None:
    assert Scope.from_text(scope.to_text()) == scope


@pytest.mark.parametrize("text", [None, 5, "", "x", "(", "5", "(('huge',),)", "(1, 2, 3, 4, 5, 6)"])
def test_invalid_text_is_no_scope(text: Any) -> None:
    assert Scope.from_text(text) is None
