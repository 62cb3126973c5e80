"""Who answers what: a module or a folder for each of Flickr's namespaces.

Importing the package enters all of them.
"""

from pyflickr_web.sandbox.answers import (
    auth,
    collections,
    galleries,
    interestingness,
    photos,
    photos_upload,
    photosets,
    reflection,
    test,
)

__all__ = [
    "auth",
    "collections",
    "galleries",
    "interestingness",
    "photos",
    "photos_upload",
    "photosets",
    "reflection",
    "test",
]
