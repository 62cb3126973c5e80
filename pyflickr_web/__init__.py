"""The Flickr API for web pages and Python."""

import sys

from pyflickr_web.core.errors import FlickrError

__all__ = ["FlickrError"]
__version__ = "0.1.0"

if sys.platform == "emscripten":
    from pyflickr_web.browser.flickr import Flickr

    __all__ += ["Flickr"]
