"""Find files on Flickr by their hash, so that none is uploaded twice."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from pyflickr_web.core.flow import Sleep
from pyflickr_web.core.wire import to_whole_number
from pyflickr_web.transports.errors import FlickrError
from pyflickr_web.upload.calls import ME, call, unexpected_answer
from pyflickr_web.upload.events import AccountListing
from pyflickr_web.upload.tags import find_hashes, hash_tag

if TYPE_CHECKING:
    from pyflickr_web.core.flow import Flow
    from pyflickr_web.upload.calls import Client

LISTING, SEARCH = "flickr.people.getPhotos", "flickr.photos.search"
PAGE_SIZE = 500
# By default, listings may leave out the caller's restricted photos, and kinds other than photos.
_EVERYTHING = {"safe_search": 3, "content_types": "0,1,2,3"}
_EVERY_VIDEO = {"video_content_types": "0,1,2,3"}
# The number of times to look for a file, and the seconds between them: Flickr's index is late.
LOOKS = 3
LOOK_INTERVAL = 30
# The clocks of this machine and of Flickr may differ by these seconds.
CLOCK_TOLERANCE = 600


def list_hashes(client: Client, on_page: Callable[[AccountListing], object]) -> Flow:
    """Return the ids of all photos of the account that have a hash tag, by hash.

    It makes a call for each 500 photos of the account. Raises `FlickrError`.
    """
    return (yield from _list_hashes(client, {}, on_page))


def find_photo(client: Client, sha256: str, since: float) -> Flow:
    """Return the id of a photo with this hash, or None; looks among the uploads since a Unix time, and
    in the search of all photos.

    Raises `FlickrError`.
    """
    earliest = max(0, int(since) - CLOCK_TOLERANCE)
    found = yield from _list_hashes(client, {"min_upload_date": earliest}, lambda _: None)
    if sha256 in found:
        return found[sha256]
    values = {
        "user_id": ME,
        "machine_tags": hash_tag(sha256),
        "extras": "machine_tags",
        **_EVERYTHING,
        **_EVERY_VIDEO,
    }
    answer = yield from call(client, SEARCH, values)
    return _read_hashes(_read_photos(answer, SEARCH)).get(sha256)


def look_for(
    client: Client, sha256: str, since: float, on_delay: Callable[[float], object]
) -> Flow:
    """Look three times over a minute for a file that was sent; return the photo's id, or None.

    `on_delay` is called before each pause with its seconds.
    """
    for look in range(LOOKS):
        if look:
            on_delay(LOOK_INTERVAL)
            yield Sleep(LOOK_INTERVAL, LOOK_INTERVAL)
        try:
            found = yield from find_photo(client, sha256, since)
        except FlickrError:
            # Flickr may be unavailable for a while, which may be why the answer was lost.
            continue
        if found:
            return found
    return None


def _list_hashes(
    client: Client, values: Mapping[str, Any], on_page: Callable[[AccountListing], object]
) -> Flow:
    values = {"user_id": ME, "extras": "machine_tags", "per_page": PAGE_SIZE, **_EVERYTHING} | {
        **values
    }
    hashes: dict[str, str] = {}
    number, pages, listed = 1, 1, 0
    while number <= pages:
        answer = yield from call(client, LISTING, {**values, "page": number})
        photos = _read_photos(answer, LISTING)
        # The newest photos come first: if several have the same content, the oldest counts.
        hashes |= _read_hashes(photos)
        listed += len(photos)
        pages = to_whole_number(answer["photos"].get("pages")) or 0
        on_page(AccountListing(listed, to_whole_number(answer["photos"].get("total")) or listed))
        number += 1
    return hashes


def _read_photos(answer: Mapping[str, Any], method: str) -> list[Mapping[str, Any]]:
    try:
        # Flickr leaves out the list if it is empty.
        photos = list(answer["photos"].get("photo") or [])
    except (AttributeError, KeyError, TypeError):
        raise unexpected_answer(method) from None
    return [photo for photo in photos if isinstance(photo, Mapping) and photo.get("id")]


def _read_hashes(photos: list[Mapping[str, Any]]) -> dict[str, str]:
    return {
        sha256: str(photo["id"])
        for photo in photos
        for sha256 in find_hashes(str(photo.get("machine_tags") or "").split())
    }
