"""Test how files of another program are judged and repaired, without files."""

from __future__ import annotations

import json
from typing import Any

import pytest

from pyflickr_web.mirror.contents.document_checks import EMPTY, INVALID_JSON, NO_OBJECT, OTHER_ITEM
from pyflickr_web.mirror.layout import MirrorFile, parse_name
from pyflickr_web.mirror.takeover.rules import (
    DOUBLED_SIZES,
    ICON_PATH,
    NOTHING_EXPECTED,
    STILL,
    CheckedDocument,
    ExpectedPictures,
    expect_pictures,
    find_other_picture,
    has_missing_comments,
    repair_document,
)

DOCUMENTS: dict[str, dict[str, Any]] = {
    "ia/photos/53.json": {"id": "53", "sizes": ["s", "o"]},
    "ia/photos/comments/53.json": {"photo_id": "53", "comment": []},
    "ia/photos/contexts/53.json": {"set": [{"id": "7"}], "pool": []},
    "ia/photos/exif/53.json": {"id": "53", "exif": []},
    "ia/photosets/53.json": {"id": "53", "photos": ["1"]},
    "ia/collections/10-53.json": {"id": "10-53", "iconlarge": "/images/icon/large/a_l.gif"},
}
ICONS = {"iconlarge": "/images/icon/large/a_l.gif", "iconsmall": "/images/icon/small/a_s.gif"}


def _file(name: str) -> MirrorFile:
    file = parse_name(name)
    assert file
    return file


def _check(name: str, value: Any) -> CheckedDocument:
    return repair_document(_file(name), json.dumps(value).encode())


@pytest.mark.parametrize("name", DOCUMENTS)
def test_complete_document_has_no_fault(name: str) -> None:
    assert _check(name, DOCUMENTS[name]) == CheckedDocument(DOCUMENTS[name])


@pytest.mark.parametrize("name", DOCUMENTS)
def test_damaged_document_is_named_by_its_fault(name: str) -> None:
    content = json.dumps(DOCUMENTS[name]).encode()
    assert repair_document(_file(name), b"") == CheckedDocument(fault=EMPTY)
    for length in range(1, len(content)):
        assert repair_document(_file(name), content[:length]) == CheckedDocument(fault=INVALID_JSON)
    for other in (b"[]", b"null"):
        assert repair_document(_file(name), other) == CheckedDocument(fault=NO_OBJECT)
    for other in (bytes(40), b"[" * 100_000, b"\xff\xfe{"):
        assert repair_document(_file(name), other) == CheckedDocument(fault=INVALID_JSON)


@pytest.mark.parametrize("name", DOCUMENTS)
def test_document_of_another_item_or_an_error_is_damaged(name: str) -> None:
    failure = {"stat": "fail", "code": 1, "message": "Photo not found"}
    assert _check(name, failure) == CheckedDocument(fault=OTHER_ITEM)
    other = {**DOCUMENTS[name], "id": "54", "photo_id": "54", "set": 7}
    assert _check(name, other) == CheckedDocument(fault=OTHER_ITEM)


@pytest.mark.parametrize(
    ("sizes", "repaired"),
    [(["s", "q", "o", "q", "o"], ["s", "q", "o"]), (["o", 7], ["o"]), ("so", [])],
)
def test_doubled_sizes_are_repaired(sizes: Any, repaired: list[str]) -> None:
    found = _check("ia/photos/53.json", {"id": "53", "sizes": sizes, "title": "x"})
    assert found == CheckedDocument({"id": "53", "sizes": repaired, "title": "x"}, DOUBLED_SIZES)
    assert found.is_repaired


@pytest.mark.parametrize(
    "path",
    [
        "/home/me/.flickr/data/images/icon/large/a_l.gif",
        "C:/photos/images/icon/large/a_l.gif",
        "images/icon/large/a_l.gif",
    ],
)
def test_icon_paths_are_made_relative(path: str) -> None:
    value = {"id": "10-53", "title": "x", **ICONS, "iconlarge": path}
    found = _check("ia/collections/10-53.json", value)
    assert found == CheckedDocument({**value, **ICONS}, ICON_PATH)


def test_icon_address_is_a_fault_that_the_tree_repairs() -> None:
    value = {"id": "10-53", **ICONS, "iconsmall": "https://example.com/a_s.gif"}
    assert _check("ia/collections/10-53.json", value) == CheckedDocument(value, ICON_PATH)


@pytest.mark.parametrize(
    ("size", "found", "is_other"),
    [
        ("b", (1024, 683), False),
        ("b", (1022, 685), False),
        ("b", (1021, 683), True),
        # An old size of a photo that was rotated.
        ("b", (683, 1024), True),
        # EXIF data turn an original.
        ("o", (3000, 4000), False),
        ("o", (3000, 4009), True),
        # A size that the listing does not have.
        ("t", (1, 1), False),
        ("b", None, False),
    ],
)
def test_dimensions_are_those_of_the_listing(
    size: str, found: tuple[int, int] | None, is_other: bool
) -> None:
    expected = ExpectedPictures({"b": (1024, 683), "o": (4000, 3000)})
    assert (find_other_picture(size, found, expected) is not None) == is_other
    assert find_other_picture(size, found, NOTHING_EXPECTED) is None


def test_fault_of_other_dimensions_has_both() -> None:
    expected = ExpectedPictures({"b": (1024, 683)})
    fault = "500 x 375 pixels instead of 1024 x 683"
    assert find_other_picture("b", (500, 375), expected) == fault


def test_still_is_no_video() -> None:
    expected = ExpectedPictures({"o": (640, 480), "t": (100, 75)}, is_video=True)
    assert find_other_picture("o", (640, 480), expected) == STILL
    assert find_other_picture("o", None, expected) is None
    assert find_other_picture("t", (100, 75), expected) is None


def test_dimensions_of_replaced_pictures_are_not_compared() -> None:
    item = {"id": "53", "secret": "new", "originalsecret": "old", "media": "photo"}
    info = {"secret": "old", "originalsecret": "old", "media": "photo"}
    dimensions = {"o": [40, 30], "b": [20, 15]}
    assert expect_pictures(item, dimensions, info) == ExpectedPictures({"o": (40, 30)})
    info = {"secret": "new", "originalsecret": "older", "media": "photo"}
    assert expect_pictures(item, dimensions, info) == ExpectedPictures({"b": (20, 15)})
    both = ExpectedPictures({"o": (40, 30), "b": (20, 15)})
    assert expect_pictures(item, dimensions, None) == both


@pytest.mark.parametrize(
    ("comments", "count", "is_missing"),
    [([{}, {}], "2", False), ([{}], "2", True), ([{}], 0, True), (None, "1", True), ([], 0, False)],
)
def test_number_of_comments_tells_old_files(
    comments: list[Any] | None, count: object, is_missing: bool
) -> None:
    value = {"photo_id": "53"} if comments is None else {"photo_id": "53", "comment": comments}
    assert has_missing_comments(value, {"count_comments": count}) == is_missing
    assert not has_missing_comments(value, {})
