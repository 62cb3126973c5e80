"""An account whose photos change between calls, behind the listings of Flickr."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pyflickr_web.core.flow import Flow

Photo = dict[str, Any]


class ChangingAccount:
    """Answers listings from `photos`, which `change` may change before each call."""

    def __init__(self, photos: list[Photo], change: Callable[[int], None] = lambda _: None) -> None:
        self.photos = photos
        self.calls: list[tuple[str, dict[str, Any]]] = []
        self._change = change
        # The largest number of results that pages reach.
        self.most: int | None = None

    def call(self, method: str, values: dict[str, Any]) -> Flow:
        """Answer a call; a flow without effects."""
        yield from ()
        self._change(len(self.calls))
        self.calls.append((method, values))
        if method == "flickr.photos.recentlyUpdated":
            found = [p for p in self.photos if int(p["lastupdate"]) >= values["min_date"]]
            found.sort(key=lambda photo: -int(photo["lastupdate"]))
        elif method == "flickr.photosets.getPhotos":
            return {"photoset": self._page(list(self.photos), values), "stat": "ok"}
        else:
            bound = values.get("max_upload_date", 10**12)
            found = [photo for photo in self.photos if int(photo["dateupload"]) <= bound]
            found.sort(key=lambda photo: (-int(photo["dateupload"]), -int(photo["id"])))
        return {"photos": self._page(found, values), "stat": "ok"}

    def _page(self, found: list[Photo], values: dict[str, Any]) -> dict[str, Any]:
        size = values["per_page"]
        reachable = found[: self.most]
        last = max(1, -(-len(reachable) // size))
        number = min(values["page"], last)
        items = reachable[(number - 1) * size : number * size]
        pages = -(-len(found) // size)
        return {"page": number, "pages": pages, "total": str(len(found)), "photo": items}


def photo(number: int, date: int = 0, lastupdate: int = 0) -> Photo:
    return {
        "id": str(number),
        "dateupload": str(date or number),
        "lastupdate": str(lastupdate or number),
    }


def run(flow: Flow) -> Any:
    """Run a flow without effects, and return its result."""
    try:
        next(flow)
    except StopIteration as stop:
        return stop.value
    raise AssertionError("the flow has an effect")
