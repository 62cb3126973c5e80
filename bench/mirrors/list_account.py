"""List and plan an account without a network: `python -m bench.mirrors.list_account FOLDER PHOTOS`.

A dry run of downsync, with a client whose answers are made when they are asked for. FOLDER is empty, so
that every photo has work. Prints the figures as JSON.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from bench.mirrors.run_downsync import print_figures
from pyflickr_web import Flickr
from pyflickr_web.commands.stdio import standard_streams
from pyflickr_web.mirror.sync import downsync
from pyflickr_web.options import ServerOptions
from pyflickr_web.transports.message import Credentials

if TYPE_CHECKING:
    from pyflickr_web.core.flow import Flow

OWNER = "10000000@N00"
FIRST_ID, STEP, FIRST_DATE = 53_000_000_000, 97, 1_000_000_000
PER_PAGE = 500
# The suffixes of the `url_…` fields, by their names.
SIZES = {"sq": "s", "q": "q", "t": "t", "s": "m", "z": "z", "c": "c", "l": "b", "o": "o"}


class ListingClient:
    """A client of an account whose photos were posted one a second; it has no albums."""

    credentials: Credentials | None = None

    def __init__(self, flickr: Flickr, photos: int) -> None:
        self._flickr = flickr
        self._photos = photos
        self.calls = 0

    @property
    def options(self) -> ServerOptions:
        """The client's options."""
        return self._flickr.options

    def photo_url(self, photo: Mapping[str, Any], size: str = "") -> str | None:
        """Return the address of a photo."""
        return self._flickr.photo_url(photo, size)

    def flow(self, method: str, values: dict[str, Any], checked: bool = True) -> Flow:
        """Answer a method; a flow that sends nothing."""
        self.calls += 1
        yield from ()
        return self._answer(method, values)

    def _answer(self, method: str, values: dict[str, Any]) -> dict[str, Any]:
        if method == "flickr.people.getPhotos":
            return {"photos": self._list_page(values)}
        answers: dict[str, dict[str, Any]] = {
            "flickr.people.findByUsername": {"user": {"nsid": OWNER}},
            "flickr.photosets.getList": {"photosets": {"page": 1, "pages": 1, "photoset": []}},
            "flickr.collections.getTree": {"collections": {"collection": []}},
        }
        return answers[method]

    def _list_page(self, values: dict[str, Any]) -> dict[str, Any]:
        """Return a page of the photos up to a date, the newest first."""
        latest = values.get("max_upload_date", FIRST_DATE + self._photos) - FIRST_DATE
        count = min(self._photos, latest + 1)
        start = count - PER_PAGE * (values["page"] - 1)
        numbers = range(start - 1, max(start - PER_PAGE, 0) - 1, -1)
        pages = -(-count // PER_PAGE)
        return {
            "page": values["page"],
            "pages": pages,
            "total": str(count),
            "photo": [_make_photo(number) for number in numbers],
        }


def _make_photo(number: int) -> dict[str, Any]:
    photo_id, date = str(FIRST_ID + STEP * number), str(FIRST_DATE + number)
    address = f"https://live.staticflickr.com/65535/{photo_id}_ec6a708417"
    return {
        "id": photo_id,
        "owner": OWNER,
        "secret": "ec6a708417",
        "server": "65535",
        "farm": 66,
        "title": f"Silent harbour {number}",
        "description": {"_content": "Seen on a walk: harbour."},
        "ispublic": 1,
        "isfriend": 0,
        "isfamily": 0,
        "license": "0",
        "safety_level": "0",
        "rotation": 0,
        "dateupload": date,
        "lastupdate": date,
        "datetaken": "2012-02-15 10:54:21",
        "datetakengranularity": 0,
        "ownername": "sandbox",
        "media": "photo",
        "originalsecret": "2a1cbdffba",
        "originalformat": "jpg",
        "tags": "sea night redpanda",
        "machine_tags": "",
        "views": "7",
        "count_comments": "0",
        "latitude": "53.426000",
        "longitude": "9.822000",
        "accuracy": "12",
        **{f"url_{name}": f"{address}_{suffix}.jpg" for name, suffix in SIZES.items()},
    }


def main(folder: str, photos: str) -> None:
    start = time.perf_counter()
    with Flickr(api_key="0" * 32, base_url="http://127.0.0.1:9") as flickr:
        client = ListingClient(flickr, int(photos))
        report = flickr.run(downsync(client, folder, {"dry_run": True, "user": "sandbox"}))
    # Its pace counts requests, and none was sent.
    report.calls = client.calls
    print_figures(report, start)


if __name__ == "__main__":
    with standard_streams():
        main(*sys.argv[1:])
