"""Test that one process writes to a mirror at a time, and that others learn which one."""

from __future__ import annotations

import os
import platform
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from pyflickr_web.errors import FileError, MirrorError
from pyflickr_web.mirror.files.lock import HOLDER, lock_mirror
from tests.support.repository import ROOT

HOLD = """
import sys
from pathlib import Path
from pyflickr_web.mirror.files.lock import lock_mirror
with lock_mirror(Path(sys.argv[1])):
    print("locked", flush=True)
    sys.stdin.read()
"""


def start_holder(root: Path) -> subprocess.Popen[str]:
    """Start a process that holds the lock."""
    command = [sys.executable, "-c", HOLD, str(root)]
    pipe = subprocess.PIPE
    process = subprocess.Popen(command, cwd=ROOT, stdin=pipe, stdout=pipe, text=True)
    assert process.stdout and process.stdout.readline() == "locked\n"
    return process


def test_second_process_learns_the_holder_and_may_lock_after_it(tmp_path: Path) -> None:
    with start_holder(tmp_path) as process:
        expected = f"in use by process {process.pid} on {platform.node()!r} since 20.*: wait until"
        with pytest.raises(MirrorError, match=expected), lock_mirror(tmp_path):
            pytest.fail("locked twice")
        process.communicate("")
    with lock_mirror(tmp_path):
        assert (tmp_path / HOLDER).exists()
    assert not (tmp_path / HOLDER).exists()


def test_killed_process_leaves_no_lock(tmp_path: Path) -> None:
    with start_holder(tmp_path) as process:
        os.kill(process.pid, signal.SIGKILL)
        process.wait()
    with lock_mirror(tmp_path):
        assert (tmp_path / HOLDER).exists()


@pytest.mark.parametrize("holder", ["{", '{"pid": {}, "host": 5}', '{"pid": true, "since": []}'])
def test_same_process_cannot_lock_twice(tmp_path: Path, holder: str) -> None:
    with lock_mirror(tmp_path):
        (tmp_path / HOLDER).write_text(holder)
        with (
            pytest.raises(MirrorError, match="in use by another process: wait"),
            lock_mirror(tmp_path),
        ):
            pytest.fail("locked twice")


def test_folder_that_cannot_be_made_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(FileError, match=r"mirror: .*file"), lock_mirror(tmp_path / "file"):
        pytest.fail("locked a file")
