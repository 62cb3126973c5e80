"""`flickr.people.*`"""

from flickr_sandbox.answers.people import account, info, photos

__all__ = ["account", "info", "photos"]
