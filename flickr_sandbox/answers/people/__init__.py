"""`flickr.people.*`"""

from flickr_sandbox.answers.people import account, groups, info, photos

__all__ = ["account", "groups", "info", "photos"]
