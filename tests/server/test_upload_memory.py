"""Test that a large file is streamed: it takes little memory, in threads and in tasks."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.server.sink import serve_sink
from tests.support.repository import ROOT

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="peaks are read from /proc")
MEGABYTE = 1024 * 1024
# The growth of a client's process at most, in kB.
MOST = 50_000

UPLOAD = """
import asyncio, sys
from pathlib import Path
from pyflickr_web import AsyncFlickr, Flickr

def peak():
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM"))

kind, url, small, large, dedupe = sys.argv[1:]
options = {"api_key": "k" * 32, "secret": "s", "access_token": "t", "access_token_secret": "u"}
options["base_url"] = url

async def upload():
    async with AsyncFlickr(**options) as flickr:
        await flickr.upload(photo=small, dedupe=bool(dedupe))
        before = peak()
        await flickr.upload(photo=large, dedupe=bool(dedupe))
        print(peak() - before)

if kind == "tasks":
    asyncio.run(upload())
else:
    with Flickr(**options) as flickr:
        flickr.upload(photo=small, dedupe=bool(dedupe))
        before = peak()
        flickr.upload(photo=large, dedupe=bool(dedupe))
        print(peak() - before)
"""


def measure_growth(folder: Path, kind: str, size: int, dedupe: bool) -> int:
    """Return the growth in kB of a process that uploads a file of `size` bytes."""
    small, large = folder / "small.mp4", folder / "large.mp4"
    small.write_bytes(b"x")
    with large.open("wb") as file:
        # A sparse file takes no space on the disk.
        file.truncate(size)
    with serve_sink() as sink:
        files = [str(small), str(large)]
        command = [sys.executable, "-c", UPLOAD, kind, sink.url, *files, "1" * dedupe]
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert sink.received > size
    return int(done.stdout)


@pytest.mark.parametrize("kind", ["threads", "tasks"])
def test_file_is_never_in_memory(kind: str, tmp_path: Path) -> None:
    assert measure_growth(tmp_path, kind, 120 * MEGABYTE, dedupe=False) < MOST


@pytest.mark.soak
@pytest.mark.parametrize("kind", ["threads", "tasks"])
@pytest.mark.parametrize("dedupe", [False, True])
def test_largest_video_is_never_in_memory(kind: str, tmp_path: Path, dedupe: bool) -> None:
    assert measure_growth(tmp_path, kind, 1024 * MEGABYTE, dedupe) < MOST
