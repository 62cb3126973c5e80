"""`flickr.photosets.*`"""

from flickr_sandbox.answers.photosets import photos, reading, writing

__all__ = ["photos", "reading", "writing"]
