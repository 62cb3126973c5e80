"""Comments, notes, people, licence history and suggestions in a new library."""

from __future__ import annotations

import pytest

from tests.sandbox.library import Library

TABLES = ("comments", "notes", "photo_people", "license_history", "suggestions")


def count_rows(library: Library) -> list[int]:
    """Return the number of rows of each table."""
    return [
        library.store.value(f"SELECT count(*) FROM {table} WHERE photo IS NOT NULL")
        for table in TABLES
    ]


@pytest.fixture(scope="module")
def row_counts(library: Library) -> list[int]:
    """The counts of a library of 3,000 photos."""
    return count_rows(library)


def test_counts_do_not_grow_with_the_library(row_counts: list[int]) -> None:
    small = Library(photos=1000)
    other = count_rows(small)
    small.store.close()
    assert all(other)
    assert sum(row_counts) < 1500
    assert abs(sum(other) - sum(row_counts)) < 100


def test_library_without_photos_has_nothing_on_them() -> None:
    empty = Library(photos=0)
    assert count_rows(empty) == [0] * len(TABLES)
    empty.store.close()


def test_one_photo_has_many_comments(library: Library) -> None:
    most = library.store.one(
        "SELECT photo, count(*) AS many FROM comments WHERE photo IS NOT NULL GROUP BY photo"
        " ORDER BY 2 DESC"
    )
    assert most is not None
    assert most["many"] >= 100
    answer = library.call_public("photos.comments.getList", photo_id=most["photo"])
    assert len(answer["comments"]["comment"]) == most["many"]


def test_additions_can_be_read(library: Library) -> None:
    assert library.call_signed("photos.suggestions.getList")["suggestions"]["suggestion"]
    for table, method, key in (
        ("photo_people", "people.getList", "people"),
        ("license_history", "licenses.getLicenseHistory", "license_history"),
        ("notes", "getInfo", "photo"),
    ):
        number = library.store.value(f"SELECT photo FROM {table}")
        assert library.call_public(f"photos.{method}", photo_id=number)[key]
