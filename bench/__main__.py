"""`make bench`: the bundles beside node-flickrapi's, and the sandbox, as tables."""

from __future__ import annotations

import gzip
import json
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

import brotli
from playwright.sync_api import sync_playwright

from bench import python, sandbox
from compiler.fetch import FetchOptions, fetch
from compiler.parse import read_snapshot
from tests.chromium import find
from tests.compiler.reflection_server import KEY, Script, serve
from tests.conftest import CONFIG, ROOT

PEER = ROOT / "node_modules/flickrapi/browser"
OURS = ROOT / "browser_dist"
PAIRS = [("flickrapi.js", "production"), ("flickrapi.dev.js", "development")]
RUNS = 15
ANSWER_TIME = 0.05
EVALUATE = """(code) => {
  const run = (text) => {
    const script = document.createElement("script");
    script.text = text;
    const start = performance.now();
    document.head.append(script);
    return performance.now() - start;
  };
  run("window.warm = 1");
  return run(code + ";window.made = new Flickr({api_key: 'k'})");
}"""


def sizes() -> None:
    """Bytes of both bundles: as they are, gzip -9, brotli."""
    print("| bundle | ours: raw / gzip / brotli | node-flickrapi |\n| --- | --- | --- |")
    for file, name in PAIRS:
        print(f"| {name} | {_size(OURS / file)} | {_size(PEER / file)} |")
    for file, name in (("pyflickr_web.py", "production"), ("pyflickr_web.dev.py", "development")):
        print(f"| {name}, Python | {_size(OURS / file)} | |")


def _size(file: Path) -> str:
    data = file.read_bytes()
    figures = (len(data), len(gzip.compress(data, 9, mtime=0)), len(brotli.compress(data)))
    return " / ".join(f"{figure:,}" for figure in figures)


def evaluation() -> None:
    """Milliseconds to evaluate a bundle and make one instance, each in a fresh page."""
    print("\n| in Chromium, median ms | ours | node-flickrapi | times as fast | an empty class |")
    print("| --- | --- | --- | --- | --- |")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find(), args=CONFIG["LAUNCH_ARGS"])

        def evaluate(code: str) -> float:
            page = browser.new_page()
            taken: float = page.evaluate(EVALUATE, code)
            page.close()
            return taken

        for file, name in PAIRS:
            codes = ((folder / file).read_text("utf-8") for folder in (OURS, PEER))
            ours, peer = _paired(*(partial(evaluate, code) for code in codes))
            floor = statistics.median(evaluate("class Flickr {}") for _ in range(RUNS))
            print(f"| {name} | {ours:.2f} | {peer:.2f} | {peer / ours:.1f} | {floor:.2f} |")
        browser.close()


def compilation(folder: Path) -> None:
    """Seconds of `compiler dev`, as a whole process."""

    def build() -> float:
        start = time.perf_counter()
        command = [sys.executable, "-m", "compiler", "dev", "--out", str(folder)]
        subprocess.run(command, check=True, cwd=ROOT, stdout=subprocess.DEVNULL)
        return time.perf_counter() - start

    build()
    print(f"\n`python -m compiler dev`: {statistics.median(build() for _ in range(5)):.2f} s")


def fetching(folder: Path) -> None:
    """Seconds to fetch all methods from a server that takes 50 ms for each answer."""
    names = [method.name for method in read_snapshot().methods]
    script = Script(names, before=lambda _: time.sleep(ANSWER_TIME))
    with serve(script):
        start = time.perf_counter()
        fetch(FetchOptions(KEY, folder, script.url, progress=False))
        taken = time.perf_counter() - start
    one_by_one = (len(names) + 1) * ANSWER_TIME
    print(
        f"\n`fetch` of {len(names)} methods at 50 ms a call: {taken:.1f} s; "
        f"one call after the other takes at least {one_by_one:.1f} s: {one_by_one / taken:.1f} times"
    )


def _paired(ours: Callable[[], float], peer: Callable[[], float]) -> tuple[float, float]:
    ours(), peer()
    pairs = [(ours(), peer()) for _ in range(RUNS)]
    return statistics.median(p[0] for p in pairs), statistics.median(p[1] for p in pairs)


def main() -> int:
    version = json.loads((PEER.parent / "package.json").read_text("utf-8"))["version"]
    print(f"Beside node-flickrapi {version}; one machine, one run.\n")
    sizes()
    evaluation()
    with TemporaryDirectory() as folder:
        compilation(Path(folder) / "out")
        fetching(Path(folder) / "reflection")
    python.main()
    sandbox.main()
    return 0


if __name__ == "__main__":
    sys.exit(main())
