"""`flickr.tags.*`"""

from pyflickr_web.sandbox.answers.tags import listing, near

__all__ = ["listing", "near"]
