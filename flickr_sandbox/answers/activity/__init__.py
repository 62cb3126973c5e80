"""`flickr.activity.*`"""

from flickr_sandbox.answers.activity import listing

__all__ = ["listing"]
