"""Test that any JSON becomes rows of the index: other programs and people may write a mirror's files."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from pyflickr_web.mirror.index.rows import ROWS, collection_rows, photo_rows, photoset_rows
from pyflickr_web.mirror.index.schema import TABLES
from tests.mirror.local_mirrors import FIRST_DAY, album, photo, tags

NAMES = (
    *("id", "title", "description", "_content", "tags", "tag", "raw", "dates", "posted", "taken"),
    *("visibility", "ispublic", "photos", "comment", "datecreate", "set", "collection", "primary"),
    *(
        "location",
        "latitude",
        "owner",
        "nsid",
        "urls",
        "url",
        "views",
        "machine_tag",
        "date_create",
    ),
)
SCALARS = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.sampled_from(["", "a", "\ud800", "\0", "1", "53000000060", "9" * 19, str(FIRST_DAY)])
)
VALUES = st.recursive(
    SCALARS,
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(NAMES), inner, max_size=6)
    ),
    max_leaves=10,
)


@example(
    item={"title": "\ud800", "views": 10**30, "license": -(10**30), "dates": {"posted": 10**15}}
)
@example(item={"id": {"_content": "\ud800"}, "comment": [{"_content": "\ud800"}], "primary": 1e400})
@settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(item=st.dictionaries(st.sampled_from(NAMES), VALUES))
def test_any_json_makes_rows_that_the_tables_take(item: dict[str, Any]) -> None:
    with closing(sqlite3.connect(":memory:")) as database:
        database.executescript(TABLES)
        for kind, make_rows in ROWS.items():
            for table, values in make_rows("1-1" if kind == "collection" else 1, item):
                marks = ", ".join("?" * len(values))
                database.execute(f"INSERT OR REPLACE INTO {table} VALUES ({marks})", values)


def row_of(table: str, rows: Any) -> dict[str, Any]:
    """Return the first row of a table, by the names of its columns."""
    with closing(sqlite3.connect(":memory:")) as database:
        database.executescript(TABLES)
        names = [column[1] for column in database.execute(f"PRAGMA table_info({table})")]
    return next(dict(zip(names, row, strict=True)) for name, row in rows if name == table)


def test_row_of_a_photo_has_its_values_in_the_columns() -> None:
    item = photo(
        "7",
        tags=tags("red fox", "zoo"),
        license="4",
        views="12",
        comments={"_content": "3"},
        location={"latitude": "50.5", "longitude": "-1"},
        owner={"nsid": "1@N01", "username": "ann"},
        urls={"url": [{"type": "photopage", "_content": "https://example.org/7"}]},
    )
    item["dates"]["lastupdate"] = str(FIRST_DAY + 1)
    assert row_of("photos", photo_rows(7, item)) == {
        "id": 7,
        "title": "Photo 7",
        "description": "",
        "tags": "red fox zoo",
        "taken": "2011-03-01 12:00:00",
        "posted": "2011-03-13 07:06:40",
        "updated": "2011-03-13 07:06:41",
        "is_public": 1,
        "media": "photo",
        "license": 4,
        "views": 12,
        "comment_count": 3,
        "latitude": 50.5,
        "longitude": -1.0,
        "owner": "1@N01",
        "owner_name": "ann",
        "page": "https://example.org/7",
    }


@pytest.mark.parametrize("value", [None, 0, "0", "x", True, [1], 2])
def test_only_1_is_public(value: Any) -> None:
    item = photo("7", visibility={"ispublic": value})
    assert row_of("photos", photo_rows(7, item))["is_public"] == int(value is True)


def test_row_of_an_album_has_its_values_in_the_columns() -> None:
    item = album("71", ["3", "1", "3", "x", "2"], count_views="5", primary="1", date_update="0")
    rows = list(photoset_rows(71, item))
    assert row_of("photosets", rows) == {
        "id": 71,
        "title": "Album 71",
        "description": "",
        "created": "2011-03-13 07:06:40",
        "updated": "1970-01-01 00:00:00",
        "is_public": 1,
        "photo_count": 3,
        "views": 5,
        "primary_photo": 1,
    }
    assert [row for table, row in rows if table == "photoset_photos"] == [
        (71, 0, 3),
        (71, 1, 1),
        (71, 2, 2),
    ]


def test_collections_have_their_parents_and_albums() -> None:
    inner = {"id": "1-2", "title": "Inner", "set": [{"id": "71"}, {"id": "72"}]}
    item = {"id": "1-1", "title": "Top", "description": "All", "collection": [inner]}
    assert list(collection_rows("1-1", item)) == [
        ("collections", ("1-1", "Top", "All", None, "1-1")),
        ("collections", ("1-2", "Inner", "", "1-1", "1-1")),
        ("collection_photosets", ("1-2", 0, 71)),
        ("collection_photosets", ("1-2", 1, 72)),
    ]
