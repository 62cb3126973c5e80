"""Compare uploads with flickrapi's and flickr-uploader's: `python -m bench.upload [FILES]`.

Each uploads 200 files of 100 kB, in a process of its own, to a new sandbox that answers after 50 ms. The
processes of flickr-uploader share one connection: with more than one it is slow, and may fail.
"""

from __future__ import annotations

import logging
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

from bench import ROOT
from flickr_sandbox import Fault, Sandbox
from pyflickr_web.commands.stdio import standard_streams

FILES, SIZE = 200, 100_000
LATENCY = 0.05
ROUNDS = 3
PEER = "flickr-uploader==2.8.7"
# Installed without its dependencies, which the development environment has.
PEER_FOLDER = ROOT / ".venv" / PEER.replace("==", "-")
PEERS = "bench.uploaders"
# The command of an uploader, from the folder of the files and a folder for its state.
Command = Callable[[Path, Path], list[str]]
LIBRARY = """
import sys
from pathlib import Path
from pyflickr_web import Flickr

with Flickr() as flickr:
    flickr.upload(photos=[{"photo": path} for path in Path(sys.argv[1]).iterdir()], workers=4)
"""


def _ours(workers: int) -> Command:
    return lambda files, state: [
        "-m", "pyflickr_web", "upload", str(files), "--workers", str(workers)
    ]  # fmt: skip


def _flickr_uploader(processes: int) -> Command:
    program = str(PEER_FOLDER / "bin/uploadr.py")
    return lambda files, state: [
        "-m", f"{PEERS}.flickr_uploader_peer", program, str(files), str(state), str(processes)
    ]  # fmt: skip


UPLOADERS: dict[str, Command] = {
    "flickrapi": lambda files, state: ["-m", f"{PEERS}.flickrapi_peer", str(files), str(state)],
    "flickr-uploader": _flickr_uploader(1),
    "flickr-uploader, 4 processes": _flickr_uploader(4),
    "`pyflickr-web upload`": _ours(1),
    "`pyflickr-web upload --workers 4`": _ours(4),
    "`flickr.upload(…, workers=4)`": lambda files, state: ["-c", LIBRARY, str(files)],
}


def install_peer() -> None:
    """Install flickr-uploader into a folder of its own."""
    if not PEER_FOLDER.exists():
        install = ["-m", "pip", "install", "--quiet", "--no-deps", "--target", str(PEER_FOLDER)]
        subprocess.run([sys.executable, *install, PEER], check=True)


def write_files(folder: Path, count: int) -> None:
    """Write small pictures, each padded to 100 kB with random bytes of its own."""
    from PIL import Image

    for number in range(count):
        path = folder / f"{number:04}.jpg"
        Image.new("RGB", (64, 64), (number % 256, number // 256, 0)).save(path)
        with path.open("ab") as file:
            file.write(os.urandom(SIZE - path.stat().st_size))


def measure(command: Command, files: Path, count: int) -> float | None:
    """Return the seconds of an uploader's process; None if it did not upload every file once."""
    with Sandbox(photos=0) as flickr, TemporaryDirectory() as state:
        flickr.faults.add(Fault("latency", seconds=LATENCY), where="all")
        environment = os.environ | flickr.environ | {"XDG_STATE_HOME": state}
        words = [sys.executable, *command(files, Path(state))]
        start = time.perf_counter()
        subprocess.run(words, cwd=ROOT, env=environment, check=False, capture_output=True)
        seconds = time.perf_counter() - start
        uploaded = flickr.store.value("SELECT count(*) FROM photos WHERE file IS NOT NULL")
        return seconds if uploaded == count else None


def main(count: int = FILES) -> None:
    install_peer()
    # The sandbox reports the requests that processes mix on a shared connection.
    logging.getLogger("aiohttp.server").setLevel(logging.CRITICAL)
    times: dict[str, list[float | None]] = {name: [] for name in UPLOADERS}
    with TemporaryDirectory() as folder:
        files = Path(folder)
        write_files(files, count)
        for _ in range(ROUNDS):
            for name, command in UPLOADERS.items():
                times[name].append(measure(command, files, count))
    print(f"\n{count} files of {SIZE // 1000} kB, answers after {LATENCY * 1000:.0f} ms:\n")
    print("| uploader | seconds | files a second | times as fast as flickrapi |")
    print("| --- | --- | --- | --- |")
    floor = _median(times["flickrapi"])
    for name, seconds in times.items():
        median = _median(seconds)
        if median is None:
            print(f"| {name} | fails | | |")
        else:
            ratio = f"{floor / median:.2f}" if floor else ""
            print(f"| {name} | {median:.1f} | {count / median:.1f} | {ratio} |")


def _median(seconds: list[float | None]) -> float | None:
    """Return the median of the rounds; None if one failed."""
    complete = [each for each in seconds if each is not None]
    return statistics.median(complete) if len(complete) == len(seconds) else None


if __name__ == "__main__":
    with standard_streams():
        main(*map(int, sys.argv[1:]))
