"""Run all benchmarks and print their tables (`make bench`)."""

from __future__ import annotations

import gzip
import json
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory

import brotli

from bench import (
    ROOT,
    client,
    compilation,
    evaluation,
    mirror,
    mirror_load,
    proxy,
    python,
    sandbox,
    upload,
    verify,
)
from compiler.reflect.fetch import FetchOptions, fetch
from flickr_sandbox import Fault, Sandbox
from pyflickr_web.commands.stdio import standard_streams

PEER = ROOT / "node_modules/flickrapi/browser"
OURS = ROOT / "browser_dist"
PAIRS = [("flickrapi.js", "production"), ("flickrapi.dev.js", "development")]
ANSWER_TIME = 0.05


def print_sizes() -> None:
    """Print the sizes of the bundles in bytes: raw, gzip -9, brotli."""
    print("| bundle | ours: raw / gzip / brotli | node-flickrapi |\n| --- | --- | --- |")
    for file, name in PAIRS:
        print(f"| {name} | {_size(OURS / file)} | {_size(PEER / file)} |")
    for file, name in (("pyflickr_web.py", "production"), ("pyflickr_web.dev.py", "development")):
        print(f"| {name}, Python | {_size(OURS / file)} | |")


def _size(file: Path) -> str:
    data = file.read_bytes()
    figures = (len(data), len(gzip.compress(data, 9, mtime=0)), len(brotli.compress(data)))
    return " / ".join(f"{figure:,}" for figure in figures)


def measure_fetch(folder: Path) -> None:
    """Measure a fetch of all methods from a server that takes 50 ms for each answer."""
    with Sandbox(photos=0) as flickr:
        flickr.faults.add(Fault("latency", seconds=ANSWER_TIME))
        start = time.perf_counter()
        report = fetch(FetchOptions(flickr.account.api_key, folder, flickr.url, progress=False))
        taken = time.perf_counter() - start
    one_by_one = (report.total + 1) * ANSWER_TIME
    print(
        f"\n`fetch` of {report.total} methods at 50 ms a call: {taken:.1f} s; "
        f"sequential calls take at least {one_by_one:.1f} s: {one_by_one / taken:.1f} times"
    )


def main() -> int:
    version = json.loads((PEER.parent / "package.json").read_text("utf-8"))["version"]
    print(f"Compared with node-flickrapi {version}, on one machine, in one run.\n")
    print_sizes()
    evaluation.main(PAIRS, OURS, PEER)
    with TemporaryDirectory() as folder:
        compilation.main(Path(folder) / "builds")
        measure_fetch(Path(folder) / "reflection")
    python.main()
    client.main()
    sandbox.main()
    proxy.main()
    upload.main()
    mirror.main()
    mirror_load.main()
    verify.main()
    return 0


if __name__ == "__main__":
    with standard_streams():
        sys.exit(main())
