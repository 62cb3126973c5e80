"""`flickr.stats.*`: views of the caller's items, and their referrers.

Views of a day are computed from ids and the date, so that sums are consistent; comments and
favorites are the library's. Importing the package registers all handlers.
"""

from flickr_sandbox.answers.stats import referrers, views

__all__ = ["referrers", "views"]
