"""`flickr.galleries.*`"""

from flickr_sandbox.answers.galleries import photos, reading, writing

__all__ = ["photos", "reading", "writing"]
