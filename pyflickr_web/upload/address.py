"""Where photos are sent."""

from __future__ import annotations

from pyflickr_web.core.wire import below

FLICKR = "https://up.flickr.com"


def upload(base_url: str | None) -> str:
    """The address that takes new photos."""
    return below(base_url or FLICKR, "services/upload/")
