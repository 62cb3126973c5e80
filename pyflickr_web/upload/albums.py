"""Albums, which the API calls photosets: find one of the account, and add uploaded photos to it."""

from __future__ import annotations

import html
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from pyflickr_web.core.flow import Sleep
from pyflickr_web.core.levels import RETRIES
from pyflickr_web.core.plan import UPLOAD
from pyflickr_web.core.wire import to_whole_number
from pyflickr_web.transports.errors import (
    FlickrError,
    NetworkError,
    NotFoundError,
    RateLimitError,
    UnavailableError,
)
from pyflickr_web.upload.calls import call, unexpected_answer
from pyflickr_web.upload.fields import argument_error

if TYPE_CHECKING:
    from pyflickr_web.core.flow import Flow
    from pyflickr_web.upload.calls import Client

ALBUMS, PHOTOS = "flickr.photosets.getList", "flickr.photosets.getPhotos"
CREATE, ADD = "flickr.photosets.create", "flickr.photosets.addPhoto"
PAGE_SIZE = 500
# Flickr's codes of `ADD` and `CREATE`.
PHOTO_NOT_FOUND, ALREADY_IN_ALBUM = 2, 3


@dataclass(frozen=True, slots=True)
class Album:
    """An album of the account; its `id` is None if it does not exist yet."""

    title: str
    id: str | None


@dataclass(slots=True)
class AlbumAdditions:
    """The progress of `add_to_album`: the album, the photos that are in it, and the errors of others."""

    album: Album
    added: list[str] = field(default_factory=list)
    errors: dict[str, FlickrError] = field(default_factory=dict)


def find_album(client: Client, title: str) -> Flow:
    """Return the account's `Album` with this title, or a new one without an id.

    Raises `ArgumentError` if several albums have this title.
    """
    wanted = _normalize(title)
    if not wanted:
        raise argument_error("the album's title is empty: give a text")
    albums = [each for each in (yield from _list_albums(client)) if each.title == wanted]
    if len(albums) > 1:
        ids = ", ".join(album.id or "" for album in albums)
        raise argument_error(f"several albums have the title {title!r}: give an id ({ids})")
    return albums[0] if albums else Album(title.strip(), None)


def get_album(client: Client, album_id: str) -> Flow:
    """Return the account's `Album` with this id. Raises `NotFoundError`."""
    for album in (yield from _list_albums(client)):
        if album.id == album_id:
            return album
    raise NotFoundError(f"{UPLOAD}: no album of yours has the id {album_id!r}", method=ALBUMS)


def add_to_album(
    client: Client,
    additions: AlbumAdditions,
    photos: Iterable[str],
    on_photo: Callable[[], object] = lambda: None,
) -> Flow:
    """Add photos to an album at its end, in order; create it if it does not exist yet.

    A photo that is in the album already stays where it is. `additions` is updated after each photo, and
    then `on_photo` is called. After an error that further photos would have too, those have it as well.
    """
    left = list(dict.fromkeys(photos))
    try:
        found = yield from _list_members(client, additions.album.id)
    except FlickrError as error:
        additions.errors |= dict.fromkeys(left, error)
        return
    for position, photo in enumerate(left):
        try:
            if photo not in found:
                yield from _add(client, additions, photo)
        except FlickrError as error:
            if error.code != PHOTO_NOT_FOUND:
                additions.errors |= dict.fromkeys(left[position:], error)
                return
            additions.errors[photo] = error
        else:
            additions.added.append(photo)
        on_photo()


def _add(client: Client, additions: AlbumAdditions, photo: str) -> Flow:
    if additions.album.id is None:
        title = additions.album.title
        additions.album = Album(title, (yield from _create(client, title, photo)))
        return
    values = {"photoset_id": additions.album.id, "photo_id": photo}
    try:
        yield from call(client, ADD, values)
    except FlickrError as error:
        if error.code != ALREADY_IN_ALBUM:
            raise


def _create(client: Client, title: str, photo: str) -> Flow:
    """Create an album with its first photo, and return its id.

    If the answer is lost, Flickr may have created it: then it is not created again.
    """
    values = {"title": title, "primary_photo_id": photo}
    for count in range(RETRIES + 1):
        try:
            answer = yield from client.flow(CREATE, dict(values), False)
            return _read_id(answer)
        except (NetworkError, RateLimitError, UnavailableError):
            if count == RETRIES:
                raise
        yield Sleep(2**count / 2, 2**count)
        album: Album = yield from find_album(client, title)
        if album.id:
            yield from _add(client, AlbumAdditions(album), photo)
            return album.id
    raise AssertionError


def _read_id(answer: Mapping[str, Any]) -> str:
    try:
        return str(answer["photoset"]["id"])
    except (KeyError, TypeError):
        raise unexpected_answer(CREATE) from None


def _list_albums(client: Client) -> Flow:
    rows = yield from _list_rows(client, ALBUMS, {"authenticated": True}, ("photosets", "photoset"))
    return [Album(_read_title(row), str(row["id"])) for row in rows]


def _list_members(client: Client, album_id: str | None) -> Flow:
    """Return the ids of the photos of an album."""
    if album_id is None:
        return set()
    values = {"photoset_id": album_id, "authenticated": True}
    rows = yield from _list_rows(client, PHOTOS, values, ("photoset", "photo"))
    return {str(row["id"]) for row in rows}


def _list_rows(
    client: Client, method: str, values: Mapping[str, Any], names: tuple[str, str]
) -> Flow:
    """Return the rows of all pages of a listing, which are in its answer under these names."""
    whole, name = names
    rows: list[Mapping[str, Any]] = []
    number, pages = 1, 1
    while number <= pages:
        answer = yield from call(client, method, {**values, "per_page": PAGE_SIZE, "page": number})
        try:
            rows += _read_rows(answer[whole].get(name) or [])
            # An answer without the number of pages has all rows.
            pages = to_whole_number(answer[whole].get("pages")) or 0
        except (AttributeError, KeyError, TypeError):
            raise unexpected_answer(method) from None
        number += 1
    return rows


def _read_rows(rows: Sequence[Any]) -> Iterator[Mapping[str, Any]]:
    return (row for row in rows if isinstance(row, Mapping) and row.get("id"))


def _read_title(row: Mapping[str, Any]) -> str:
    title = row.get("title")
    return _normalize(str(title.get("_content", "") if isinstance(title, Mapping) else title))


def _normalize(title: str) -> str:
    """Return a title for comparisons: Flickr may escape characters of HTML."""
    return html.unescape(title).strip()
