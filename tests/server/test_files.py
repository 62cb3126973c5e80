"""Test atomic writes, and the removal of leftovers."""

from __future__ import annotations

import fcntl
from pathlib import Path

import pytest

from pyflickr_web.transports.files import atomic_write, remove_leftovers
from tests.server.tokens import names


def test_file_that_is_being_written_is_no_leftover(tmp_path: Path) -> None:
    (tmp_path / ".pyflickr-web-mine").touch()
    with atomic_write(tmp_path / "a") as file:
        remove_leftovers(tmp_path)
        file.write(b"x")
    assert (tmp_path / "a").read_bytes() == b"x"
    assert (tmp_path / ".pyflickr-web-mine").exists()


def test_file_that_is_taken_for_a_leftover_is_made_anew(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lock, removed = fcntl.flock, list[Path]()

    def replace_in_between(handle: int, how: int) -> None:
        # Another process has found it before it was locked.
        if not removed:
            removed.extend(tmp_path.iterdir())
            removed[0].unlink()
        lock(handle, how)

    monkeypatch.setattr(fcntl, "flock", replace_in_between)
    with atomic_write(tmp_path / "a") as file:
        file.write(b"x")
    assert len(removed) == 1 and names(tmp_path) == ["a"]


def test_file_system_without_locks_is_good_enough(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def none(handle: int, how: int) -> None:
        raise OSError("no locks available")

    monkeypatch.setattr(fcntl, "flock", none)
    with atomic_write(tmp_path / "a") as file:
        remove_leftovers(tmp_path)
        file.write(b"x")
    assert names(tmp_path) == ["a"]
