"""In every engine, a failed connection, a timeout and an abort have the same errors."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from examples.demo.server import BUNDLES
from tests.support.engines.engine import Engine
from tests.support.scripted_server import Answer, HeldAnswers, ReceivedRequest, run_script

PAGE = Answer(
    b'<!doctype html><title>t</title><script src="/flickrapi.js"></script>',
    headers={"Content-Type": "text/html"},
)
FETCHES = [
    'flickr.photos.search({ text: "x" }, settings)',
    'flickr.upload({ photo: new Blob(["x"]) }, settings)',
]
# By XMLHttpRequest, which has no errors.
WITH_PROGRESS = 'flickr.upload({ photo: new Blob(["x"]) }, { ...settings, onprogress() {} })'
CALLS = [*FETCHES, WITH_PROGRESS]
NO_ANSWER = "no answer"

DESCRIBE = """() => {
  const flickr = new Flickr({ endpoint: "/rest/" });
  const controller = new AbortController();
  const settings = SETTINGS;
  return CALL.catch((error) => error.name == "FlickrError"
    ? [error.message.replace(/^flickr[.]\\w+([.]\\w+)?: /, ""), error.status, error.cause?.name]
    : error.name ?? error);
}"""


class Pages(HeldAnswers):
    """Sends a page with a bundle at once, and holds other answers until `leave` is set."""

    def next(self, asked: ReceivedRequest) -> Answer:
        if asked.path == "/":
            return PAGE
        if asked.path == "/flickrapi.js":
            return Answer((BUNDLES / "flickrapi.js").read_bytes())
        if asked.verb == "GET":
            return Answer(status=404)
        return super().next(asked)


@pytest.fixture
def pages() -> Iterator[Pages]:
    with run_script(Pages()) as script:
        script.leave.set()
        yield script
        script.leave.set()


def describe(engine: Engine, pages: Pages, calls: list[str], settings: str = "{}") -> list[Any]:
    """Make calls, one after the other, and describe how each fails."""
    engine.open(pages.url)
    script = DESCRIBE.replace("SETTINGS", settings)
    return [engine.evaluate(script.replace("CALL", call)) for call in calls]


def test_closed_connection_is_the_cause(engine: Engine, pages: Pages) -> None:
    pages.answers[:] = [Answer(drop=True)]
    assert describe(engine, pages, FETCHES) == [[NO_ANSWER, None, "TypeError"]] * 2


def test_answer_that_breaks_off_has_a_status(engine: Engine, pages: Pages) -> None:
    pages.answers[:] = [Answer(cut=True)]
    failure = ["HTTP 200: not Flickr's answer", 200, "TypeError"]
    assert describe(engine, pages, FETCHES) == [failure] * 2


@pytest.mark.parametrize("answer", [Answer(drop=True), Answer(cut=True)])
def test_upload_with_progress_reports_a_closed_connection(
    engine: Engine, pages: Pages, answer: Answer
) -> None:
    pages.answers[:] = [answer]
    assert describe(engine, pages, [WITH_PROGRESS]) == [[NO_ANSWER, None, None]]


@pytest.mark.parametrize(
    "settings", ["{ timeout: 100 }", "{ timeout: 100, signal: controller.signal }"]
)
def test_timeout_is_the_cause(engine: Engine, pages: Pages, settings: str) -> None:
    pages.leave.clear()
    failure = [NO_ANSWER, None, "TimeoutError"]
    assert describe(engine, pages, CALLS, settings) == [failure] * 3


@pytest.mark.parametrize(
    ("settings", "reason"),
    [
        ("{ signal: AbortSignal.timeout(100), timeout: 60000 }", "TimeoutError"),
        (
            "{ signal: (setTimeout(() => controller.abort(), 100), controller.signal) }",
            "AbortError",
        ),
        (
            "{ signal: (setTimeout(() => controller.abort('mine'), 100), controller.signal) }",
            "mine",
        ),
    ],
)
def test_reason_of_an_aborted_signal_is_thrown(
    engine: Engine, pages: Pages, settings: str, reason: str
) -> None:
    pages.leave.clear()
    assert describe(engine, pages, CALLS, settings) == [reason] * 3


# Meanwhile the page needs so much memory that the browser collects what nothing refers to.
ABORT_LATER = """() => {
  const flickr = new Flickr({ endpoint: "/rest/" });
  const use = setInterval(() => { window.used = Array.from({ length: 1e6 }, Array); }, 10);
  const call = async () => {
    const controller = new AbortController();
    setTimeout(() => controller.abort(), 2000);
    const { signal } = controller;
    await flickr.photos.getInfo({ photo_id: 1 }, { signal, timeout: 60_000 });
  };
  const calls = Array.from({ length: 5 }, () => call().catch((error) => error.name));
  const lost = new Promise((resolve) => setTimeout(resolve, 50_000, "lost"));
  return Promise.race([Promise.all(calls), lost]).finally(() => clearInterval(use));
}"""


def test_abort_is_not_lost_when_memory_is_collected(engine: Engine, pages: Pages) -> None:
    pages.leave.clear()
    engine.open(pages.url)
    assert engine.evaluate(ABORT_LATER) == ["AbortError"] * 5
