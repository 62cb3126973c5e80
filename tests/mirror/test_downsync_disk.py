"""Test that a run in an event loop leaves the disk to threads, so that other tasks go on."""

from __future__ import annotations

import asyncio
import io
import os
from functools import partial
from pathlib import Path
from tempfile import SpooledTemporaryFile
from typing import Any

import pytest

from flickr_sandbox import Sandbox
from pyflickr_web.errors import FileError
from pyflickr_web.mirror.files import parts, spool
from pyflickr_web.mirror.files.folder import MirrorFolder
from pyflickr_web.mirror.journal import Journal
from pyflickr_web.mirror.session.photos_on_disk import PhotosOnDisk
from tests.mirror.mirroring import Mirroring, skip_pauses
from tests.support.loops import run_in_thread

SIZES = "square-small"
MISSING_PHOTO = "53999999999"
# Of `os`; Python's own modules call them by these names.
FUNCTIONS = ("fsync", "listdir", "lstat", "mkdir", "open", "replace", "scandir", "stat", "unlink")


class DiskWatch:
    """The functions that work on the disk, below a folder, in an event loop and in other threads."""

    def __init__(self, root: Path) -> None:
        self.in_loop: set[str] = set()
        self.in_threads: set[str] = set()
        self._root = str(root)

    def note(self, name: str) -> None:
        try:
            asyncio.get_running_loop()
        except RuntimeError:
            self.in_threads.add(name)
        else:
            self.in_loop.add(name)

    def install(self, patch: pytest.MonkeyPatch) -> None:
        """Watch the functions of Python, and the lists in temporary files, which are soon there."""
        for module, names in ((os, FUNCTIONS), (io, ("open",))):
            for name in names:
                patch.setattr(module, name, self._watch(getattr(module, name), name))
        note = self.note

        class WatchedList(SpooledTemporaryFile[bytes]):
            def write(self, *given: Any) -> Any:
                note("write a list")
                return super().write(*given)

            def __iter__(self) -> Any:
                for line in super().__iter__():
                    note("read a list")
                    yield line

        patch.setattr(spool, "SpooledTemporaryFile", WatchedList)
        patch.setattr(spool, "IN_MEMORY", 1)

    def _watch(self, function: Any, name: str) -> Any:
        def call(*given: Any, **more: Any) -> Any:
            # A number is that of an open file; those of the loop are its sockets.
            if isinstance(given[0], int) or str(given[0]).startswith(self._root):
                self.note(name)
            return function(*given, **more)

        return call


def record_failure(root: Path) -> None:
    Journal(MirrorFolder(root)).record([("failed", MISSING_PHOTO, "no answer")])


@pytest.mark.parametrize(
    "options",
    [{}, {"dry_run": True}, {"full": True, "remove_deleted": True, "exif": True}],
    ids=["plain", "dry", "full"],
)
def test_event_loop_does_no_disk_work(
    account: Sandbox, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, options: dict[str, Any]
) -> None:
    mirroring = Mirroring(account, tmp_path / "mirror", is_async=True)
    skip_pauses(monkeypatch)
    monkeypatch.setattr(parts, "SMALLEST_PART", 1)
    watch = DiskWatch(tmp_path)
    with monkeypatch.context() as patch:
        watch.install(patch)
        # Parts that are continued, and files that are damaged at first.
        account.faults.add("drop-midway", where="files", times=5)
        account.faults.add("truncated", where="files", times=2)
        assert not mirroring.run(sizes=SIZES, **options).failed
        if "dry_run" not in options:
            run_in_thread(partial(record_failure, mirroring.folder))
        assert not mirroring.run(sizes=SIZES, **options).failed
    assert watch.in_loop == set()
    assert watch.in_threads >= {"open", "stat", "write a list"}


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
    monkeypatch.setattr(PhotosOnDisk, "_scan", fail)
    with pytest.raises(FileError, match="unreadable"):
        Mirroring(account, tmp_path / "mirror").run(sizes=SIZES)
    assert made and all(file.closed for file in made)
