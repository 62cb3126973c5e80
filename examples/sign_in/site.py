"""Settings, cookies and headers that the sites of both frameworks share."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any, Final

from examples.sign_in.store import ExpiringStore
from pyflickr_web import ProxyOptions
from pyflickr_web.errors import FlickrError, LoginError
from pyflickr_web.oauth.credentials import Credentials
from pyflickr_web.server_client import ServerClient

PAGES = Path(__file__).parent / "pages"
ENDPOINT = "/services/rest/"
# The permission level that visitors are asked for: the lowest that the page needs.
PERMISSIONS: Final = "write"
POLICY: ProxyOptions = {
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
# The host names of this site: the callback's address has the host of the visitor's request.
HOSTS = os.environ.get("HOSTS", "127.0.0.1 localhost").split()
# Seconds to complete a sign-in, and until a visitor has to sign in again.
SIGN_IN_SECONDS, SESSION_SECONDS = 600, 12 * 3600
MAX_STORED = 100_000
TOO_OFTEN = "Too many sign-ins: try again in a minute."


def create_pending_store() -> ExpiringStore[str]:
    """Return a store for pending sign-ins; apart, so that a flood of them removes no session."""
    return ExpiringStore(SIGN_IN_SECONDS, MAX_STORED)


def create_session_store() -> ExpiringStore[Credentials]:
    """Return a store for the credentials of visitors, which are never sent to a browser."""
    return ExpiringStore(SESSION_SECONDS, MAX_STORED)


def credentials_of(flickr: ServerClient) -> Credentials:
    """Return the visitor's credentials from the client that `exchange` returned."""
    credentials = flickr.options.credentials
    assert credentials, "exchange needs the application's secret"
    return credentials


def cookie_options(name: str, secure: bool) -> dict[str, Any]:
    """Return the arguments of `set_cookie` for a cookie that scripts and other sites' forms cannot use.

    Over https, other hosts of the domain cannot set it either (RFC 6265bis, `__Host-`).
    """
    return {
        "key": f"__Host-{name}" if secure else name,
        "secure": secure,
        "httponly": True,
        "samesite": "lax",
        "path": "/",
    }


def home_path(error: FlickrError | None = None) -> str:
    """Return the path to redirect a visitor to after a sign-in, which failed if there is an `error`."""
    if error is None:
        return "/"
    return "/?sign_in=" + ("refused" if isinstance(error, LoginError) else "failed")


def security_headers() -> dict[str, str]:
    """Return default headers for every answer: a content security policy, and no caching."""
    photos = os.environ.get("FLICKR_BASE_URL", "https://*.staticflickr.com")
    return {
        "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; "
        f"connect-src 'self'; img-src 'self' {photos}; form-action 'self'; base-uri 'none'; "
        "frame-ancestors 'none'",
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "same-origin",
        "Cache-Control": "no-store",
    }
