"""The Flickr API for web pages and Python."""

import sys

__version__ = "0.1.0"

# Type checkers and editors read `__init__.pyi`, which has the same branches.
if sys.platform == "emscripten":
    from pyflickr_web.browser.flickr import Flickr
    from pyflickr_web.core.errors import FlickrError

    __all__ = ["AsyncFlickr", "Flickr", "FlickrError"]

    # In a page every call is awaited.
    AsyncFlickr = Flickr
else:
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

    _MODULES = {
        "AsyncFlickr": "pyflickr_web.flickr",
        "ClientOptions": "pyflickr_web.options",
        "DownsyncOptions": "pyflickr_web.mirror.settings",
        "Flickr": "pyflickr_web.flickr",
        "FlickrError": "pyflickr_web.core.errors",
        "LocalData": "pyflickr_web.mirror.load",
        "ProxyOptions": "pyflickr_web.proxy.calls.policy",
        "load_locally": "pyflickr_web.mirror.load",
    }

    def __getattr__(name):
        # Import lazily: the package itself loads in a millisecond.
        if name not in _MODULES:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        from importlib import import_module

        return getattr(import_module(_MODULES[name]), name)
