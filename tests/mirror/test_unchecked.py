"""Test that the files of a mirror without a checksum are found, whatever their number."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pyflickr_web.mirror.files.folder import MirrorFolder
from pyflickr_web.mirror.layout import CHECKSUMS, FAVORITES
from pyflickr_web.mirror.takeover.unchecked import UncheckedFiles

NAMES = (
    "ia/photos/53.json",
    "ia/photos/comments/53.json",
    "ia/photos/contexts/7.json",
    "ia/photos/exif/53.json",
    "ia/photosets/53.json",
    "ia/collections/10-53.json",
    "images/original/53.jpg",
    "images/original/53.png",
    "images/original/7.mov",
    "images/large/53.jpg",
    "images/square/small/53.jpg",
    "images/icon/large/a_l.gif",
    "favorites/ia/photos/8.json",
    "favorites/images/small/8.jpg",
)


def put(root: Path, *names: str) -> None:
    for name in names:
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_bytes(b"")


def find(root: Path) -> list[str]:
    """Return the names of the files without a checksum."""
    files = UncheckedFiles()
    files.find(MirrorFolder(root))
    found = list(files.others)
    for photos in files.photos.values():
        for _, names in photos.take_all():
            found += names
        assert len(photos) == 0
    assert not list((root / ".mirror/tmp").glob("*"))
    return found


@settings(deadline=None, max_examples=40)
@given(summed=st.sets(st.sampled_from(NAMES)), chunk=st.integers(1, 5), shuffled=st.booleans())
def test_files_without_a_line_are_found(
    summed: set[str],
    chunk: int,
    shuffled: bool,
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    root = tmp_path_factory.mktemp("mirror")
    put(root, *NAMES)
    lines = [f"{'0' * 64}  {name}\n" for name in sorted(summed, reverse=shuffled)]
    (root / CHECKSUMS).write_text("".join(lines))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("pyflickr_web.mirror.files.sorted_lines.CHUNK", chunk)
        assert sorted(find(root)) == sorted(set(NAMES) - summed)


def test_files_that_are_not_the_mirrors_are_left_out(tmp_path: Path) -> None:
    put(
        tmp_path, "images/large/.53.jpg.part", "ia/photos/notes.txt", "images/original/53.undefined"
    )
    put(tmp_path, "data/flickr/methods/x.json", "images/large/Thumbs.db", ".trash/ia/photos/1.json")
    (tmp_path / "images/large/54.jpg").mkdir()
    (tmp_path / CHECKSUMS).write_text(f"{'0' * 64}  ia/photos/99.json\n")
    assert find(tmp_path) == []


def test_empty_folder_has_no_files(tmp_path: Path) -> None:
    assert find(tmp_path) == []


def test_names_of_a_photo_begin_with_its_metadata(tmp_path: Path) -> None:
    put(tmp_path, *NAMES)
    files = UncheckedFiles()
    files.find(MirrorFolder(tmp_path))
    assert files.count == 3
    assert files.photos[""].take("53") == [
        "ia/photos/53.json",
        "ia/photos/comments/53.json",
        "ia/photos/exif/53.json",
        "images/original/53.jpg",
        "images/large/53.jpg",
        "images/square/small/53.jpg",
        "images/original/53.png",
    ]
    assert files.photos[""].take("53") == files.photos[""].take("54") == []
    assert files.photos[FAVORITES].take("8") == [name for name in NAMES if "favorites" in name]
    assert files.count == 1
