"""Who answers what: a module or a folder for each of Flickr's namespaces.

Importing the package enters all of them.
"""

from pyflickr_web.sandbox.answers import (
    auth,
    blogs,
    cameras,
    collections,
    commons,
    galleries,
    interestingness,
    machinetags,
    panda,
    photos,
    photosets,
    places,
    push,
    reflection,
    stats,
    test,
    testimonials,
)

__all__ = [
    "auth",
    "blogs",
    "cameras",
    "collections",
    "commons",
    "galleries",
    "interestingness",
    "machinetags",
    "panda",
    "photos",
    "photosets",
    "places",
    "push",
    "reflection",
    "stats",
    "test",
    "testimonials",
]
