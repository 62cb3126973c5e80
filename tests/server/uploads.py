"""Photos to upload, a clock that pauses advance, and the photos of a sandbox."""

from __future__ import annotations

import json
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from flickr_sandbox import Sandbox
from tests.support.scripted_server import Answer
from tests.support.uploader import file_of, image

# Answers of a scripted server: a token with write permission, and the id of a photo.
CHECKED = Answer(
    b'{"stat":"ok","oauth":{"perms":{"_content":"write"},"user":{"nsid":"1@N00"}},"user":{}}'
)
UPLOADED = Answer(b'<?xml version="1.0"?>\n<rsp stat="ok">\n<photoid>7</photoid>\n</rsp>\n')


@dataclass(slots=True)
class Clock:
    """The time in Unix seconds; pauses of clients take no time, but advance it."""

    now: float = field(default_factory=time.time)
    pauses: list[float] = field(default_factory=list)

    def pause(self, _least: float, most: float) -> float:
        self.pauses.append(most)
        self.now += most
        return 0.0

    def install(self, patch: pytest.MonkeyPatch) -> None:
        """Replace the clock of uploads, and their pauses."""
        patch.setattr("random.uniform", self.pause)
        patch.setattr("pyflickr_web.upload.effects.UnixTime.perform", lambda _: self.now)


def picture(number: int) -> bytes:
    """Return a picture; each number has its own."""
    return image(size=(10 + number, 10))


def write_pictures(folder: Path, count: int) -> list[Path]:
    """Write pictures to a folder."""
    paths = [folder / f"{number}.jpg" for number in range(count)]
    for number, path in enumerate(paths):
        path.write_bytes(picture(number))
    return paths


def row_of(sandbox: Sandbox, photo: str) -> dict[str, Any]:
    """Return the row of a photo in the sandbox's library."""
    row = sandbox.store.one("SELECT * FROM photos WHERE id = :id", id=photo)
    assert row, photo
    return dict(row)


def tags_of(sandbox: Sandbox, photo: str) -> list[str]:
    """Return the raw tags of a photo."""
    rows = sandbox.store.all(
        "SELECT raw FROM photo_tags WHERE photo = :id ORDER BY number", id=photo
    )
    return [row["raw"] for row in rows]


def uploaded_contents(sandbox: Sandbox) -> list[bytes]:
    """Return the contents of all uploads, in order of time."""
    rows = sandbox.store.all("SELECT id FROM photos WHERE file IS NOT NULL ORDER BY id")
    return [file_of(sandbox, row["id"]).read_bytes() for row in rows]


def states_in(journal: Path) -> list[str]:
    """Return the states of the entries of a journal."""
    return [json.loads(line)["state"] for line in journal.read_text().splitlines()]
