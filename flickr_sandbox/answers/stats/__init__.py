"""`flickr.stats.*`: how often the caller's things were looked at, and where those who came, came from.

Views of a day are made from ids and the date, so that they add up; comments and favourites are the
library's. Importing the package enters all of them.
"""

from flickr_sandbox.answers.stats import referrers, views

__all__ = ["referrers", "views"]
