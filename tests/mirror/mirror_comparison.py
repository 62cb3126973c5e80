"""Compare a mirror that was made in steps with a fresh one of the same account."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from pyflickr_web import load_locally
from pyflickr_web.mirror.layout import CHECKSUMS, FAVORITES, INDEX
from pyflickr_web.mirror.metadata.contexts import COUNTERS
from tests.mirror.mirroring import read_files

TEXTS = ("", "fox", "red", "zoo")


def compare_mirrors(stepped: Path, fresh: Path) -> list[str]:
    """Return the names of the files that differ.

    A run leaves some things as they are, which are not compared: counters, the order of a photo's albums
    and groups, the trash, and favorites that were taken back.
    """
    steps, first = _read(stepped), _read(fresh)
    favorites = {Path(name).stem for name in first if name.startswith(FAVORITES)}
    return sorted(
        name
        for name in steps.keys() | first.keys()
        if steps.get(name) != first.get(name)
        and (not name.startswith(FAVORITES) or Path(name).stem in favorites)
    )


def _read(folder: Path) -> dict[str, str | bytes]:
    return {
        name: _normalize(name, data) if name.endswith(".json") else data
        for name, data in read_files(folder).items()
        if not name.startswith(".trash/") and name not in (CHECKSUMS, INDEX)
    }


def _normalize(name: str, data: bytes) -> str:
    """Return JSON with its keys in order, as it would be without its counters."""
    value = _without_counters(json.loads(data))
    if "/contexts/" in name:
        for kind in value:
            value[kind].sort(key=lambda item: item["id"])
    return json.dumps(value)


def _without_counters(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _without_counters(one) for key, one in value.items() if key not in COUNTERS}
    return [_without_counters(one) for one in value] if isinstance(value, list) else value


def load(folder: Path) -> list[Any]:
    """Return the keys of a mirror as it is loaded, and what searches find."""
    with load_locally(folder, load_private=True) as data:
        keys = (data.photo_keys, data.photoset_keys, data.collection_keys)
        albums = [data.find(album=album) for album in data.photoset_keys]
        return [list(one) for one in keys] + albums + [data.find(text) for text in TEXTS]
