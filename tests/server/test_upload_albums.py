"""Test albums: find one, add photos to it in order, and create it once."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest

from flickr_sandbox import Fault, Sandbox
from pyflickr_web import Flickr
from pyflickr_web.errors import (
    ArgumentError,
    FlickrError,
    LoginError,
    NetworkError,
    NotFoundError,
)
from pyflickr_web.upload.albums import Album, AlbumAdditions, add_to_album, find_album, get_album
from tests.server.clients import Both
from tests.server.uploads import Clock
from tests.support.account import LOGIN, options_of
from tests.support.scripted_server import Answer, serve


@pytest.fixture
def photos(sandbox: Sandbox) -> list[str]:
    """The ids of photos of the account, in no order of time."""
    rows = sandbox.store.all(
        "SELECT id FROM photos WHERE owner = :me ORDER BY id % 7, id", me=sandbox.account.user_id
    )
    ids = [str(row["id"]) for row in rows]
    assert len(ids) > 4
    return ids


def make_album(sandbox: Sandbox, title: str, photo: str) -> str:
    """Create an album on Flickr, and return its id."""
    with Flickr(**options_of(sandbox)) as flickr:
        answer = flickr.photosets.create(title=title, primary_photo_id=photo)
    return str(answer["photoset"]["id"])


def members_of(sandbox: Sandbox, album: str | None) -> list[str]:
    rows = sandbox.store.all(
        "SELECT photo FROM photoset_photos WHERE photoset = :id ORDER BY position", id=album
    )
    return [str(row["photo"]) for row in rows]


def albums_with(sandbox: Sandbox, title: str) -> list[str]:
    rows = sandbox.store.all("SELECT id FROM photosets WHERE title = :title", title=title)
    return [str(row["id"]) for row in rows]


def add(perform: Both, sandbox: Sandbox, album: Album, photos: Sequence[str]) -> AlbumAdditions:
    additions = AlbumAdditions(album)
    perform(lambda f: f.run(add_to_album(f, additions, photos)), options_of(sandbox))
    return additions


def test_missing_album_is_created_with_the_photos_in_order(
    perform: Both, sandbox: Sandbox, photos: list[str]
) -> None:
    title = 'Füchse & "Pandas" <1>'
    album = perform(lambda f: f.run(find_album(f, f" {title} ")), options_of(sandbox))
    assert album == Album(title, None)
    additions = add(perform, sandbox, album, photos[:4])
    assert albums_with(sandbox, title) == [additions.album.id]
    assert members_of(sandbox, additions.album.id) == photos[:4] == additions.added
    again = perform(lambda f: f.run(find_album(f, title)), options_of(sandbox))
    assert again == additions.album


def test_album_keeps_its_photos_and_their_order(
    perform: Both, sandbox: Sandbox, photos: list[str]
) -> None:
    number = make_album(sandbox, "Foxes", photos[3])
    sandbox.counts.clear()
    additions = add(perform, sandbox, Album("Foxes", number), [photos[0], photos[3], photos[1]])
    assert members_of(sandbox, number) == [photos[3], photos[0], photos[1]]
    assert additions.added == [photos[0], photos[3], photos[1]] and not additions.errors
    # The listing of the album saves the call for the photo that is in it.
    assert sandbox.calls["flickr.photosets.addPhoto"] == 2
    assert not sandbox.calls["flickr.photosets.editPhotos"]


def test_photo_that_someone_else_adds_meanwhile_counts_as_added(
    perform: Both, sandbox: Sandbox, photos: list[str]
) -> None:
    number = make_album(sandbox, "Foxes", photos[0])
    sandbox.fail("flickr.photosets.addPhoto", 3)
    additions = add(perform, sandbox, Album("Foxes", number), photos[1:3])
    assert additions.added == photos[1:3] and not additions.errors


def test_two_albums_of_one_title_are_refused(
    perform: Both, sandbox: Sandbox, photos: list[str]
) -> None:
    ids = [make_album(sandbox, "Foxes", photo) for photo in photos[:2]]
    with pytest.raises(ArgumentError) as caught:
        perform(lambda f: f.run(find_album(f, "Foxes")), options_of(sandbox))
    assert all(number in str(caught.value) for number in ids)


def test_album_is_found_by_its_id(perform: Both, sandbox: Sandbox, photos: list[str]) -> None:
    number = make_album(sandbox, "Foxes", photos[0])
    found = perform(lambda f: f.run(get_album(f, number)), options_of(sandbox))
    assert found == Album("Foxes", number)


def test_album_of_somebody_else_is_not_found(perform: Both, sandbox: Sandbox) -> None:
    row = sandbox.store.one(
        "SELECT id FROM photosets WHERE owner <> :me", me=sandbox.account.user_id
    )
    number = str(row["id"]) if row else "1"
    with pytest.raises(NotFoundError, match=number):
        perform(lambda f: f.run(get_album(f, number)), options_of(sandbox))


def test_album_is_found_beyond_the_first_page(
    sandbox: Sandbox, photos: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pyflickr_web.upload.albums.PAGE_SIZE", 2)
    ids = {f"Album {n}": make_album(sandbox, f"Album {n}", photos[0]) for n in range(5)}
    with Flickr(**options_of(sandbox)) as flickr:
        assert [flickr.run(find_album(flickr, title)).id for title in ids] == list(ids.values())
        additions = AlbumAdditions(Album("Album 0", ids["Album 0"]))
        flickr.run(add_to_album(flickr, additions, photos))
        sandbox.counts.clear()
        flickr.run(add_to_album(flickr, additions, photos))
    assert not sandbox.calls["flickr.photosets.addPhoto"]


@pytest.mark.parametrize("kind", ["500", "503", "429", "drop", "drop-midway", "truncated", "105"])
def test_album_is_created_once_over_faults(
    perform: Both, sandbox: Sandbox, clock: Clock, photos: list[str], kind: str
) -> None:
    for method in ("flickr.photosets.create", "flickr.photosets.addPhoto"):
        sandbox.faults.add(Fault(kind), method=method, times=2)
    additions = add(perform, sandbox, Album("Foxes", None), photos[:3])
    assert albums_with(sandbox, "Foxes") == [additions.album.id]
    assert members_of(sandbox, additions.album.id) == photos[:3]


def test_photo_that_is_not_found_does_not_end_the_rest(
    perform: Both, sandbox: Sandbox, photos: list[str]
) -> None:
    given = ["1", photos[0], "2", photos[1]]
    additions = add(perform, sandbox, Album("Foxes", None), given)
    assert members_of(sandbox, additions.album.id) == photos[:2] == additions.added
    assert {photo: error.code for photo, error in additions.errors.items()} == {"1": 2, "2": 2}


@pytest.mark.parametrize("code", [1, 10])
def test_error_of_the_album_is_that_of_all_further_photos(
    perform: Both, sandbox: Sandbox, photos: list[str], code: int
) -> None:
    number = make_album(sandbox, "Foxes", photos[0])
    sandbox.counts.clear()
    sandbox.fail("flickr.photosets.addPhoto", code, times=None)
    additions = add(perform, sandbox, Album("Foxes", number), photos[:4])
    assert additions.added == photos[:1] and list(additions.errors) == photos[1:4]
    assert sandbox.calls["flickr.photosets.addPhoto"] == 1


def test_album_that_cannot_be_listed_is_an_error_of_each_photo(
    perform: Both, sandbox: Sandbox, photos: list[str]
) -> None:
    number = make_album(sandbox, "Foxes", photos[0])
    sandbox.fail("flickr.photosets.getPhotos", 98)
    additions = add(perform, sandbox, Album("Foxes", number), photos[:3])
    assert not additions.added and list(additions.errors) == photos[:3]
    assert all(isinstance(error, LoginError) for error in additions.errors.values())


def test_server_that_stays_away_is_an_error(
    perform: Both, sandbox: Sandbox, clock: Clock, photos: list[str]
) -> None:
    sandbox.faults.add(Fault("drop"), method="flickr.photosets.create")
    additions = add(perform, sandbox, Album("Foxes", None), photos[:2])
    errors: list[Any] = list(additions.errors.values())
    assert len(errors) == 2 and all(isinstance(error, NetworkError) for error in errors)
    assert additions.album.id is None and len(clock.pauses) == 3


@pytest.mark.parametrize("body", [b"{}", b'{"stat":"ok"}', b'{"stat":"ok","photosets":[]}'])
def test_unexpected_answer_is_an_error(clock: Clock, body: bytes) -> None:
    with (
        serve(Answer(body)) as script,
        Flickr(**LOGIN, base_url=script.url) as flickr,
        pytest.raises(FlickrError, match=r"flickr\.photosets\.getList"),
    ):
        flickr.run(find_album(flickr, "Foxes"))


def test_empty_title_is_refused(sandbox: Sandbox) -> None:
    with Flickr(**options_of(sandbox)) as flickr, pytest.raises(ArgumentError, match="empty"):
        flickr.run(find_album(flickr, "  "))
    assert not sandbox.calls
