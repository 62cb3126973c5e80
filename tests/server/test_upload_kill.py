"""Test that a batch that is killed and run again uploads each file exactly once."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

from flickr_sandbox import Sandbox
from tests.server.uploads import picture, uploaded_contents, write_pictures
from tests.support.repository import ROOT

BATCH = """
import sys
from pathlib import Path
from pyflickr_web import Flickr
from pyflickr_web.errors import UploadError

paths = sorted(Path(sys.argv[1]).glob("*.jpg"))
with Flickr() as flickr:
    print("begin", flush=True)
    try:
        flickr.upload(
            photos=[{"photo": path} for path in paths], journal=sys.argv[2], dedupe=True,
            workers=int(sys.argv[3]), resend_after=0,
            on_event=lambda event: print(type(event).__name__, flush=True),
        )
    except UploadError as error:
        sys.exit(str(error))
"""


def run_batch(sandbox: Sandbox, folder: Path, journal: Path, workers: int, kill_at: int) -> int:
    """Run a batch in a process; kill it after `kill_at` events; return its status."""
    command = [sys.executable, "-c", BATCH, str(folder), str(journal), str(workers)]
    with subprocess.Popen(
        command, cwd=ROOT, env=os.environ | sandbox.environ, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout
        for count, _ in enumerate(process.stdout):
            if count == kill_at:
                process.kill()
    return process.returncode


def kill_and_resume(sandbox: Sandbox, folder: Path, kills: Sequence[int]) -> None:
    """Kill a batch at each of these events; in the end each file is uploaded exactly once."""
    write_pictures(folder, 12)
    journal = folder / "journal"
    for number, event in enumerate(kills):
        run_batch(sandbox, folder, journal, 1 + number % 3, event)
    assert run_batch(sandbox, folder, journal, 2, 10**9) == 0
    assert sorted(uploaded_contents(sandbox)) == sorted(picture(number) for number in range(12))


def test_batch_that_is_killed_uploads_each_file_once(sandbox: Sandbox, tmp_path: Path) -> None:
    kill_and_resume(sandbox, tmp_path, range(3, 33, 3))


@pytest.mark.soak
@pytest.mark.parametrize("first", range(20))
def test_batch_that_is_killed_at_any_event_uploads_each_file_once(
    sandbox: Sandbox, tmp_path: Path, first: int
) -> None:
    kill_and_resume(sandbox, tmp_path, range(2 + first, 22 + first, 2))
