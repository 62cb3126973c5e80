"""Test that processes, threads, forks and copies share the index of a mirror."""

from __future__ import annotations

import copy
import gc
import multiprocessing
import os
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from pickle import dumps, loads
from typing import Any

import pytest

from pyflickr_web import load_locally
from pyflickr_web.mirror.index import database
from pyflickr_web.mirror.index.database import _Connection, _Place
from pyflickr_web.mirror.layout import INDEX
from tests.mirror.local_mirrors import (
    LocalMirror,
    load_keys,
    make_old_mirror,
    photo,
    query,
)
from tests.support.repository import ROOT
from tests.support.timeouts import TIMEOUT

pytestmark = pytest.mark.usefixtures("cache")


@pytest.fixture
def mirror(tmp_path: Path) -> LocalMirror:
    return make_old_mirror(tmp_path / "mirror")


def test_processes_that_build_at_once_load_the_same(mirror: LocalMirror) -> None:
    code = (
        "import sys\n"
        "from pyflickr_web import load_locally\n"
        "with load_locally(sys.argv[1], True) as data:\n"
        "    print(*data.photo_keys, len(data.find('photo')))\n"
    )
    words = [sys.executable, "-c", code, str(mirror.folder)]
    running = [
        subprocess.Popen(words, cwd=ROOT, stdout=subprocess.PIPE, text=True) for _ in range(3)
    ]
    assert [process.communicate()[0] for process in running] == ["3 2 1 3\n"] * 3
    assert query(mirror, "PRAGMA integrity_check") == [("ok",)]
    assert sorted(file.name for file in mirror.folder.iterdir()) == ["SHA256SUMS", "ia", INDEX]


def test_open_data_stays_while_another_load_replaces_the_index(mirror: LocalMirror) -> None:
    with load_locally(mirror.folder, True) as data:
        assert len(data.find("photo")) == 3
        mirror.add_photos(photo("4", day=4))
        assert load_keys(mirror) == ["4", "3", "2", "1"]
        assert len(data.find("photo")) == 3


def test_threads_share_the_data(mirror: LocalMirror) -> None:
    failures: list[BaseException] = []
    with load_locally(mirror.folder, True) as data:

        def work() -> None:
            try:
                for _ in range(30):
                    assert data.photos["1"]["sets"] == [{"id": "71", "prev": None, "next": "2"}]
                    assert data.find(tags=["red fox"]) == ["1"]
            except BaseException as error:
                failures.append(error)

        threads = [threading.Thread(target=work) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert failures == []


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
@pytest.mark.filterwarnings("ignore:.*fork:DeprecationWarning")
def test_forked_process_has_a_connection_of_its_own(mirror: LocalMirror) -> None:
    with load_locally(mirror.folder, True) as data:
        assert data.find("photo") == ["3", "2", "1"]
        context = multiprocessing.get_context("fork")
        queue = context.SimpleQueue()
        child = context.Process(target=lambda: queue.put(data.find("photo")))
        child.start()
        child.join(30)
        assert child.exitcode == 0 and queue.get() == ["3", "2", "1"]
        assert data.find("photo") == ["3", "2", "1"]


@pytest.fixture
def connections(monkeypatch: pytest.MonkeyPatch) -> list[sqlite3.Connection]:
    """The connections that are opened from now on."""
    opened: list[sqlite3.Connection] = []
    connect = sqlite3.connect

    def spy(address: str, **options: Any) -> sqlite3.Connection:
        opened.append(connect(address, **options))
        return opened[-1]

    monkeypatch.setattr(sqlite3, "connect", spy)
    return opened


def test_data_that_is_not_closed_is_closed_when_it_is_collected(
    mirror: LocalMirror, connections: list[sqlite3.Connection]
) -> None:
    data = load_locally(mirror.folder)
    assert data.photo_keys
    del data
    gc.collect()
    assert connections
    for connection in connections:
        with pytest.raises(sqlite3.ProgrammingError, match="closed database"):
            connection.execute("SELECT 1")


def test_connection_that_threads_make_at_once_is_opened_once(
    mirror: LocalMirror, connections: list[sqlite3.Connection], monkeypatch: pytest.MonkeyPatch
) -> None:
    barrier = threading.Barrier(4)

    class SlowConnection(_Connection):
        def __init__(self, place: _Place) -> None:
            super().__init__(place)
            barrier.wait(TIMEOUT)

    monkeypatch.setattr(database, "_Connection", SlowConnection)
    with load_locally(mirror.folder) as data, ThreadPoolExecutor(4) as threads:
        connections.clear()
        found = [threads.submit(data.find, "photo") for _ in range(4)]
        assert len({tuple(each.result()) for each in found}) == 1
    assert len(connections) == 1


def test_connection_that_another_thread_closes_is_opened_again(
    mirror: LocalMirror, reads: list[str]
) -> None:
    with load_locally(mirror.folder, True) as data:
        assert data.find("photo") == ["3", "2", "1"]
        connection = data._index._connections.get()
        get = data._index._connections.get
        closed = iter([True])

        def get_closed() -> Any:
            if next(closed, False):
                data.close()
                return connection
            return get()

        data._index._connections.get = get_closed  # type: ignore[method-assign]
        reads.clear()
        assert data.find("photo") == ["3", "2", "1"]
        assert reads == []


def test_connection_that_is_closed_many_times_is_opened_again(mirror: LocalMirror) -> None:
    """Threads that close the data while others use it do not make it fail."""
    with load_locally(mirror.folder) as data:
        connections, get = data._index._connections, data._index._connections.get
        closed = 0

        def get_closed() -> Any:
            nonlocal closed
            connection = get()
            if closed < 5:
                closed += 1
                data.close()
            return connection

        connections.get = get_closed  # type: ignore[method-assign]
        assert len(data.photo_keys) == 3
        assert closed == 5
        del connections.get


@pytest.mark.parametrize("copy", [copy.copy, copy.deepcopy, lambda one: loads(dumps(one))])
def test_copy_has_an_index_of_its_own(mirror: LocalMirror, copy: Callable[[Any], Any]) -> None:
    """Such as data that is sent to another process."""
    with load_locally(mirror.folder, load_private=True) as data:
        keys = list(data.photo_keys)
        with copy(data) as other:
            assert other.photo_keys == keys
            assert other.photosets.keys() == data.photosets.keys()
        assert data.find("photo")


def test_closed_data_opens_again(mirror: LocalMirror) -> None:
    data = load_locally(mirror.folder)
    data.close()
    assert data.find("photo") == ["3", "2", "1"]
    data.close()
