"""Test the search of a mirror: by text, tags, album and dates."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from pyflickr_web import load_locally
from pyflickr_web.errors import ArgumentError
from pyflickr_web.mirror.load import LocalData
from tests.mirror.local_mirrors import LocalMirror, album, photo, tags


def dates_of(date: str) -> dict[str, Any]:
    return {"posted": "1300000000", "taken": date}


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalData]:
    mirror = LocalMirror(tmp_path_factory.mktemp("find") / "mirror").add_photos(
        photo("1", title={"_content": "Red Panda"}, tags=tags("zoo", "New York")),
        photo("2", day=1, description={"_content": "pandas at the zoo"}, tags=tags("Zoo")),
        photo("3", day=400, title={"_content": "Café 東京タワー"}),
        photo("4", dates=dates_of("2019-05-04 10:00:00")),
        photo("5", dates=dates_of("2019-12-31 23:59:59")),
        photo("6", is_public=0, dates=dates_of("2019-06-01 00:00:00"), tags=tags("zoo")),
    )
    mirror.add_albums(
        album("71", ["1", "6", "2"], title={"_content": "Animals"}),
        album("72", ["3"], title={"_content": "Trips"}),
        album("73", ["4", "99"], title={"_content": "trips"}),
        album("74", [], title={"_content": "Empty"}),
        album("75", ["1"], title={"_content": "Secret"}, visibility_can_see_set=0),
    )
    with load_locally(mirror.folder) as opened:
        yield opened


@pytest.mark.parametrize(
    ("conditions", "expected"),
    [
        ({}, ["3", "2", "5", "4", "1"]),
        ({"text": "panda"}, ["2", "1"]),
        ({"text": "RED pan"}, ["1"]),
        ({"text": "zoo"}, ["2", "1"]),
        ({"text": "panda nothing"}, []),
        ({"text": "cafe"}, ["3"]),
        ({"text": "東京"}, ["3"]),
        ({"text": 'red" OR "zoo'}, []),
        ({"text": "title:red*"}, []),
        ({"tags": ["zoo"]}, ["2", "1"]),
        ({"tags": ["ZOO", "new york"]}, ["1"]),
        ({"tags": ["newyork"]}, ["1"]),
        ({"tags": "new york"}, ["1"]),
        ({"tags": ["zo"]}, []),
        # The order of the album, without the private photo.
        ({"album": "71"}, ["1", "2"]),
        ({"album": " animals "}, ["1", "2"]),
        # Two albums of this title, newest first; one names a photo that the mirror lacks.
        ({"album": "Trips"}, ["3", "4"]),
        ({"album": "Empty"}, []),
        ({"album": "Animals", "text": "red"}, ["1"]),
        ({"taken": "2019"}, ["5", "4"]),
        ({"taken": "2019-05"}, ["4"]),
        ({"taken": "2019-05-04"}, ["4"]),
        ({"taken": "2019-05-05"}, []),
        ({"taken": "2019-05..2019-12"}, ["5", "4"]),
        ({"taken": "2019-05-05..2019-12-31"}, ["5"]),
        ({"taken": "2019-06.."}, ["5"]),
        ({"taken": "..2011"}, ["3", "2", "1"]),
        ({"taken": "2019-05..2019"}, ["5", "4"]),
        ({"posted": "2012"}, ["3"]),
        ({"posted": "2011-03-14.."}, ["3", "2"]),
    ],
)
def test_photos_meet_all_conditions(
    data: LocalData, conditions: dict[str, Any], expected: list[str]
) -> None:
    assert data.find(**conditions) == expected


def test_private_photos_and_albums_are_found_if_asked(data: LocalData) -> None:
    with load_locally(data.location, load_private=True) as everything:
        assert everything.find(tags=["zoo"]) == ["2", "6", "1"]
        assert everything.find(album="Animals") == ["1", "6", "2"]
        assert everything.find(album="Secret") == ["1"]


@pytest.mark.parametrize(
    "date",
    ["..", "19", "2019-5", "2019-13", "2019-05-32", "2019-05-04..2019-05..2019", "today"],
)
def test_invalid_date_is_named(data: LocalData, date: str) -> None:
    with pytest.raises(ArgumentError, match=r"invalid taken date .*use e\.g\. 2019"):
        data.find(taken=date)


def test_range_that_ends_before_it_begins_is_refused(data: LocalData) -> None:
    with pytest.raises(ArgumentError, match="range ends before it begins"):
        data.find(posted="2019-06..2019-05-31")


def test_text_without_words_is_refused(data: LocalData) -> None:
    with pytest.raises(ArgumentError, match="it has no word"):
        data.find("?!")
