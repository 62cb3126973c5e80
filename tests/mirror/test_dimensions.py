"""Test that the dimensions of pictures are read from their headers, and compared to Pillow's."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from pyflickr_web.mirror.contents.dimensions import read_dimensions
from tests.mirror.pictures import VIDEO

pytestmark = pytest.mark.usefixtures("way_to_read")

SIZE = (301, 77)


def _write(folder: Path, kind: str, **options: Any) -> Path:
    file = folder / "picture"
    Image.new("RGB", SIZE, (20, 90, 200)).save(file, kind, **options)
    return file


def _thumbnail() -> bytes:
    written = io.BytesIO()
    Image.new("RGB", (16, 9)).save(written, "JPEG")
    return written.getvalue()


@pytest.mark.parametrize(
    ("kind", "options"),
    [
        ("JPEG", {}),
        ("JPEG", {"progressive": True}),
        # A thumbnail in a segment has a frame header of its own.
        ("JPEG", {"exif": b"Exif\0\0" + _thumbnail()}),
        ("JPEG", {"icc_profile": bytes(200_000)}),
        ("PNG", {}),
        ("GIF", {}),
        ("WEBP", {}),
        ("WEBP", {"lossless": True}),
        ("WEBP", {"exif": b"Exif\0\0" + bytes(8)}),
    ],
)
def test_dimensions_of_a_picture(kind: str, options: dict[str, Any], tmp_path: Path) -> None:
    assert read_dimensions(_write(tmp_path, kind, **options)) == SIZE


def test_fill_bytes_before_a_marker_are_skipped(tmp_path: Path) -> None:
    file = _write(tmp_path, "JPEG")
    content = file.read_bytes()
    file.write_bytes(content[:2] + b"\xff\xff" + content[2:])
    assert read_dimensions(file) == SIZE


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "GIF", "WEBP"])
def test_cut_header_has_no_dimensions_or_the_right_ones(kind: str, tmp_path: Path) -> None:
    file = _write(tmp_path, kind)
    content = file.read_bytes()
    for length in range(1, 200):
        file.write_bytes(content[:length])
        assert read_dimensions(file) in (None, SIZE)


@pytest.mark.parametrize("content", [b"", b"<html>", VIDEO, b"\xff\xd8\xff\xd9" + bytes(20)])
def test_other_files_have_no_dimensions(content: bytes, tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(content)
    assert read_dimensions(tmp_path / "file") is None
