"""`flickr.tags.*`"""

from flickr_sandbox.answers.tags import listing, near

__all__ = ["listing", "near"]
