"""Who answers what: a module or a folder for each of Flickr's namespaces, which are listed here.

Importing the package enters all of them. The other modules are what they share: how things are found
(`find`, `whose`, `ids`), listed (`listing`, `extras`, `neighbours`), dated (`dates`, `days`) and told
(`addresses`, `comments`, `primary`), and who may see them (`permissions`, `privacy`).
"""

from flickr_sandbox.answers import (
    activity,
    auth,
    blogs,
    cameras,
    collections,
    commons,
    contacts,
    favorites,
    galleries,
    groups,
    interestingness,
    machinetags,
    panda,
    people,
    photos,
    photosets,
    places,
    prefs,
    profile,
    push,
    reflection,
    stats,
    tags,
    test,
    testimonials,
    urls,
)

__all__ = [
    "activity",
    "auth",
    "blogs",
    "cameras",
    "collections",
    "commons",
    "contacts",
    "favorites",
    "galleries",
    "groups",
    "interestingness",
    "machinetags",
    "panda",
    "people",
    "photos",
    "photosets",
    "places",
    "prefs",
    "profile",
    "push",
    "reflection",
    "stats",
    "tags",
    "test",
    "testimonials",
    "urls",
]
