"""The Flickr API for web pages and Python."""

import sys

from pyflickr_web.core.errors import FlickrError

TYPE_CHECKING = False

__all__ = ["AsyncFlickr", "Flickr", "FlickrError"]
__version__ = "0.1.0"

if sys.platform == "emscripten":
    from pyflickr_web.browser.flickr import Flickr

    # In a page every call is awaited anyhow.
    AsyncFlickr = Flickr
elif TYPE_CHECKING:
    from pyflickr_web.flickr import AsyncFlickr, Flickr
else:

    def __getattr__(name):
        # Who only wants FlickrError, or the version, need not wait for the client.
        if name in ("AsyncFlickr", "Flickr"):
            from pyflickr_web import flickr

            return getattr(flickr, name)
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
