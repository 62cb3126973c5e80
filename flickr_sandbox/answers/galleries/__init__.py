"""`flickr.galleries.*`"""

from flickr_sandbox.answers.galleries import reading, writing

__all__ = ["reading", "writing"]
