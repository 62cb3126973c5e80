"""A small mirror with checksums, without a run of downsync, for the tests of verify."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path

import pytest

from pyflickr_web.mirror.layout import CHECKSUMS
from pyflickr_web.mirror.verification.report import VerifyReport
from tests.mirror.pictures import picture

PHOTO = "ia/photos/1.json"
THUMBNAIL = "images/thumbnail/1.jpg"
CUT_JPEG = b"\xff\xd8\xff\xe0" + bytes(40)
COLORS = 3
SIZES = {"s": "square/small", "t": "thumbnail", "o": "original"}


def make_files(photos: int = 2) -> dict[str, bytes]:
    """Return the files of photos and of an album with all of them, by name."""
    ids = [str(number) for number in range(1, photos + 1)]
    files = {"ia/photosets/9.json": _to_json({"id": "9", "photos": ids})}
    for photo_id in ids:
        info = {"id": photo_id, "sizes": list(SIZES)}
        files[f"ia/photos/{photo_id}.json"] = _to_json(info)
        files[f"ia/photos/comments/{photo_id}.json"] = _to_json({"photo_id": photo_id})
        files[f"ia/photos/contexts/{photo_id}.json"] = _to_json({})
        for size, folder in enumerate(SIZES.values()):
            color = int(photo_id) % COLORS * len(SIZES) + size
            files[f"images/{folder}/{photo_id}.jpg"] = _draw(color)
    return files


@cache
def _draw(color: int) -> bytes:
    return picture("jpg", color)


def write_mirror(folder: Path, photos: int = 2, has_checksums: bool = True) -> list[str]:
    """Write a mirror, and return the names of its files."""
    files = make_files(photos)
    for name, content in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content)
    if has_checksums:
        write_sums(folder, files)
    return sorted(files)


def write_sums(folder: Path, files: Mapping[str, bytes]) -> None:
    """Write the checksums of files."""
    lines = [f"{hashlib.sha256(files[name]).hexdigest()}  {name}\n" for name in sorted(files)]
    (folder / CHECKSUMS).write_text("".join(lines), newline="\n")


def _to_json(value: object) -> bytes:
    return json.dumps(value, indent=2).encode()


@pytest.fixture(autouse=True)
def state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The user's folder for findings about mirrors that are read-only."""
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    return tmp_path / "state"


@pytest.fixture
def mirror(tmp_path: Path) -> Path:
    """A small mirror."""
    folder = tmp_path / "mirror"
    write_mirror(folder)
    return folder


def list_findings(report: VerifyReport) -> list[tuple[str, str]]:
    """Return the kinds and names of findings."""
    return [(finding.kind, finding.name) for finding in report.findings]
