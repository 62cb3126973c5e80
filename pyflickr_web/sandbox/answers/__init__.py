"""Who answers what: a module or a folder for each of Flickr's namespaces.

Importing the package enters all of them.
"""

from pyflickr_web.sandbox.answers import (
    activity,
    auth,
    collections,
    contacts,
    favorites,
    galleries,
    groups,
    interestingness,
    people,
    photos,
    photosets,
    prefs,
    profile,
    reflection,
    tags,
    test,
    urls,
)

__all__ = [
    "activity",
    "auth",
    "collections",
    "contacts",
    "favorites",
    "galleries",
    "groups",
    "interestingness",
    "people",
    "photos",
    "photosets",
    "prefs",
    "profile",
    "reflection",
    "tags",
    "test",
    "urls",
]
