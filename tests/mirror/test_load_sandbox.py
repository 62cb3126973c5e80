"""Test that a load of what downsync wrote equals what the account has, for random accounts."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pyflickr_web import load_locally
from pyflickr_web.mirror.layout import INDEX
from pyflickr_web.mirror.load import LocalData
from pyflickr_web.mirror.verify import verify_mirror
from tests.mirror.mirroring import Mirroring, open_sandbox

PHOTOS = 6
TEXTS = st.sampled_from(["Fox", "red fox & <b>zoo</b>", "日本", 'O\'Brien "x"', " "])
NUMBERS = st.integers(0, PHOTOS - 1)
FLAGS = st.integers(0, 1)
# A change of the account: the method, a photo by its number, and values.
CHANGES = st.one_of(
    st.tuples(st.just("setPerms"), NUMBERS, st.tuples(FLAGS, FLAGS, FLAGS)),
    st.tuples(st.just("setMeta"), NUMBERS, TEXTS),
    st.tuples(st.just("addTags"), NUMBERS, TEXTS),
    st.tuples(st.just("addComment"), NUMBERS, TEXTS),
    st.tuples(st.just("delete"), NUMBERS, st.none()),
    st.tuples(st.just("create"), NUMBERS, st.lists(NUMBERS, max_size=4)),
    st.tuples(st.just("reorderSets"), NUMBERS, st.none()),
)


@pytest.fixture(scope="module")
def small_account() -> Iterator[Mirroring]:
    with open_sandbox(PHOTOS) as sandbox:
        yield Mirroring(sandbox, Path("unused"))


class Account:
    """The photos and albums of a sandbox's account, as its methods answer them."""

    def __init__(self, mirroring: Mirroring) -> None:
        self.call = mirroring.call

    def list_photos(self) -> list[dict[str, Any]]:
        """Return the photos, newest first."""
        answer = self.call("people.getPhotos", user_id="me", per_page=500, extras="date_upload")
        photos: list[dict[str, Any]] = answer["photos"]["photo"]
        return sorted(photos, key=lambda row: (int(row["dateupload"]), int(row["id"])))[::-1]

    def list_albums(self) -> dict[str, list[str]]:
        """Return the photos of each album, the newest album first."""
        albums = self.call("photosets.getList")["photosets"]["photoset"]
        albums.sort(key=lambda row: (int(row["date_create"]), int(row["id"])), reverse=True)
        return {album["id"]: self.list_members(album["id"]) for album in albums}

    def list_members(self, album_id: str) -> list[str]:
        """Return the photos of an album, in its order."""
        answer = self.call("photosets.getPhotos", photoset_id=album_id)
        return [photo["id"] for photo in answer["photoset"]["photo"]]

    def change(self, method: str, number: int, value: Any) -> None:
        """Change a photo, or the albums."""
        photos = [photo["id"] for photo in self.list_photos()]
        if not photos:
            return
        photo_id = photos[number % len(photos)]
        if method == "setPerms":
            names = ("is_public", "is_friend", "is_family")
            values = dict(zip(names, value, strict=True)) | {"perm_comment": 3, "perm_addmeta": 2}
            self.call("photos.setPerms", photo_id=photo_id, **values)
        elif method == "setMeta":
            self.call("photos.setMeta", photo_id=photo_id, title=value, description=value)
        elif method == "addTags":
            self.call("photos.addTags", photo_id=photo_id, tags=[value.strip() or "fox"])
        elif method == "addComment":
            text = value.strip() or "fox"
            self.call("photos.comments.addComment", photo_id=photo_id, comment_text=text)
        elif method == "delete":
            self.call("photos.delete", photo_id=photo_id)
        elif method == "create":
            answer = self.call("photosets.create", title="New", primary_photo_id=photo_id)
            members = [photos[one % len(photos)] for one in value]
            ids = ",".join(dict.fromkeys([*members, photo_id]))
            album_id = answer["photoset"]["id"]
            self.call(
                "photosets.editPhotos",
                photoset_id=album_id,
                primary_photo_id=photo_id,
                photo_ids=ids,
            )
        else:
            ids = ",".join(reversed(self.list_albums()))
            self.call("photosets.orderSets", photoset_ids=ids)


def find_places(albums: dict[str, list[str]], photo_id: str) -> list[dict[str, str | None]]:
    """Return the albums of a photo with its neighbors."""
    places = []
    for album_id, members in albums.items():
        if photo_id in members:
            position = members.index(photo_id)
            before = members[position - 1] if position else None
            after = members[position + 1] if position + 1 < len(members) else None
            places.append({"id": album_id, "prev": before, "next": after})
    return places


def without_views(photo: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in photo.items() if name != "views"}


def check_photo(data: LocalData, account: Account, photo_id: str) -> None:
    """Check that a photo equals what its methods answer."""
    item: dict[str, Any] = dict(data.photos[photo_id])
    comments = account.call("photos.comments.getList", photo_id=photo_id)["comments"]
    assert item.pop("comments") == comments.get("comment", [])
    contexts = account.call("photos.getAllContexts", photo_id=photo_id)
    for name in ("set", "pool"):
        found = {row["id"] for row in item["contexts"].get(name, [])}
        assert found == {row["id"] for row in contexts.get(name, [])}
    for name in ("contexts", "sets", "files", "sizes"):
        item.pop(name)
    info = account.call("photos.getInfo", photo_id=photo_id)["photo"]
    info.pop("comments")
    assert without_views(item) == without_views(info)


@settings(max_examples=4, deadline=None, suppress_health_check=list(HealthCheck))
@given(rounds=st.lists(st.lists(CHANGES, max_size=4), min_size=1, max_size=2))
def test_load_of_a_mirror_equals_the_account(small_account: Mirroring, rounds: Any) -> None:
    small_account.sandbox.reset()
    account = Account(small_account)
    with TemporaryDirectory() as place:
        folder = Path(place) / "mirror"
        for number, changes in enumerate(rounds):
            start = int(time.time())
            for change in changes:
                account.change(*change)
            # Changes of two rounds in one second would look alike.
            small_account.sandbox.store.run(
                "UPDATE photos SET lastupdate = lastupdate + :later WHERE lastupdate >= :start",
                later=10 * number,
                start=start,
            )
            # Albums without photos are gone: more of them may go than by default.
            options: dict[str, Any] = {"remove_deleted": True, "max_prune": 100}
            assert small_account.run(folder, sizes="thumbnail", **options).is_complete
            with load_locally(folder, load_private=True) as data:
                photos, albums = account.list_photos(), account.list_albums()
                assert list(data.photo_keys) == [photo["id"] for photo in photos]
                assert list(data.photoset_keys) == list(albums)
                assert {key: album["photos"] for key, album in data.photosets.items()} == albums
                for photo in photos:
                    check_photo(data, account, photo["id"])
                    assert data.photos[photo["id"]]["sets"] == find_places(albums, photo["id"])
                    files = data.photos[photo["id"]]["files"].values()
                    assert files and all(Path(file).read_bytes() for file in files)
                public = [photo["id"] for photo in photos if photo["ispublic"] == 1]
                tree = account.call("collections.getTree")["collections"].get("collection", [])
                titles = sorted((row["title"].casefold(), row["id"]) for row in tree)
                assert list(data.collection_keys) == [row[1] for row in titles]
            with load_locally(folder) as data:
                assert list(data.photo_keys) == public


def test_downsync_leaves_the_index_alone(small_account: Mirroring, tmp_path: Path) -> None:
    """It is no file of a run: it has no checksum, and pruning does not move it."""
    small_account.sandbox.reset()
    account = Account(small_account)
    small_account.run(tmp_path, sizes="thumbnail")
    load_locally(tmp_path).close()
    before = (tmp_path / INDEX).read_bytes()
    photo_id = account.list_photos()[0]["id"]
    account.change("delete", 0, None)
    report = small_account.run(tmp_path, sizes="thumbnail", remove_deleted=True, full=True)
    assert report.is_complete
    assert list((tmp_path / ".trash").rglob(f"{photo_id}.json"))
    assert (tmp_path / INDEX).read_bytes() == before
    assert INDEX not in (tmp_path / "SHA256SUMS").read_text()
    with load_locally(tmp_path, True) as data:
        assert photo_id not in data.photo_keys


def test_metadata_of_listings_loads_as_that_of_photos(
    small_account: Mirroring, tmp_path: Path
) -> None:
    """Except for raw tags and notes, which listings lack."""
    small_account.sandbox.reset()
    account = Account(small_account)
    for change in (("addTags", 0, "red fox"), ("addComment", 1, "zoo"), ("create", 2, [0, 1])):
        account.change(*change)
    options: dict[str, Any] = {"sizes": "thumbnail", "comments": True}
    small_account.run(tmp_path / "info", **options)
    small_account.run(tmp_path / "listing", metadata="listing", **options)
    assert verify_mirror(tmp_path / "listing").is_intact
    for is_private in (False, True):
        with (
            load_locally(tmp_path / "info", is_private) as expected,
            load_locally(tmp_path / "listing", is_private) as data,
        ):
            assert summarize(data) == summarize(expected)


def summarize(data: LocalData) -> dict[str, Any]:
    """Return what listings know of the items in a mirror, and what searches find."""
    names = ("title", "description", "dates", "visibility", "media", "comments", "contexts", "sets")
    found: dict[str, Any] = {
        photo_id: [
            *(dict(photo)[name] for name in names),
            photo["owner"]["nsid"],
            sorted(tag["_content"] for tag in photo["tags"]["tag"]),
            list(photo["files"]),
        ]
        for photo_id, photo in data.photos.items()
    }
    keys = data.photo_keys, data.photoset_keys, data.collection_keys
    album = data.photoset_keys[0]
    title = data.photos[data.photo_keys[0]]["title"]["_content"]
    searches: list[dict[str, Any]] = [
        {"tags": ["redfox"]},
        {"text": title},
        {"album": album},
        {"posted": "2000.."},
        {"taken": "2000.."},
    ]
    results = [data.find(**search) for search in searches]
    assert all(results)
    return found | {"keys": [list(one) for one in keys], "results": results}


def test_favorites_are_a_mirror_of_their_own(small_account: Mirroring, tmp_path: Path) -> None:
    small_account.sandbox.reset()
    small_account.run(tmp_path, sizes="thumbnail", favorites=True)
    answer = small_account.call("favorites.getList", user_id="me", per_page=500)
    favorites = {photo["id"] for photo in answer["photos"]["photo"]}
    with load_locally(tmp_path / "favorites", load_private=True) as data:
        assert set(data.photo_keys) == favorites != set()
        assert all(photo["files"] for photo in data.photos.values())
