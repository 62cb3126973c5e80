"""The step of a run that removes the incomplete files of pictures that no later run continues."""

from __future__ import annotations

from collections.abc import Container

from pyflickr_web.mirror.layout import parse_name
from pyflickr_web.mirror.listing import Listing
from pyflickr_web.mirror.session.photos_on_disk import PhotosOnDisk
from pyflickr_web.mirror.steps.photos import PhotoWork


def remove_orphaned_parts(work: PhotoWork, listing: Listing | None) -> None:
    """Remove the incomplete files, found at the start of a run, that no later run continues.

    `listing` is the run's listing of the photos; without a complete one, the photos that it lacks may
    still be fetched. Raises `FileError`.
    """
    session, parts = work.session, work.local.parts
    if not parts:
        return
    is_complete = listing and listing.is_complete and not session.settings.is_partial
    listed = listing.items if listing and is_complete else None
    local = PhotosOnDisk(session.folder.root, session.journal, work.tree)
    for name in parts:
        if is_orphaned(name, local, listed):
            session.folder.discard(name)


def is_orphaned(name: str, local: PhotosOnDisk, listed: Container[str] | None) -> bool:
    """Return True if no later run continues a picture.

    It is complete in the mirror, or Flickr does not give it, or its photo is not in a listing either.
    `listed` are the photos at Flickr, None if they are unknown.
    """
    file = parse_name(name)
    assert file
    photo = local.read(file.id)
    if file.size in (photo.sizes - photo.outdated) | photo.unavailable:
        return True
    return listed is not None and file.id not in listed and not local.list_files(file.id)
