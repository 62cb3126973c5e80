"""Join a photo of a mirror with what belongs to it: comments, contexts, photosets and pictures."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pyflickr_web.log import logger
from pyflickr_web.mirror.contents.document_checks import DamagedDocument
from pyflickr_web.mirror.contents.documents import read_document
from pyflickr_web.mirror.index.database import Index
from pyflickr_web.mirror.index.json_values import LARGEST_INTEGER
from pyflickr_web.mirror.layout import JPEG, SIZE_FOLDERS, Kind, Tree
from pyflickr_web.mirror.metadata.pictures import order_extensions
from pyflickr_web.mirror.plan import ORIGINAL
from pyflickr_web.transports.errors import MirrorError

_TREE = Tree()
# The photosets of a photo, newest first, with the photos before and after it.
_PLACES = """
SELECT photosets.id, previous.photo, following.photo
FROM photoset_photos AS place
JOIN photosets ON photosets.id = place.photoset
LEFT JOIN photoset_photos AS previous
    ON previous.photoset = place.photoset AND previous.position = place.position - 1
LEFT JOIN photoset_photos AS following
    ON following.photoset = place.photoset AND following.position = place.position + 1
WHERE place.photo = ? AND (photosets.is_public OR ?)
ORDER BY photosets.created DESC, photosets.id DESC
"""


@dataclass(frozen=True, slots=True)
class ItemReader:
    """Reads the items of the mirror in `root`, each from its own file."""

    root: Path
    index: Index
    has_private: bool

    def read_photo(self, photo_id: str) -> dict[str, Any]:
        """Return a photo, with its comments, contexts, photosets and pictures.

        Raises `KeyError` if it is missing, and `MirrorError` if its file is damaged. If only that of
        its comments or contexts is damaged, a warning is logged, and the photo has none.
        """
        info = self.read_item("photo", photo_id)
        comments = self._read_part("comments", photo_id).get("comment")
        added = {
            "comments": comments if isinstance(comments, list) else [],
            "contexts": self._read_part("contexts", photo_id),
            "sets": self._find_places(photo_id),
            "files": find_pictures(self.root, photo_id, info),
        }
        return {**info, **added}

    def read_item(self, kind: Kind, item_id: str) -> dict[str, Any]:
        """Return a document. Raises `KeyError` if it is missing, `MirrorError` if it is damaged."""
        try:
            file = self.root / _TREE.document(kind, item_id)
            if kind != "collection" and int(item_id) > LARGEST_INTEGER:
                raise KeyError(item_id)
            return read_document(file)
        except (ValueError, FileNotFoundError):
            raise KeyError(item_id) from None
        except DamagedDocument as error:
            raise MirrorError(_describe_damage(file, error)) from error

    def _read_part(self, kind: Kind, photo_id: str) -> dict[str, Any]:
        file = self.root / _TREE.document(kind, photo_id)
        try:
            return read_document(file)
        except FileNotFoundError:
            return {}
        except DamagedDocument as error:
            logger.warning("%s", _describe_damage(file, error))
            return {}

    def _find_places(self, photo_id: str) -> list[dict[str, str | None]]:
        rows = self.index.select(_PLACES, (int(photo_id), self.has_private))
        return [
            {"id": str(photoset), "prev": _text_or_none(prev), "next": _text_or_none(following)}
            for photoset, prev, following in rows
        ]


def find_pictures(root: Path, photo_id: str, info: Mapping[str, Any]) -> dict[str, str]:
    """Return the paths of a photo's pictures by size, largest first; empty files count as missing."""
    found = {}
    for size in SIZE_FOLDERS:
        # Other sizes than the original are always JPEG.
        extensions = order_extensions(info) if size == ORIGINAL else (JPEG,)
        for extension in extensions:
            path = os.path.join(root, _TREE.picture(photo_id, size, extension))  # noqa: PTH118
            if _has_content(path):
                found[size] = path
                break
    return found


def _has_content(path: str) -> bool:
    try:
        return os.stat(path).st_size > 0  # noqa: PTH116
    except OSError:
        return False


def _describe_damage(file: Path, error: DamagedDocument) -> str:
    return f"{str(file)!r} is damaged ({error}): run `pyflickr-web downsync` to fetch it again"


def _text_or_none(photo_id: int | None) -> str | None:
    return None if photo_id is None else str(photo_id)
