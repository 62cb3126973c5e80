"""The types of a mirror's items, for annotations: those of Flickr's answers, with what a mirror adds."""

from __future__ import annotations

from typing import TypedDict

from pyflickr_web._generated.answers import (
    CollectionNode,
    ContextPhotoset,
    ContextPool,
    ListedPhotoset,
    PhotoComment,
    PhotoInfo,
)

__all__ = ["LocalCollection", "LocalContexts", "LocalPhoto", "LocalPhotoset", "PhotosetPlace"]


class LocalContexts(TypedDict, total=False):
    """The photosets and groups of a photo; a list is missing if it is empty."""

    set: list[ContextPhotoset]
    pool: list[ContextPool]


class PhotosetPlace(TypedDict):
    """The place of a photo in a photoset: the ids of its neighbors, None at the ends."""

    id: str
    """The photoset's id."""
    prev: str | None
    next: str | None


# A type checker objects to fields that a mirror has in another form, as node-flickrapi gives them.
class LocalPhoto(PhotoInfo):
    """A photo of a mirror, as `flickr.photos.getInfo` answers it, with what belongs to it."""

    comments: list[PhotoComment]  # type: ignore[misc]
    """The comments themselves; in Flickr's answer, their number."""
    contexts: LocalContexts
    sets: list[PhotosetPlace]
    files: dict[str, str]
    """The paths of the pictures that exist, by Flickr's suffix of the size, largest first."""


class LocalPhotoset(ListedPhotoset):
    """A photoset of a mirror, as `flickr.photosets.getList` answers it, with its photos."""

    photos: list[str]  # type: ignore[misc]
    """The ids of its photos, in Flickr's order; in Flickr's answer, their number."""


class LocalCollection(CollectionNode):
    """A collection of a mirror, as `flickr.collections.getTree` answers it.

    `iconlarge` and `iconsmall` are names in the mirror that begin with a slash.
    """
