"""The handlers of all methods: a module or a package for each of Flickr's namespaces, listed here.

Importing the package registers all handlers. The other modules are shared: finding what arguments
name and checking permissions (`find`), dates (`dates`), listings of photos (`listing`, `extras`),
photosets and galleries (`albums`), and addresses of pages (`addresses`).
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

__all__ = [
    "account",
    "activity",
    "auth",
    "blogs",
    "cameras",
    "collections",
    "comments",
    "contacts",
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
