"""Fixtures: drivers of both kinds with pauses that take no time, and accounts to mirror."""

from __future__ import annotations

import errno
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from flickr_sandbox import Sandbox
from pyflickr_web.mirror.contents.documents import read_document
from tests.mirror.mirroring import FirstRuns, Mirroring, open_sandbox
from tests.mirror.virtual_time import Drive, drive_in_tasks, drive_in_threads


@pytest.fixture(params=[drive_in_threads, drive_in_tasks], ids=["threads", "tasks"])
def drive(request: pytest.FixtureRequest) -> Drive:
    """Run a flow in threads or in tasks."""
    driver: Drive = request.param
    return driver


@pytest.fixture(scope="session")
def shared_sandbox() -> Iterator[Sandbox]:
    """A sandbox for all tests of a process."""
    with open_sandbox() as sandbox:
        yield sandbox


@pytest.fixture
def account(shared_sandbox: Sandbox) -> Sandbox:
    """A sandbox as it was at the start."""
    shared_sandbox.reset()
    return shared_sandbox


@pytest.fixture(scope="session")
def shared_first_runs(
    shared_sandbox: Sandbox, tmp_path_factory: pytest.TempPathFactory
) -> FirstRuns:
    """The mirrors of first runs, for all tests of a process."""
    return FirstRuns(shared_sandbox, tmp_path_factory.mktemp("first-runs"))


@pytest.fixture
def first_runs(account: Sandbox, shared_first_runs: FirstRuns) -> FirstRuns:
    """The mirrors of first runs of the account, which is as at the start."""
    return shared_first_runs


@pytest.fixture
def mirroring(account: Sandbox, tmp_path: Path, first_runs: FirstRuns) -> Mirroring:
    """Runs downsync with threads."""
    return Mirroring(account, tmp_path / "mirror", first_runs=first_runs)


@pytest.fixture(params=["threads", "tasks"])
def either(
    request: pytest.FixtureRequest, account: Sandbox, tmp_path: Path, first_runs: FirstRuns
) -> Mirroring:
    """Runs downsync with threads, then with tasks."""
    return Mirroring(account, tmp_path / "mirror", request.param == "tasks", first_runs)


@pytest.fixture(params=["mapped", "read"])
def way_to_read(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Map files into memory, or read them, as on a file system that maps none."""

    def refuse(*given: Any, **options: Any) -> None:
        raise OSError(errno.ENODEV, "No such device")

    if request.param == "read":
        monkeypatch.setattr("mmap.mmap", refuse)


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A cache folder of the test's own, which is not made yet; the test runs in `tmp_path`."""
    folder = tmp_path / "cache"
    monkeypatch.setenv("XDG_CACHE_HOME", str(folder))
    monkeypatch.chdir(tmp_path)
    return folder


@pytest.fixture
def reads(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The names of the JSON files that are read for an index."""
    names: list[str] = []

    def spy(file: str) -> Any:
        names.append(Path(file).as_posix().partition("/ia/")[2])
        return read_document(file)

    monkeypatch.setattr("pyflickr_web.mirror.index.build.read_document", spy)
    return names
