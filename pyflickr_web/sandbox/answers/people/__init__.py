"""`flickr.people.*`"""

from pyflickr_web.sandbox.answers.people import account, groups, info, photos

__all__ = ["account", "groups", "info", "photos"]
