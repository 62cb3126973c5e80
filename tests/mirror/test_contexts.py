"""Test contexts that are made from the listings of albums and groups."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest

from pyflickr_web.mirror.layout import Tree
from pyflickr_web.mirror.listing import list_pages
from pyflickr_web.mirror.metadata.contexts import (
    equal_contexts,
    equals_except_counters,
    find_members,
    keep_pool_urls,
    list_icon_urls,
    make_contexts,
    shape_album,
    shape_collection,
    shape_pool,
    shape_set,
)
from tests.mirror.account_client import AccountClient, open_account

FIXTURES = Path(os.environ.get("FLICKR_FIXTURES", "none")) / "node-mirror"


def list_contexts(account: AccountClient) -> dict[str, dict[str, Any]]:
    """Return the contexts of all photos in an album or a pool, from listings."""

    def list_items(method: str, key: str = "id", **values: Any) -> dict[str, Any]:
        found: Any = account.flickr.run(list_pages(account.flow, method, values, key))
        return dict(found.items)

    own = account.user_id
    sets = list_items("flickr.photosets.getList")
    groups = list_items("flickr.people.getGroups", "nsid", user_id=own)
    in_sets = find_members(
        (shape_set(item), list_items("flickr.photosets.getPhotos", photoset_id=name))
        for name, item in sets.items()
    )
    in_pools = find_members(
        (
            shape_pool(group),
            list_items("flickr.groups.pools.getPhotos", group_id=name, user_id=own),
        )
        for name, group in groups.items()
    )
    return {
        photo: make_contexts(in_sets.get(photo, []), in_pools.get(photo, []))
        for photo in {*in_sets, *in_pools}
    }


def test_contexts_from_listings_are_those_of_every_photo() -> None:
    with open_account(120) as account:
        contexts = list_contexts(account)
        photos = account.call("flickr.people.getPhotos", user_id="me", per_page=500)["photos"]
        assert len(contexts) > 20 and any("pool" in found for found in contexts.values())
        for photo in photos["photo"]:
            expected = account.call("flickr.photos.getAllContexts", photo_id=photo["id"])
            del expected["stat"]
            found = contexts.get(photo["id"], {})
            assert equal_contexts(expected, found), photo["id"]
            assert equal_contexts(found, expected), photo["id"]
            assert found.keys() == expected.keys()
            for name in ("set", "pool"):
                shapes = [list(item) for item in found.get(name, [])]
                assert shapes == [list(item) for item in expected.get(name, [])]
            assert keep_pool_urls(expected, found).get("pool", []) == sorted_like(
                expected.get("pool", []), found.get("pool", [])
            )


def sorted_like(items: list[dict[str, Any]], order: list[dict[str, Any]]) -> list[dict[str, Any]]:
    by_id = {item["id"]: item for item in items}
    return [by_id[item["id"]] for item in order]


@pytest.mark.skipif(not FIXTURES.is_dir(), reason="FLICKR_FIXTURES has no mirror")
def test_contexts_from_the_files_of_node_flickrapi_are_its_own() -> None:
    albums = [json.loads(file.read_text()) for file in (FIXTURES / "ia/photosets").iterdir()]
    in_sets = find_members((shape_set(album), album["photos"]) for album in albums)
    files = list((FIXTURES / "ia/photos/contexts").iterdir())
    assert len(files) > 20
    for file in files:
        expected = {"set": json.loads(file.read_text()).get("set", [])}
        assert equal_contexts(expected, make_contexts(in_sets.get(file.stem, []), []))


@pytest.mark.skipif(not FIXTURES.is_dir(), reason="FLICKR_FIXTURES has no mirror")
def test_collections_have_the_icons_of_node_flickrapi() -> None:
    files = list((FIXTURES / "ia/collections").iterdir())
    assert files
    for file in files:
        expected = json.loads(file.read_text())
        urls = {"large": "/pw/collection_default_l.gif", "small": "/pw/collection_default_s.gif"}
        item = {**expected, **{f"icon{size}": url for size, url in urls.items()}}
        found = list_icon_urls(item, "https://example.com/")
        assert found == {size: f"https://example.com{url}" for size, url in urls.items()}
        icons = {size: Tree().icon(size, url) for size, url in found.items()}
        assert shape_collection(item, icons) == expected


def test_collection_without_icons_has_none() -> None:
    item = {"id": "1-2", "iconlarge": None, "iconsmall": "https://example.com/a.gif"}
    assert list_icon_urls(item, "https://flickr.com") == {"small": "https://example.com/a.gif"}


def test_numbers_of_photos_and_videos_come_from_listing_or_file() -> None:
    item = {"id": "7", "title": {"_content": "x"}, "photos": "3", "videos": 1}
    assert shape_set(item)["count_photo"] == 3
    assert shape_set(shape_album(item, ["1", "2", "3", "4"]))["count_photo"] == 3
    others: list[Any] = ["x", None, float("inf"), []]
    for videos in others:
        assert shape_set({"id": "7", "photos": None, "videos": videos})["count_video"] == 0


def test_counters_alone_make_no_difference() -> None:
    old: Any = {"a": [{"views": "1", "b": 1}], "view_count": 1}
    assert equals_except_counters(old, {"a": [{"views": "2", "b": 1}]})
    others: list[Any] = [
        {"a": [{"b": 2}]},
        {"a": []},
        {"a": [{"b": 1}], "c": 1},
        {},
        {"a": {}},
        None,
    ]
    for new in others:
        assert not equals_except_counters(old, new)


def test_damaged_contexts_differ_and_raise_nothing() -> None:
    new: dict[str, Any] = make_contexts([], [shape_pool({"nsid": "1@N00", "name": "g"})])
    for damaged in ({"pool": None}, {"pool": [None, {}, {"id": 7}]}, {"set": "x"}, None):
        assert not equal_contexts(damaged, new)
        assert keep_pool_urls(damaged, new) == new
    for pool in ({"id": "1@N00"}, {"id": "2@N00", "url": None}):
        kept: dict[str, Any] = {"pool": [pool]}
        assert keep_pool_urls({"set": [{"id": "7"}], **kept}, kept) == kept
