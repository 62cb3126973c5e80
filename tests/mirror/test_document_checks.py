"""Test the checks of metadata: a JSON file by itself, and photos with their files."""

from __future__ import annotations

import pytest

from pyflickr_web.mirror.document_checks import PhotoTable, list_icons, read_document
from pyflickr_web.mirror.layout import parse_name


@pytest.mark.parametrize(
    ("name", "content", "fault"),
    [
        ("ia/photos/5.json", b"", "the file is empty"),
        ("ia/photos/5.json", b'{"id": "5"', "invalid JSON"),
        ("ia/photos/5.json", b'{"id": "\xff"}', "invalid JSON"),
        ("ia/photos/5.json", b"[" * 100_000, "invalid JSON"),
        ("ia/photos/5.json", b"[]", "the JSON is not an object"),
        ("ia/photos/5.json", b'{"id": "6"}', "the id in it is '6'"),
        ("ia/photos/comments/5.json", b'{"photo_id": "6"}', "the id in it is '6'"),
        ("ia/photos/exif/5.json", b'{"id": null}', "the id in it is 'None'"),
        ("ia/photosets/5.json", b'{"id": "6"}', "the id in it is '6'"),
        ("ia/collections/1-5.json", b'{"id": "5"}', "the id in it is '5'"),
    ],
)
def test_faults_of_json_files(name: str, content: bytes, fault: str) -> None:
    file = parse_name(name)
    assert file
    with pytest.raises(ValueError, match="^" + fault + "$"):
        read_document(file, content)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("ia/photos/5.json", b'{"id": "5"}'),
        ("ia/photos/5.json", b'{"id": 5}'),
        ("ia/photos/comments/5.json", b'{"photo_id": "5"}'),
        # Some programs leave the id out.
        ("ia/photos/comments/5.json", b"{}"),
        ("ia/photos/contexts/5.json", b'{"id": "6"}'),
    ],
)
def test_sound_json_files(name: str, content: bytes) -> None:
    file = parse_name(name)
    assert file
    assert isinstance(read_document(file, content), dict)


def test_icons_of_a_collection_are_those_in_the_mirror() -> None:
    collection = {
        "iconlarge": "/images/icon/large/a.jpg",
        "iconsmall": "https://www.flickr.com/images/cover_default.gif",
    }
    assert list_icons(collection) == ["images/icon/large/a.jpg"]
    assert list_icons({"iconlarge": "/images/icon/large/../../../x.jpg", "iconsmall": 5}) == []


def test_sizes_are_compared_in_both_directions() -> None:
    photos = PhotoTable()
    for photo_id, sizes in (("1", ["s", "t", "t"]), ("2", ["s"]), ("3", ["s", "t"]), ("4", "s")):
        photos.add_info(photo_id, {"sizes": sizes})
    for photo_id, size in (("1", "s"), ("1", "t"), ("2", "s"), ("2", "o"), ("3", "s")):
        photos.add_file(photo_id, size)
    assert list(photos.find_differences()) == [("2", ["original"]), ("3", ["thumbnail"])]
    photos.ignore_file("3", "t")
    photos.report("2")
    assert list(photos.find_differences()) == []


def test_metadata_is_reported_once() -> None:
    photos = PhotoTable()
    assert not photos.has_info("1")
    assert photos.report("1")
    assert not photos.report("1")
    assert photos.has_info("1")
