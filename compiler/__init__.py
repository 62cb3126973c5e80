"""The compiler: from Flickr's reflection of its own API to browser bundles (`python -m compiler`)."""

from pyflickr_web import __version__ as __version__
