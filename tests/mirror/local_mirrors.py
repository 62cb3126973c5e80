"""Mirrors for tests of loading: made by hand, or that of node-flickrapi."""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from pyflickr_web import load_locally
from pyflickr_web.mirror.layout import INDEX

FIXTURES = Path(os.environ.get("FLICKR_FIXTURES", "none")) / "node-mirror"
# Any time in the past: a folder that changed in the last seconds may change again without a new time.
PAST = 1_600_000_000
FIRST_DAY = 1_300_000_000
DAY = 24 * 3600


def photo(photo_id: str, day: int = 0, is_public: int = 1, **values: Any) -> dict[str, Any]:
    """Return the metadata of a photo that was posted some days after the first."""
    return {
        "id": photo_id,
        "title": {"_content": f"Photo {photo_id}"},
        "description": {"_content": ""},
        "visibility": {"ispublic": is_public, "isfriend": 0, "isfamily": 0},
        "dates": {"posted": str(FIRST_DAY + day * DAY), "taken": "2011-03-01 12:00:00"},
        "tags": {"tag": []},
        "media": "photo",
        "originalformat": "jpg",
        **values,
    }


def tags(*names: str) -> dict[str, Any]:
    """Return the tags of a photo's metadata."""
    clean = (name.lower().replace(" ", "") for name in names)
    rows = [{"raw": raw, "_content": text} for raw, text in zip(names, clean, strict=True)]
    return {"tag": rows}


def album(album_id: str, photos: Sequence[str], day: int = 0, **values: Any) -> dict[str, Any]:
    """Return an album that was created some days after the first."""
    return {
        "id": album_id,
        "title": {"_content": f"Album {album_id}"},
        "photos": list(photos),
        "date_create": str(FIRST_DAY + day * DAY),
        "visibility_can_see_set": 1,
        **values,
    }


class LocalMirror:
    """A mirror in a folder, to which files are added."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        (folder / "ia").mkdir(parents=True, exist_ok=True)

    def write(self, name: str, content: Any) -> Path:
        """Write a file: bytes as they are, other values as JSON."""
        file = self.folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        data = content if isinstance(content, bytes) else json.dumps(content).encode()
        file.write_bytes(data)
        return file

    def add_photos(self, *photos: dict[str, Any]) -> LocalMirror:
        """Add the metadata of photos."""
        for item in photos:
            self.write(f"ia/photos/{item['id']}.json", item)
        return self

    def add_albums(self, *albums: dict[str, Any]) -> LocalMirror:
        """Add albums."""
        for item in albums:
            self.write(f"ia/photosets/{item['id']}.json", item)
        return self

    def age(self) -> LocalMirror:
        """Make the files and folders old, as they are when a mirror is loaded later."""
        for path in (self.folder, *self.folder.rglob("*")):
            if path.name != "index.db":
                os.utime(path, (PAST, PAST))
        return self


def copy_node_mirror(folder: Path) -> LocalMirror:
    """Copy the mirror that node-flickrapi made; skip the test without it."""
    if not FIXTURES.is_dir():
        pytest.skip("FLICKR_FIXTURES has no mirror")
    shutil.copytree(FIXTURES, folder, copy_function=shutil.copyfile)
    for path in (folder, *folder.rglob("*")):
        path.chmod(0o755 if path.is_dir() else 0o644)
    return LocalMirror(folder)


def make_old_mirror(folder: Path) -> LocalMirror:
    """Make an old mirror of three photos and an album."""
    made = LocalMirror(folder)
    made.add_photos(photo("1", day=1, tags=tags("red fox")), photo("2", day=2), photo("3", day=3))
    made.add_albums(album("71", ["1", "2"]))
    comment = {"id": "5", "_content": "Nice"}
    made.write("ia/photos/comments/1.json", {"photo_id": "1", "comment": [comment]})
    made.write("SHA256SUMS", b"x\n")
    return made.age()


def load_keys(mirror: LocalMirror, **options: Any) -> list[str]:
    """Load a mirror, and return the ids of its photos."""
    with load_locally(mirror.folder, load_private=True, **options) as data:
        return list(data.photo_keys)


def query(mirror: LocalMirror, text: str) -> list[Any]:
    """Return the rows of a query of the index, as another program sees it."""
    with closing(sqlite3.connect(mirror.folder / INDEX)) as database:
        return database.execute(text).fetchall()
