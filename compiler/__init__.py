"""The compiler (`python -m compiler`), which builds bundles from Flickr's reflection of its own API."""

from pyflickr_web import __version__ as __version__
