"""Test the number of calls of a first run, and of a second one, for a large account without videos."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path
from typing import Any

import pytest

from flickr_sandbox import Sandbox
from pyflickr_web.mirror.files.sorted_lines import format_line
from pyflickr_web.mirror.layout import CHECKSUMS, JPEG, Tree
from pyflickr_web.mirror.listing import PER_PAGE
from pyflickr_web.mirror.pacing.estimate import FIXED_CALLS
from tests.mirror.mirroring import Mirroring

pytestmark = pytest.mark.soak

PHOTOS, ALBUMS, GROUPS = 10_000, 50, 20
CALLS_A_PHOTO = 1.02
SIZES, SQUARE = "square-small", "s"
# Every tenth photo has a comment, every fortieth is in all groups.
COMMENTED, POOLED = 10, 40


def _make_library() -> dict[str, Any]:
    names = [f"photo {number}" for number in range(PHOTOS)]
    comment = {"author": "ada", "text": "Lovely!"}
    return {
        "people": [{"username": "sam"}, {"username": "ada"}],
        "photos": [
            {"name": name, "comments": [] if number % COMMENTED else [comment]}
            for number, name in enumerate(names)
        ],
        "sets": [
            {"title": f"Album {number}", "photos": names[number::ALBUMS]}
            for number in range(ALBUMS)
        ],
        "groups": [
            {"name": f"Group {number}", "members": ["sam"], "photos": names[::POOLED]}
            for number in range(GROUPS)
        ],
    }


def _link_pictures(sandbox: Sandbox, folder: Path) -> None:
    """Make the pictures of all photos, as links to one, with their checksums: only calls are counted."""
    source = folder.with_name("picture.jpg")
    source.write_bytes(b"a picture")
    names = [
        Tree().picture(str(row["id"]), SQUARE, JPEG)
        for row in sandbox.store.all("SELECT id FROM photos")
    ]
    (folder / Tree().folder(SQUARE)).mkdir(parents=True)
    for name in names:
        os.link(source, folder / name)
    # Files without a checksum would be checked, and fetched again.
    digest = hashlib.sha256(source.read_bytes()).hexdigest()
    lines = b"".join(format_line(name, digest) for name in sorted(names))
    (folder / CHECKSUMS).write_bytes(lines)


def test_large_account_costs_little_more_than_a_call_for_a_photo(tmp_path: Path) -> None:
    with Sandbox(library=_make_library()) as sandbox:
        mirroring = Mirroring(sandbox, tmp_path / "mirror")
        _link_pictures(sandbox, mirroring.folder)
        report = mirroring.run(sizes=SIZES)
        assert report.is_complete and report.new_photos == PHOTOS
        assert not report.fetched_files
        comments = sandbox.calls["flickr.photos.comments.getList"]
        assert comments == PHOTOS // COMMENTED
        pages = PHOTOS // PER_PAGE + ALBUMS + GROUPS
        assert report.calls == mirroring.api_calls
        assert report.calls - comments <= PHOTOS + pages + FIXED_CALLS
        assert report.calls - comments < CALLS_A_PHOTO * PHOTOS
        report = mirroring.run(sizes=SIZES)
        assert report.is_complete and report.unchanged_photos == PHOTOS
        assert mirroring.api_calls <= PHOTOS // PER_PAGE + FIXED_CALLS
