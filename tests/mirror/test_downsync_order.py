"""Test that a run writes to the disk in an order that a kill or a power failure cannot harm."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from pyflickr_web.mirror.files.file_system import FileSystem
from tests.mirror.mirroring import Mirroring, read_document, skip_pauses

CONTEXTS, ALBUMS = "ia/photos/contexts", "ia/photosets"


class RecordingFileSystem(FileSystem):
    """A file system that records renames and flushes by folder, in their order."""

    def __init__(self) -> None:
        self.steps: list[tuple[str, str]] = []

    def replace(self, source: Path, target: Path) -> None:
        self.steps.append(("rename", target.parent.as_posix()))
        super().replace(source, target)

    def sync_folder(self, folder: Path) -> None:
        self.steps.append(("flush", folder.as_posix()))
        super().sync_folder(folder)

    def list_steps(self, *folders: str) -> list[tuple[str, str]]:
        """Return the steps in some folders of a mirror."""
        return [
            (kind, folder)
            for kind, path in self.steps
            for folder in folders
            if path.endswith(f"/{folder}")
        ]


def test_contexts_are_flushed_before_the_first_album_is_written(
    mirroring: Mirroring, monkeypatch: pytest.MonkeyPatch
) -> None:
    mirroring.begin(sizes="thumbnail")
    mirroring.sandbox.store.run("UPDATE photosets SET title = title || '!'")
    system = RecordingFileSystem()
    monkeypatch.setattr("pyflickr_web.mirror.sync.FileSystem", lambda: system)
    assert mirroring.run(sizes="thumbnail").written_albums == len(mirroring.list_albums())
    steps = system.list_steps(CONTEXTS, ALBUMS)
    first = steps.index(("rename", ALBUMS))
    assert steps[first - 1] == ("flush", CONTEXTS)
    assert {folder for _, folder in steps[first:]} == {ALBUMS}


def test_sizes_of_files_that_came_late_are_written_before_the_state(
    mirroring: Mirroring, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A run that is killed while it removes photos has moved the mark."""
    skip_pauses(monkeypatch)
    sizes: list[Any] = []

    def watch(event: Any) -> None:
        step = getattr(event, "step", "")
        if step == "sizes" and type(event).__name__ == "StepStarted":
            mirroring.sandbox.faults.add("500", where="files", times=4)
        if step == "deleting" and not sizes:
            files = (mirroring.folder / "ia/photos").glob("*.json")
            names = [file.relative_to(mirroring.folder).as_posix() for file in files]
            sizes.extend(read_document(mirroring.folder, name)["sizes"] for name in names)

    report = mirroring.run(sizes="thumbnail", workers=1, remove_deleted=True, on_event=watch)
    assert report.is_complete
    assert sizes == [["t"]] * len(mirroring.list_photos())
