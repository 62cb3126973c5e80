"""Test that a run of a task that is cancelled ends whole: no thread writes after it has ended."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from flickr_sandbox import Sandbox
from pyflickr_web import AsyncFlickr
from pyflickr_web.errors import MirrorError
from pyflickr_web.mirror.files.folder import MirrorFolder
from pyflickr_web.mirror.files.lock import lock_mirror
from tests.mirror.mirroring import Mirroring, check_sums, check_whole, open_sandbox, read_files
from tests.support.account import options_of
from tests.support.loops import run
from tests.support.timeouts import TIMEOUT

SIZES = "square-small"
PHOTOS = 8
# Steps of the loop in which a task that is not held back has ended.
STEPS = 100


@pytest.fixture(scope="module")
def small_account() -> Iterator[Sandbox]:
    """A sandbox with few photos, which the tests leave as it is."""
    with open_sandbox(PHOTOS) as sandbox:
        yield sandbox


class HeldWrite:
    """Holds back the first metadata of a photo; `is_locked` is True if the folder is locked then."""

    def __init__(self, root: Path) -> None:
        self.begun, self.leave = threading.Event(), threading.Event()
        self.is_locked: bool | None = None
        self._root = root

    def install(self, monkeypatch: pytest.MonkeyPatch) -> None:
        write_json = MirrorFolder.write_json

        def write(folder: MirrorFolder, name: str, value: Any) -> Any:
            if name.startswith("ia/photos/") and not self.begun.is_set():
                self._wait()
            return write_json(folder, name, value)

        monkeypatch.setattr(MirrorFolder, "write_json", write)

    def _wait(self) -> None:
        self.begun.set()
        assert self.leave.wait(TIMEOUT)
        try:
            with lock_mirror(self._root):
                self.is_locked = False
        except MirrorError:
            self.is_locked = True


def test_cancelled_run_holds_the_lock_until_its_threads_have_ended(
    small_account: Sandbox, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder, held = tmp_path / "mirror", HeldWrite(tmp_path / "mirror")
    held.install(monkeypatch)
    flushing_threads: list[int] = []
    finish = MirrorFolder.finish

    def watch(folder: MirrorFolder) -> None:
        flushing_threads.append(threading.get_ident())
        finish(folder)

    monkeypatch.setattr(MirrorFolder, "finish", watch)

    async def cancel() -> None:
        async with AsyncFlickr(**options_of(small_account)) as flickr:
            task = asyncio.create_task(flickr.downsync(folder, sizes=SIZES))
            assert await asyncio.to_thread(held.begun.wait, TIMEOUT)
            task.cancel()
            for _ in range(STEPS):
                await asyncio.sleep(0)
            held.leave.set()
            with pytest.raises(asyncio.CancelledError):
                await task
            assert held.is_locked
            with lock_mirror(folder):
                at_the_end = read_files(folder, state=True)
        assert threading.get_ident() not in flushing_threads
        del at_the_end[".mirror/holder.json"]
        await asyncio.get_running_loop().shutdown_default_executor()
        assert read_files(folder, state=True) == at_the_end

    run(cancel())
    check_whole(folder)
    check_sums(folder)
    assert Mirroring(small_account, folder).run(sizes=SIZES).is_complete
