"""Test that a run in an event loop leaves the disk to threads, so that other tasks go on."""

from __future__ import annotations

import asyncio
from pathlib import Path
from tempfile import SpooledTemporaryFile
from typing import Any

import pytest

from flickr_sandbox import Sandbox
from pyflickr_web.errors import FileError
from pyflickr_web.mirror.files import spool
from pyflickr_web.mirror.files.file_system import FileSystem
from pyflickr_web.mirror.files.folder import MirrorFolder
from pyflickr_web.mirror.journal import Journal
from pyflickr_web.mirror.local import LocalPhotos
from tests.mirror.mirroring import Mirroring

SIZES = "square-small"
MISSING_PHOTO = "53999999999"


def is_in_event_loop() -> bool:
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return False
    return True


def test_event_loop_does_no_disk_work(
    account: Sandbox, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    mirroring = Mirroring(account, tmp_path / "mirror", is_async=True)
    places: set[tuple[str, bool]] = set()

    def watch(patch: pytest.MonkeyPatch, holder: Any, name: str) -> None:
        function = getattr(holder, name)

        def call(*given: Any) -> Any:
            places.add((name, is_in_event_loop()))
            return function(*given)

        patch.setattr(holder, name, call)

    def run_watched() -> None:
        with monkeypatch.context() as patch:
            # Listing all folders, and the flushes of new files and of the journal.
            watch(patch, LocalPhotos, "_scan")
            watch(patch, FileSystem, "sync")
            assert mirroring.run(sizes=SIZES).is_complete

    run_watched()
    Journal(MirrorFolder(mirroring.folder)).record([("failed", MISSING_PHOTO, "no answer")])
    run_watched()
    assert Journal(MirrorFolder(mirroring.folder)).section("failed") == {}
    assert places == {("_scan", False), ("sync", False)}


def test_lists_on_the_disk_are_removed_if_the_scan_fails(
    account: Sandbox, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made: list[Any] = []

    class WatchedFile(SpooledTemporaryFile[bytes]):
        def __init__(self, *given: Any, **options: Any) -> None:
            super().__init__(*given, **options)
            made.append(self)

    def fail(*given: Any) -> None:
        raise FileError("unreadable")

    monkeypatch.setattr(spool, "SpooledTemporaryFile", WatchedFile)
    monkeypatch.setattr(LocalPhotos, "_scan", fail)
    with pytest.raises(FileError, match="unreadable"):
        Mirroring(account, tmp_path / "mirror").run(sizes=SIZES)
    assert made and all(file.closed for file in made)
