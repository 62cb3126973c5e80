"""The Flickr API for web pages and Python."""

import sys

# With `as`, jedi finds the names too.
if sys.platform == "emscripten":
    from pyflickr_web.browser.flickr import Flickr as Flickr
    from pyflickr_web.core.errors import FlickrError as FlickrError

    __all__ = ["AsyncFlickr", "Flickr", "FlickrError"]

    AsyncFlickr = Flickr
else:
    from pyflickr_web.core.errors import FlickrError as FlickrError
    from pyflickr_web.flickr import AsyncFlickr as AsyncFlickr
    from pyflickr_web.flickr import Flickr as Flickr
    from pyflickr_web.mirror.load import LocalData as LocalData
    from pyflickr_web.mirror.load import load_locally as load_locally
    from pyflickr_web.mirror.settings import DownsyncOptions as DownsyncOptions
    from pyflickr_web.options import ClientOptions as ClientOptions
    from pyflickr_web.proxy.calls.policy import ProxyOptions as ProxyOptions

    __all__ = [
        "AsyncFlickr",
        "ClientOptions",
        "DownsyncOptions",
        "Flickr",
        "FlickrError",
        "LocalData",
        "ProxyOptions",
        "load_locally",
    ]

__version__: str
