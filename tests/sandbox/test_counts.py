"""How many there are is remembered until something is written."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from flickr_sandbox.store import Store

ALL = "SELECT count(*) FROM blogs WHERE owner = :owner"
INSERT = "INSERT INTO blogs (owner, service, name, url) VALUES ('a', '', '', '')"


@pytest.fixture
def store() -> Iterator[Store]:
    """An empty library."""
    store = Store()
    yield store
    store.close()


def test_every_way_to_write_is_counted(store: Store) -> None:
    assert store.count(ALL, owner="a") == 0
    store.run(INSERT)
    assert store.count(ALL, owner="a") == 1
    store.insert("blogs", owner="a", service="", name="", url="")
    assert store.count(ALL, owner="a") == 2
    store.many("INSERT INTO blogs (owner, service, name, url) VALUES (?, '', '', '')", [("a",)])
    assert store.count(ALL, owner="a") == 3
    assert store.count(ALL, owner="b") == 0


def test_what_was_counted_before_a_rollback_is_forgotten(store: Store) -> None:
    with pytest.raises(ZeroDivisionError), store.transaction():
        store.run(INSERT)
        assert store.count(ALL, owner="a") == 1
        raise ZeroDivisionError
    assert store.count(ALL, owner="a") == 0


def test_it_is_remembered_past_what_is_written_aside(store: Store) -> None:
    assert store.count(ALL, owner="a") == 0
    store.run_aside(INSERT)
    assert store.count(ALL, owner="a") == 0
    assert store.value(ALL, owner="a") == 1


def test_sums_are_remembered_too_until_something_is_written(store: Store) -> None:
    listed = "SELECT owner, count(*) AS blogs FROM blogs GROUP BY owner"
    assert store.cached_rows(listed) == []
    store.run_aside(INSERT)
    assert store.cached_rows(listed) == []
    store.run(INSERT)
    assert [tuple(row) for row in store.cached_rows(listed)] == [("a", 2)]
