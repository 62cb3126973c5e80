"""Who answers what: a module or a folder for each of Flickr's namespaces.

Importing the package enters all of them.
"""

from pyflickr_web.sandbox.answers import (
    blogs,
    cameras,
    commons,
    machinetags,
    panda,
    places,
    push,
    reflection,
    stats,
    test,
    testimonials,
)

__all__ = [
    "blogs",
    "cameras",
    "commons",
    "machinetags",
    "panda",
    "places",
    "push",
    "reflection",
    "stats",
    "test",
    "testimonials",
]
