"""`flickr.photosets.*`"""

from flickr_sandbox.answers.photosets import reading, writing

__all__ = ["reading", "writing"]
