"""Test how the option `albums` finds albums: by ids, titles, and lists of them."""

from __future__ import annotations

import pytest

from pyflickr_web.mirror.steps.albums import find_albums

TITLES = {"71": "Alps", "72": "Street, 2015", "73": "Street", "74": "Alps", "75": "a,"}
ALBUMS = {album: {"title": {"_content": title}} for album, title in TITLES.items()} | {"76": None}


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        (["72"], ["72"]),
        (["76"], ["76"]),
        (["Alps"], ["71", "74"]),
        (["Street, 2015"], ["72"]),
        (["a,"], ["75"]),
        (["Street, Alps ,,72"], ["73", "71", "74", "72"]),
        (["Street, 2015", "Alps,71", "Street"], ["72", "71", "74", "73"]),
    ],
    ids=str,
)
def test_a_title_is_looked_for_whole_first(wanted: list[str], found: list[str]) -> None:
    assert find_albums(ALBUMS, wanted) == found


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("Sea", "no album has the id or title 'Sea'$"),
        ("alps", r"no album has the id or title 'alps' \(did you mean Alps\?\)$"),
        (
            "Alps,Street, 2015",
            "'2015' of 'Alps,Street, 2015': give a title with a comma alone$",
        ),
    ],
)
def test_unknown_albums_are_named(text: str, problem: str) -> None:
    with pytest.raises(ValueError, match=problem):
        find_albums(ALBUMS, ["71", text])
