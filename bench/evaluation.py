"""Measure how long Chromium takes to evaluate a bundle and create one instance.

The bundles are evaluated in turn, each time in a new page, without V8's caches or compiled code. The
page is cross-origin isolated, so its clock has a resolution of 5 µs. The time of an empty script is
subtracted before the ratio is computed; all three figures are printed.
"""

from __future__ import annotations

import statistics
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

from bench.browser import launch
from examples.demo.server import Demo, Handler
from flickr_sandbox import Sandbox

RUNS = 25
INSTANCE = "\n;window.made = new Flickr({ api_key: 'k' });"
EVALUATE = """(code) => {
  const run = (text) => {
    const script = document.createElement("script");
    script.text = text;
    const start = performance.now();
    document.head.append(script);
    return performance.now() - start;
  };
  if (!crossOriginIsolated) throw new Error("the clock of this page is too coarse");
  run("window.warm = 1");
  return run(code);
}"""


def main(pairs: list[tuple[str, str]], ours: Path, peer: Path) -> None:
    """Print the table: the median milliseconds of both bundles for each pair of file and name."""
    print("\n| in Chromium, median ms | ours | node-flickrapi | an empty script | times as fast |")
    print("| --- | --- | --- | --- | --- |")
    with sync_playwright() as playwright, _open_isolated_page() as url:
        browser = launch(playwright)
        for file, name in pairs:
            codes = [(folder / file).read_text("utf-8") + INSTANCE for folder in (ours, peer)]
            rows = [[_evaluate(browser, url, code) for code in (*codes, ";")] for _ in range(RUNS)]
            mine, theirs, floor = (statistics.median(column) for column in zip(*rows, strict=True))
            times = (theirs - floor) / (mine - floor)
            print(f"| {name} | {mine:.2f} | {theirs:.2f} | {floor:.2f} | {times:.1f} |")
        browser.close()


def _evaluate(browser: Browser, url: str, code: str) -> float:
    page = browser.new_page()
    page.goto(url)
    taken: float = page.evaluate(EVALUATE, code)
    page.close()
    return taken


@contextmanager
def _open_isolated_page() -> Iterator[str]:
    class Page(Handler):
        policy = {  # noqa: RUF012
            "Cross-Origin-Opener-Policy": "same-origin",
            "Cross-Origin-Embedder-Policy": "require-corp",
        }

        def do_GET(self) -> None:
            self._send(200, "text/html; charset=utf-8", b"<!doctype html><title>bench</title>")

    with Sandbox(photos=0) as sandbox, Demo(sandbox, handler=Page) as demo:
        yield demo.url
