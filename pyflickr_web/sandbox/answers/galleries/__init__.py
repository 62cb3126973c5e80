"""`flickr.galleries.*`"""

from pyflickr_web.sandbox.answers.galleries import photos, reading, writing

__all__ = ["photos", "reading", "writing"]
