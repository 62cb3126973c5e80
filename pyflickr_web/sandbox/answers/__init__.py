"""Who answers what: a module or a folder for each of Flickr's namespaces.

Importing the package enters all of them.
"""

from pyflickr_web.sandbox.answers import (
    collections,
    galleries,
    interestingness,
    photos,
    photosets,
    reflection,
    test,
)

__all__ = [
    "collections",
    "galleries",
    "interestingness",
    "photos",
    "photosets",
    "reflection",
    "test",
]
