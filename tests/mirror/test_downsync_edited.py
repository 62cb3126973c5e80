"""Test that a run reads JSON files of a mirror that somebody edited, whatever values they have now."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from pyflickr_web.mirror.verify import verify_mirror
from tests.mirror.mirroring import Mirroring

SIZES = "original,thumbnail"


def _edit_album(album: dict[str, Any]) -> None:
    album["photos"] += ["abc", 5, None, "007"]


def _edit_photo(info: dict[str, Any]) -> None:
    info["dates"] |= {"takenunknown": 10**400, "lastupdate": []}
    info |= {"comments": {"_content": 1e400}, "location": {"latitude": "nan"}, "tags": 5}


EDITS: dict[str, tuple[str, Callable[[dict[str, Any]], object]]] = {
    "photos of an album": ("photosets", _edit_album),
    "id of an album": ("photosets", lambda album: album.pop("id")),
    "other album": ("photosets", lambda album: album.update(id=["5"])),
    "contexts": ("photos/contexts", lambda contexts: contexts.update(set=None)),
    "members of contexts": ("photos/contexts", lambda contexts: contexts.update(set=[5, {}])),
    "photo": ("photos", _edit_photo),
    "other photo": ("photos", lambda info: info.update(id="5")),
}


@pytest.mark.parametrize(("folder", "edit"), EDITS.values(), ids=EDITS.keys())
def test_edited_json_is_read_as_if_it_were_missing(
    either: Mirroring, folder: str, edit: Callable[[dict[str, Any]], object]
) -> None:
    either.begin(sizes=SIZES)
    for file in (either.folder / "ia" / folder).glob("*.json"):
        value = json.loads(file.read_bytes())
        edit(value)
        file.write_text(json.dumps(value))
    either.sandbox.store.run("UPDATE photosets SET updated = updated + 1")
    either.sandbox.store.run("UPDATE photos SET lastupdate = lastupdate + 1 WHERE id % 2")
    either.run(sizes=SIZES, dry_run=True)
    assert either.run(sizes=SIZES).is_complete
    assert either.run(sizes=SIZES, full=True).is_complete
    assert verify_mirror(either.folder).is_intact


def test_edited_album_that_flickr_lacks_is_left_alone(either: Mirroring) -> None:
    either.begin(sizes=SIZES)
    values: list[Any] = [
        {},
        {"title": 5},
        {"id": "73", "photos": 5, "videos": 1e400},
        {"id": ["x"]},
    ]
    values.append({"id": 75, "photos": [5, "abc"], "primary": None})
    names = [f"ia/photosets/{number}.json" for number in range(71, 76)]
    for name, value in zip(names, values, strict=True):
        (either.folder / name).write_text(json.dumps(value))
    edited = [(either.folder / name).read_bytes() for name in names]
    for dry_run, full in ((True, False), (False, False), (False, True)):
        assert not either.run(sizes=SIZES, dry_run=dry_run, full=full).failed
    assert [(either.folder / name).read_bytes() for name in names] == edited
