"""`flickr.photos.*`, a module for each subject. Importing the package registers all handlers."""

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
