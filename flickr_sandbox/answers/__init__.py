"""The handlers of all methods: a module or a package for each of Flickr's namespaces, listed here.

Importing the package registers all handlers. The other modules are shared: look up ids and check
permissions (`find`), parse dates (`dates`), list photos (`listing`, `extras`), photosets and
galleries (`albums`), and make addresses of pages (`addresses`).
"""

from flickr_sandbox.answers import (
    account,
    activity,
    auth,
    blogs,
    cameras,
    collections,
    comments,
    contacts,
    explore,
    favorites,
    galleries,
    groups,
    machinetags,
    people,
    photos,
    photosets,
    places,
    push,
    reflection,
    stats,
    tags,
    testimonials,
    urls,
)
from flickr_sandbox.registry import ENTRIES, Entry

__all__ = [
    "account",
    "activity",
    "auth",
    "blogs",
    "cameras",
    "collections",
    "comments",
    "contacts",
    "entries",
    "explore",
    "favorites",
    "galleries",
    "groups",
    "machinetags",
    "people",
    "photos",
    "photosets",
    "places",
    "push",
    "reflection",
    "stats",
    "tags",
    "testimonials",
    "urls",
]


def entries() -> dict[str, Entry]:
    """Return all entries, by the method's name."""
    return ENTRIES
