"""Test the comparison of photos with their files."""

from __future__ import annotations

from pyflickr_web.mirror.verification.photo_table import PhotoTable


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
