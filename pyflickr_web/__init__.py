"""The Flickr API for web pages and Python."""

__version__ = "0.1.0"
