"""Test which JSON files of a mirror are damaged, by their content."""

from __future__ import annotations

import pytest

from pyflickr_web.mirror.contents.document_checks import (
    INVALID_JSON,
    NO_OBJECT,
    OTHER_ITEM,
    DamagedDocument,
    check_document,
    list_icons,
)
from pyflickr_web.mirror.layout import parse_name


@pytest.mark.parametrize(
    ("name", "content", "fault", "detail"),
    [
        ("ia/photos/5.json", b"", "the file is empty", ""),
        ("ia/photos/5.json", b'{"id":\n "5"', INVALID_JSON, ": line 2: Expecting ',' delimiter"),
        ("ia/photos/5.json", b'{"id": "\xff"}', INVALID_JSON, ": it is not UTF-8"),
        ("ia/photos/5.json", b"[" * 100_000, INVALID_JSON, ": too many levels"),
        ("ia/photos/5.json", b"[]", NO_OBJECT, ""),
        ("ia/photos/5.json", b'{"id": "6"}', OTHER_ITEM, ": its id is '6'"),
        ("ia/photos/5.json", b"{}", OTHER_ITEM, ": it has no id"),
        ("ia/photos/5.json", b'{"id": "5", "stat": "fail"}', OTHER_ITEM, ": an error of Flickr"),
        ("ia/photos/comments/5.json", b'{"photo_id": "6"}', OTHER_ITEM, ": its id is '6'"),
        ("ia/photos/contexts/5.json", b'{"set": 1}', OTHER_ITEM, ": no contexts of a photo"),
        ("ia/photos/exif/5.json", b'{"id": null}', OTHER_ITEM, ": its id is 'None'"),
        ("ia/photosets/5.json", b'{"id": "6"}', OTHER_ITEM, ": its id is '6'"),
        ("ia/collections/1-5.json", b'{"id": "5"}', OTHER_ITEM, ": its id is '5'"),
    ],
)
def test_faults_of_json_files(name: str, content: bytes, fault: str, detail: str) -> None:
    file = parse_name(name)
    assert file
    with pytest.raises(DamagedDocument) as caught:
        check_document(file, content)
    assert (caught.value.fault, str(caught.value)) == (fault, fault + detail)


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
    assert isinstance(check_document(file, content), dict)


def test_icons_of_a_collection_are_those_in_the_mirror() -> None:
    collection = {
        "iconlarge": "/images/icon/large/a.jpg",
        "iconsmall": "https://www.flickr.com/images/cover_default.gif",
    }
    assert list_icons(collection) == ["images/icon/large/a.jpg"]
    assert list_icons({"iconlarge": "/images/icon/large/../../../x.jpg", "iconsmall": 5}) == []
