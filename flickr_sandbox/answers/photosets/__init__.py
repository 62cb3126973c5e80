"""`flickr.photosets.*`"""

from flickr_sandbox.answers.photosets import comments, photos, reading, writing

__all__ = ["comments", "photos", "reading", "writing"]
