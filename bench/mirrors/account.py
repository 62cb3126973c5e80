"""The account that all mirrors of the benchmark fetch: photos with albums, groups and comments."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import requests

from flickr_sandbox import Fault, Sandbox

# No photo has a size above the original. Larger pictures take the sandbox longer to send than a mirror
# to fetch.
WIDTH, HEIGHT = 500, 375
ALBUMS, GROUPS = 10, 3
# Every fifth photo has a comment, and is in all groups.
COMMENTED = 5
NAME = "sam"
_ADDRESSES = ("url_sq", "url_q", "url_t", "url_s", "url_o")
_LOADERS = 4
_TIMEOUT = 60


@contextmanager
def open_account(photos: int, latency: float) -> Iterator[Sandbox]:
    """Start a sandbox with the account, which answers after `latency` seconds.

    It draws all pictures first, so that no mirror waits for that.
    """
    with TemporaryDirectory() as folder:
        library = _make_library(photos, _write_picture(Path(folder)))
        with Sandbox(library=library, intercept=True) as sandbox:
            _load_pictures(sandbox)
            sandbox.counts.clear()
            sandbox.faults.add(Fault("latency", seconds=latency), where="all")
            yield sandbox


def _write_picture(folder: Path) -> Path:
    from PIL import Image

    file = folder / "original.jpg"
    noise = Image.frombytes("L", (WIDTH // 4, HEIGHT // 4), os.urandom(WIDTH // 4 * (HEIGHT // 4)))
    noise.resize((WIDTH, HEIGHT)).convert("RGB").save(file)
    return file


def _make_library(photos: int, picture: Path) -> dict[str, Any]:
    names = [f"photo {number}" for number in range(photos)]
    comment = {"author": "ada", "text": "Lovely!"}
    return {
        "people": [{"username": NAME, "alias": NAME, "pro": True}, {"username": "ada"}],
        "photos": [
            {
                "name": name,
                "file": str(picture),
                "title": f"A {name}",
                "tags": ["lake", "red panda"],
                "comments": [] if number % COMMENTED else [comment],
            }
            for number, name in enumerate(names)
        ],
        "sets": [
            {"title": f"Album {number}", "photos": names[number::ALBUMS]}
            for number in range(min(ALBUMS, photos))
        ],
        "groups": [
            {"name": f"Group {number}", "members": [NAME], "photos": names[::COMMENTED]}
            for number in range(GROUPS)
        ],
    }


def _load_pictures(sandbox: Sandbox) -> None:
    """Request every picture once."""
    with sandbox.client() as flickr, requests.Session() as session:
        listing: Iterable[Mapping[str, Any]] = flickr.people.getPhotos.all(
            user_id="me", authenticated=True, extras=",".join(_ADDRESSES)
        )
        addresses = [str(photo[name]) for photo in listing for name in _ADDRESSES]
        with ThreadPoolExecutor(_LOADERS) as pool:
            for answer in pool.map(lambda url: session.get(url, timeout=_TIMEOUT), addresses):
                answer.raise_for_status()
