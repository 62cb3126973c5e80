"""Compare the verification of a mirror with `sha256sum -c`: `python -m bench.verify [PHOTOS]`.

Both read the same files, in the cache of the system, in turns: eight sizes of each photo, an original of
4 MB, and three JSON files. The verification also parses the metadata, and compares it with the files.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

from pyflickr_web.commands.stdio import standard_streams
from pyflickr_web.mirror.layout import CHECKSUMS, NODE_SIZES, Tree
from pyflickr_web.mirror.verify import verify_mirror

PHOTOS = 150
ROUNDS = 5
# Typical bytes of sizes by Flickr's suffix.
SIZES = {
    "o": 4_000_000,
    "b": 250_000,
    "c": 150_000,
    "z": 100_000,
    "m": 20_000,
    "t": 8_000,
    "q": 12_000,
    "s": 5_000,
}
_TREE = Tree()


def write_mirror(folder: Path, photos: int, sizes: dict[str, int]) -> int:
    """Write a mirror with random pictures, and return the number of its files."""
    lines = {}
    for photo_id in map(str, range(53_000_000_000, 53_000_000_000 + photos)):
        info = {"id": photo_id, "title": {"_content": "Fox"}, "notes": "x" * 2000}
        info["sizes"] = [size for size in NODE_SIZES if size in sizes]
        files = {
            _TREE.document("photo", photo_id): json.dumps(info, indent=2).encode(),
            _TREE.document("comments", photo_id): json.dumps({"photo_id": photo_id}).encode(),
            _TREE.document("contexts", photo_id): json.dumps({"set": []}).encode(),
        }
        for size, length in sizes.items():
            files[_TREE.picture(photo_id, size, "jpg")] = os.urandom(length)
        for name, content in files.items():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_bytes(content)
            lines[name] = hashlib.sha256(content).hexdigest()
    text = "".join(f"{lines[name]}  {name}\n" for name in sorted(lines))
    (folder / CHECKSUMS).write_text(text)
    return len(lines)


def check_with_sha256sum(folder: Path) -> None:
    """Check all files with the system's program."""
    subprocess.run(["sha256sum", "--check", "--quiet", CHECKSUMS], cwd=folder, check=True)


def check_with_workers(workers: int) -> Callable[[Path], None]:
    """Return a function that verifies a mirror with some threads."""

    def check(folder: Path) -> None:
        report = verify_mirror(folder, workers=workers)
        if not report.is_intact:
            raise RuntimeError(f"the mirror is not intact: {report.summarize()}")

    return check


CHECKERS: dict[str, Callable[[Path], None]] = {
    "`sha256sum -c`": check_with_sha256sum,
    "verify, 1 worker": check_with_workers(1),
    "verify, 2 workers": check_with_workers(2),
}


def compare(title: str, photos: int, sizes: dict[str, int]) -> None:
    """Measure all programs over one mirror, in turns, and print a table."""
    seconds: dict[str, list[float]] = {name: [] for name in CHECKERS}
    with TemporaryDirectory() as temporary:
        folder = Path(temporary)
        files = write_mirror(folder, photos, sizes)
        for _ in range(ROUNDS):
            for name, check in CHECKERS.items():
                start = time.perf_counter()
                check(folder)
                seconds[name].append(time.perf_counter() - start)
    total = photos * sum(sizes.values())
    print(f"\n{title}: {files:,} files, {total / 1e6:,.0f} MB, the median of {ROUNDS} rounds:\n")
    print("| program | seconds | MB a second | files a second | times as fast as `sha256sum` |")
    print("| --- | --- | --- | --- | --- |")
    floor = statistics.median(seconds["`sha256sum -c`"])
    for name, times in seconds.items():
        median = statistics.median(times)
        rates = f"{total / median / 1e6:,.0f} | {files / median:,.0f}"
        print(f"| {name} | {median:.2f} | {rates} | {floor / median:.2f} |")


def main(photos: int = PHOTOS) -> None:
    if not shutil.which("sha256sum"):
        print("\n`sha256sum` is missing on this machine: nothing to compare with.")
        return
    compare("All sizes", photos, SIZES)
    small = {size: length for size, length in SIZES.items() if size not in "obcz"}
    compare("Small sizes and metadata alone", photos * 10, small)


if __name__ == "__main__":
    with standard_streams():
        main(*map(int, sys.argv[1:]))
