"""Compare mirrors with node-flickrapi's and others: `python -m bench.mirror [PHOTOS]`.

Each mirrors the same account in a process of its own, to a new folder, from a new sandbox that answers
after 20 ms. `downsync` keeps no pace against a sandbox. The peers know only Flickr's hosts: they reach
the sandbox through its proxy, with TLS. node-flickrapi has the reflection from an earlier run.
Then `bench.mirrors.large` measures large accounts.
"""

from __future__ import annotations

import statistics
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from bench.mirrors import large
from bench.mirrors.account import open_account
from bench.mirrors.peers import (
    MIRRORS,
    PEER,
    Mirror,
    Programs,
    find_programs,
    make_environment,
)
from flickr_sandbox import Sandbox
from pyflickr_web.commands.stdio import standard_streams

PHOTOS = 500
LATENCY = 0.02
FILES = "files"


@dataclass(frozen=True, slots=True)
class Figures:
    """A run: its seconds, and the calls and files that the sandbox answered."""

    seconds: float
    calls: int
    files: int


def main(photos: int = PHOTOS) -> None:
    """Print the tables."""
    programs = find_programs()
    print(f"\nA mirror of {photos} photos, answers after {LATENCY * 1000:.0f} ms:\n")
    print("| mirror | calls | files | seconds | times as fast as node-flickrapi |")
    print("| --- | --- | --- | --- | --- |")
    floor = 0.0
    for mirror in MIRRORS:
        figures = [measure(mirror, programs, photos) for _ in range(mirror.rounds)]
        seconds = statistics.median(each.seconds for each in figures)
        floor = seconds if mirror is PEER else floor
        times = "| | |" if mirror.has_pauses else f"| {seconds:.1f} | {floor / seconds:.1f} |"
        print(f"| {mirror.name} | {figures[0].calls:,} | {figures[0].files:,} {times}", flush=True)
    large.main()


def measure(mirror: Mirror, programs: Programs, photos: int) -> Figures:
    """Run a mirror. Raises `RuntimeError` if it fails, or fetches fewer files than there are photos."""
    with TemporaryDirectory() as folder, open_account(photos, LATENCY) as sandbox:
        home = Path(folder)
        if mirror is PEER:
            _cache_reflection(programs, home)
        command = mirror.prepare(programs, sandbox, home)
        seconds = _run(mirror, command, sandbox, home)
        calls = sandbox.calls
    files = calls.pop(FILES, 0)
    if files < photos:
        raise RuntimeError(f"{mirror.name} fetched {files} files of {photos} photos")
    return Figures(seconds, calls.total(), files)


def _run(mirror: Mirror, command: list[str], sandbox: Sandbox, home: Path) -> float:
    """Run a command, and return its seconds."""
    environment = make_environment(mirror, sandbox, home)
    start = time.perf_counter()
    done = subprocess.run(
        command,
        cwd=home,
        env=environment,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        encoding="utf-8",
        errors="replace",
        check=False,
    )
    seconds = time.perf_counter() - start
    if done.returncode:
        raise RuntimeError(f"{mirror.name}: {done.stderr[-2000:]}")
    return seconds


def _cache_reflection(programs: Programs, home: Path) -> None:
    """Run node-flickrapi with an empty account, so that the folder has its copy of the reflection."""
    with Sandbox(photos=0, intercept=True) as sandbox:
        _run(PEER, PEER.prepare(programs, sandbox, home), sandbox, home)


if __name__ == "__main__":
    with standard_streams():
        main(*map(int, sys.argv[1:]))
