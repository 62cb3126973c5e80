"""Compare `load_locally` with npm's `loadLocally`: `python -m bench.mirror_load [PHOTOS]`.

Both load a mirror of 100,000 photos in the layout of node-flickrapi, each in a process of its own. A
load of ours is measured up to its first photo and the number of keys; npm's has read all files then.
"""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from bench import ROOT
from flickr_sandbox import Sandbox
from pyflickr_web.commands.stdio import standard_streams

PHOTOS = 100_000
ALBUM = 500
ROUNDS = 3
FIRST_ID, FIRST_SECOND = 53_000_000_000, 1_300_000_000
FOLDERS = ("photos/comments", "photos/contexts", "photosets", "collections")
LIBRARY = """
import json, sys, time
from pyflickr_web import load_locally

start = time.perf_counter()
data = load_locally(sys.argv[1], load_private=True, refresh=len(sys.argv) > 2)
photo = data.photos[data.photo_keys[0]]
count = len(data.photo_keys)
print(json.dumps({"seconds": time.perf_counter() - start, "photos": count}))
"""


def write_mirror(folder: Path, count: int) -> None:
    """Write the metadata of a mirror: photos with comments and contexts, and albums of 500 photos."""
    for name in FOLDERS:
        (folder / "ia" / name).mkdir(parents=True)
    info, comments, album = _read_samples()
    contexts = {"set": [{"id": album["id"], "title": "Album"}]}
    ids = [str(FIRST_ID + number) for number in range(count)]
    for number, photo_id in enumerate(ids):
        second = str(FIRST_SECOND + number)
        photo = info | {"id": photo_id, "dates": info["dates"] | {"posted": second}}
        _write(folder / f"ia/photos/{photo_id}.json", photo)
        _write(folder / f"ia/photos/comments/{photo_id}.json", comments | {"photo_id": photo_id})
        _write(folder / f"ia/photos/contexts/{photo_id}.json", contexts)
    for number, start in enumerate(range(0, count, ALBUM)):
        album_id = str(int(album["id"]) + number)
        values = {"id": album_id, "photos": ids[start : start + ALBUM]}
        _write(folder / f"ia/photosets/{album_id}.json", album | values)


def _read_samples() -> tuple[dict[str, Any], dict[str, Any], dict[str, Any]]:
    """Return the metadata of a photo, its comments, and an album, as the sandbox answers them."""
    with Sandbox(photos=60) as sandbox, sandbox.client(force_auth=True) as flickr:
        photos = flickr.people.getPhotos(user_id="me")["photos"]["photo"]
        found: list[Any] = [
            flickr.photos.comments.getList(photo_id=photo["id"]) for photo in photos
        ]
        comments = max(found, key=lambda answer: len(answer["comments"].get("comment", [])))
        photo_id = comments["comments"]["photo_id"]
        info: Any = flickr.photos.getInfo(photo_id=photo_id)["photo"]
        album: Any = flickr.photosets.getList()["photosets"]["photoset"][0]
        body: Any = comments["comments"]
        return info, body | {"comment": body["comment"][:2]}, album


def _write(file: Path, value: Mapping[str, Any]) -> None:
    file.write_text(json.dumps(value, indent=2), "utf-8")


def measure(command: Iterable[str | Path], cwd: Path, photos: int) -> float:
    """Return the seconds that a process measures for its load of all photos."""
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    words = list(map(str, command))
    done = subprocess.run(
        words, cwd=cwd, env=environment, check=True, stdout=subprocess.PIPE, text=True
    )
    result = json.loads(done.stdout)
    assert result["photos"] == photos, result
    return float(result["seconds"])


def main(count: int = PHOTOS) -> None:
    with TemporaryDirectory() as folder:
        mirror, cwd = Path(folder) / "mirror", Path(folder)
        write_mirror(mirror, count)
        (cwd / "data/flickr").mkdir(parents=True)
        ours: list[str | Path] = [sys.executable, "-c", LIBRARY, mirror]
        loaders: dict[str, list[str | Path]] = {
            "npm's `loadLocally`": ["node", ROOT / "bench/mirror_load.mjs", mirror],
            "`load_locally`, first": [*ours, "refresh"],
            "`load_locally`, next": ours,
        }
        times: dict[str, list[float]] = {name: [] for name in loaders}
        for _ in range(ROUNDS):
            for name, command in loaders.items():
                times[name].append(measure(command, cwd, count))
        size = (mirror / "index.db").stat().st_size
    print(f"\nA mirror of {count:,} photos, an index of {size / 1e6:,.0f} MB:\n")
    print("| load | seconds | times as fast as npm |")
    print("| --- | --- | --- |")
    floor = statistics.median(times["npm's `loadLocally`"])
    for name, seconds in times.items():
        median = statistics.median(seconds)
        print(f"| {name} | {median:.3f} | {floor / median:,.1f} |")


if __name__ == "__main__":
    with standard_streams():
        main(*map(int, sys.argv[1:]))
