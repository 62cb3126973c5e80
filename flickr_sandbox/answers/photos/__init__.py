"""`flickr.photos.*`: a module for each theme. Importing the package enters all of them."""

from flickr_sandbox.answers.photos import (
    boxes,
    contexts,
    edits,
    geo,
    info,
    licenses,
    listings,
    search,
    tags,
    upload,
)

__all__ = [
    "boxes",
    "contexts",
    "edits",
    "geo",
    "info",
    "licenses",
    "listings",
    "search",
    "tags",
    "upload",
]
