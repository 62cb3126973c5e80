"""`flickr.groups.*`"""

from flickr_sandbox.answers.groups import about, members, pools, replies, topics

__all__ = ["about", "members", "pools", "replies", "topics"]
