"""`flickr.photosets.*`"""

from pyflickr_web.sandbox.answers.photosets import comments, photos, reading, writing

__all__ = ["comments", "photos", "reading", "writing"]
