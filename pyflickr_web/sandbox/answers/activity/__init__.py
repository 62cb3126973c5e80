"""`flickr.activity.*`"""

from pyflickr_web.sandbox.answers.activity import listing

__all__ = ["listing"]
