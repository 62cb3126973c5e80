"""Where OAuth happens."""

from __future__ import annotations

from urllib.parse import urlencode

from pyflickr_web.core.wire import below

FLICKR = "https://www.flickr.com"


def request_token(base_url: str | None) -> str:
    """The address that hands out request tokens."""
    return below(base_url or FLICKR, "services/oauth/request_token")


def authorize(base_url: str | None, token: str, permissions: str) -> str:
    """The page that asks the person, for a level: `read`, `write` or `delete`."""
    query = urlencode({"oauth_token": token, "perms": permissions})
    return below(base_url or FLICKR, "services/oauth/authorize") + "?" + query


def access_token(base_url: str | None) -> str:
    """The address that hands out access tokens."""
    return below(base_url or FLICKR, "services/oauth/access_token")
