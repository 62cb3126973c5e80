"""The Flickr API for web pages and Python."""

import sys

TYPE_CHECKING = False

__all__ = ["AsyncFlickr", "Flickr", "FlickrError"]
__version__ = "0.1.0"

if sys.platform == "emscripten":
    from pyflickr_web.browser.flickr import Flickr
    from pyflickr_web.core.errors import FlickrError

    # In a page every call is awaited.
    AsyncFlickr = Flickr
elif TYPE_CHECKING:
    from pyflickr_web.core.errors import FlickrError
    from pyflickr_web.flickr import AsyncFlickr, Flickr
    from pyflickr_web.options import ClientOptions
    from pyflickr_web.proxy.calls.policy import ProxyOptions

    __all__ += ["ClientOptions", "ProxyOptions"]
else:
    _MODULES = {
        "AsyncFlickr": "pyflickr_web.flickr",
        "ClientOptions": "pyflickr_web.options",
        "Flickr": "pyflickr_web.flickr",
        "FlickrError": "pyflickr_web.core.errors",
        "ProxyOptions": "pyflickr_web.proxy.calls.policy",
    }
    __all__ += ["ClientOptions", "ProxyOptions"]

    def __getattr__(name):
        # Import lazily: the package itself loads in a millisecond.
        if name not in _MODULES:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        from importlib import import_module

        return getattr(import_module(_MODULES[name]), name)
