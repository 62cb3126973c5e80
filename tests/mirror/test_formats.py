"""Test that pictures and videos which are cut short, or are not pictures, are found."""

from __future__ import annotations

import struct
from pathlib import Path

import pytest

from pyflickr_web.mirror.contents import file_content
from pyflickr_web.mirror.contents.formats import find_damage
from tests.mirror.pictures import COMPLETE, VIDEO, box, picture

pytestmark = pytest.mark.usefixtures("way_to_read")

PAGE = b"<!DOCTYPE html>\n<html><body>404</body></html>"


def find_damage_of(content: bytes, extension: str, folder: Path) -> str | None:
    file = folder / "file"
    file.write_bytes(content)
    return find_damage(file, extension)


@pytest.mark.parametrize("extension", COMPLETE)
def test_complete_file_is_accepted(extension: str, tmp_path: Path) -> None:
    assert find_damage_of(COMPLETE[extension], extension, tmp_path) is None


@pytest.mark.parametrize("extension", COMPLETE)
def test_file_cut_at_any_byte_is_found(extension: str, tmp_path: Path) -> None:
    content = COMPLETE[extension]
    accepted = [
        length
        for length in range(len(content))
        if find_damage_of(content[:length], extension, tmp_path) is None
    ]
    assert accepted == []


@pytest.mark.parametrize("extension", ["jpg", "png", "gif", "webp", "mp4", "avi", "tiff"])
def test_page_of_text_is_not_a_picture(extension: str, tmp_path: Path) -> None:
    assert find_damage_of(PAGE, extension, tmp_path) == "a page of text, not a picture"
    assert find_damage_of(b"", extension, tmp_path) == "the file is empty"


def test_other_bytes_are_only_accepted_for_unchecked_formats(tmp_path: Path) -> None:
    assert find_damage_of(b"\0\1\2" * 99, "jpg", tmp_path) == "not a JPG file"
    assert find_damage_of(b"\0\1\2" * 99, "avi", tmp_path) is None


def test_another_format_than_expected_is_accepted_if_complete(tmp_path: Path) -> None:
    assert find_damage_of(COMPLETE["png"], "jpg", tmp_path) is None
    assert find_damage_of(COMPLETE["png"][:-5], "jpg", tmp_path) == "the PNG file is cut short"


def test_thumbnail_in_the_header_does_not_hide_a_cut(tmp_path: Path) -> None:
    thumbnail = picture("jpg", side=8)
    exif = b"\xff\xe1" + struct.pack(">H", 2 + len(thumbnail)) + thumbnail
    whole = picture("jpg")
    content = whole[:2] + exif + whole[2:]
    assert find_damage_of(content, "jpg", tmp_path) is None
    assert find_damage_of(content[:-2], "jpg", tmp_path) == "the JPG file is cut short"


@pytest.mark.parametrize("extension", ["jpg", "png", "gif", "webp"])
def test_data_after_the_end_is_accepted(extension: str, tmp_path: Path) -> None:
    assert find_damage_of(COMPLETE[extension] + bytes(9), extension, tmp_path) is None
    if extension != "gif":
        assert find_damage_of(COMPLETE[extension] + VIDEO, extension, tmp_path) is None


def test_large_and_open_boxes_of_a_video_are_read(tmp_path: Path) -> None:
    data = bytes(100)
    large = struct.pack(">I4sQ", 1, b"mdat", 16 + len(data)) + data
    to_end = struct.pack(">I4s", 0, b"mdat") + data
    for last in (large, to_end):
        content = box(b"ftyp", b"qt  ") + box(b"moov") + last
        assert find_damage_of(content, "mov", tmp_path) is None
    assert find_damage_of(box(b"ftyp") + box(b"moov") + large[:-1], "mov", tmp_path)
    assert find_damage_of(box(b"ftyp") + large, "mov", tmp_path), "a video without its index"


@pytest.mark.parametrize("length", range(1, 12))
def test_end_of_a_picture_is_found_wherever_it_lies(
    tmp_path: Path, length: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also across the end of a block, if a large file is read in blocks."""
    monkeypatch.setattr(file_content, "_BLOCK", length)
    content = COMPLETE["jpg"]
    assert find_damage_of(content, "jpg", tmp_path) is None
    assert find_damage_of(content[:-1], "jpg", tmp_path) == "the JPG file is cut short"
