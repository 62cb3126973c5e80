"""`flickr.groups.*`"""

from flickr_sandbox.answers.groups import group, members, pools, replies, topics

__all__ = ["group", "members", "pools", "replies", "topics"]
