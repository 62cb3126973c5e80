"""Where the sandbox keeps people, photos and all that belongs to them."""

from pyflickr_web.sandbox.store.store import Row, Store

__all__ = ["Row", "Store"]
