"""Fetch pictures as a run does: in turn, and the deferred ones at the end."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pyflickr_web.mirror.download import DeferredFile, Downloads, Result
from pyflickr_web.mirror.metadata.pictures import Picture

if TYPE_CHECKING:
    from pyflickr_web.core.flow import Flow


def fetch_all(downloads: Downloads, *pictures: Picture) -> Flow:
    """Fetch pictures in turn, then the deferred ones; return the final results by name."""
    results: dict[str, Result] = {}

    def handle(picture: Picture, result: Result) -> Flow:
        results[picture.name] = result
        yield from ()

    for one in pictures:
        result = yield from downloads.fetch(one)
        if not isinstance(result, DeferredFile):
            results[one.name] = result
    yield from downloads.fetch_deferred(handle)
    return results
