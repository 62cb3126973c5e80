"""The sandbox's database: people, photos, and all that belongs to them."""

from flickr_sandbox.store.store import Row, Store

__all__ = ["Row", "Store"]
