"""What both frameworks' sites share: settings, and what is never left to a request."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from examples.sign_in.store import Kept
from pyflickr_web.errors import FlickrError, LoginError
from pyflickr_web.oauth.credentials import Credentials
from pyflickr_web.server import ServerClient

PAGES = Path(__file__).parent / "pages"
ENDPOINT = "/services/rest/"
# What visitors are asked for, and no more than the page needs.
PERMISSIONS = "write"
POLICY: dict[str, Any] = {
    "perms": PERMISSIONS,
    "allow": [
        "flickr.test.login",
        "flickr.people.getPhotos",
        "flickr.photos.search",
        "flickr.favorites.getList",
        "flickr.favorites.add",
        "flickr.favorites.remove",
    ],
    "rate": "120/minute",
}
# The names by which this site may be called: it sends visitors back to the one that they came by.
HOSTS = os.environ.get("HOSTS", "127.0.0.1 localhost").split()
# Seconds in which to say yes at Flickr, and until a visitor has to sign in anew.
SIGNING_IN, SIGNED_IN = 600, 12 * 3600
MOST = 100_000
TOO_OFTEN = "Too many sign-ins: try again in a minute."


def begun() -> Kept[str]:
    """For sign-ins that visitors have begun; apart, so that a flood of these signs nobody out."""
    return Kept(SIGNING_IN, MOST)


def visitors() -> Kept[Credentials]:
    """For the credentials of visitors, of which their browsers never hear."""
    return Kept(SIGNED_IN, MOST)


def credentials_of(flickr: ServerClient) -> Credentials:
    """What signs the calls of a visitor whose client `exchange` has made."""
    credentials = flickr.options.credentials
    assert credentials, "without the application's secret nobody is signed in"
    return credentials


def cookie(name: str, secure: bool) -> dict[str, Any]:
    """A cookie that no script reads and no other site's form sends, as both frameworks take it.

    Over https no other host of the domain can set it either (RFC 6265bis, `__Host-`).
    """
    return {
        "key": f"__Host-{name}" if secure else name,
        "secure": secure,
        "httponly": True,
        "samesite": "lax",
        "path": "/",
    }


def home(error: FlickrError | None = None) -> str:
    """Where a visitor goes who has signed in, or has not because of `error`."""
    if error is None:
        return "/"
    return "/?sign_in=" + ("refused" if isinstance(error, LoginError) else "failed")


def headers() -> dict[str, str]:
    """For every answer that does not say otherwise: what a page may load, and that none is kept."""
    photos = os.environ.get("FLICKR_BASE_URL", "https://*.staticflickr.com")
    return {
        "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; "
        f"connect-src 'self'; img-src 'self' {photos}; form-action 'self'; base-uri 'none'; "
        "frame-ancestors 'none'",
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "same-origin",
        "Cache-Control": "no-store",
    }
