"""The public module of `Credentials`, the secrets that sign a request."""

from pyflickr_web.transports.message import Credentials

__all__ = ["Credentials"]
