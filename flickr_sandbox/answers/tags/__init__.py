"""`flickr.tags.*`"""

from flickr_sandbox.answers.tags import listing, related

__all__ = ["listing", "related"]
