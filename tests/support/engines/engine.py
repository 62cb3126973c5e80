"""A page in a browser engine, as tests see it: opened, evaluated, given a file."""

from __future__ import annotations

import json
import os
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any, Protocol

from playwright.sync_api import Page

# In milliseconds; drivers have limits of their own.
PATIENCE = 120_000
WAIT_FOR = """(name) => new Promise((done) => {
  if (name in window) return done();
  const set = (value) => {
    Object.defineProperty(window, name, { value, writable: true });
    done();
  };
  Object.defineProperty(window, name, { configurable: true, set });
})"""


class Engine(Protocol):
    """A page in a browser: of Chromium, Firefox or WebKit."""

    def open(self, url: str) -> None:
        """Open an address; return once the page is loaded."""

    def evaluate(self, code: str, value: Any = None) -> Any:
        """Call a JavaScript function in the page, with a value; return its (promise's) result."""

    def wait_for(self, name: str) -> None:
        """Wait until the page sets a global; WebKit's driver does not wait for modules."""

    def set_file(self, selector: str, path: Path) -> None:
        """Choose a file in an `<input type="file">`."""


def read_report(engine: Engine) -> str:
    """Wait until the page sets `window.report`, and return it."""
    engine.wait_for("report")
    return str(engine.evaluate("() => window.report"))


class Chromium:
    """A page in Chromium, opened by Playwright."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def open(self, url: str) -> None:
        self.page.goto(url)

    def evaluate(self, code: str, value: Any = None) -> Any:
        return self.page.evaluate(code, value)

    def wait_for(self, name: str) -> None:
        self.page.wait_for_function("(name) => name in window", arg=name, timeout=PATIENCE)

    def set_file(self, selector: str, path: Path) -> None:
        self.page.locator(selector).set_input_files(path)


class Driven:
    """A page in a browser behind a driver: a program that answers a line of JSON with a line."""

    def __init__(self, commands: IO[str], answers: IO[str]) -> None:
        self._commands = commands
        self._answers = answers

    def open(self, url: str) -> None:
        self._ask("open", url)

    def evaluate(self, code: str, value: Any = None) -> Any:
        return self._ask("evaluate", code, value)

    def wait_for(self, name: str) -> None:
        self.evaluate(WAIT_FOR, name)

    def set_file(self, selector: str, path: Path) -> None:
        self._ask("setFile", selector, str(path))

    def reset(self) -> None:
        """Open an empty page, without cookies of earlier ones."""
        self._ask("reset")

    def version(self) -> str:
        """Return the browser's name and version, such as `firefox/140.5.0`."""
        return str(self._ask("version"))

    def _ask(self, name: str, *values: Any) -> Any:
        print(json.dumps([name, *values]), file=self._commands, flush=True)
        line = self._answers.readline()
        assert line, "the driver of the browser has ended"
        answer = json.loads(line)
        assert "error" not in answer, answer["error"]
        return answer["result"]


@contextmanager
def start(command: Sequence[str | Path]) -> Iterator[Driven]:
    """Start a driver and its browser, with a home of their own; both end with the block."""
    with tempfile.TemporaryDirectory(prefix="engine", ignore_cleanup_errors=True) as home:
        environment = {
            name: text for name, text in os.environ.items() if not name.startswith("XDG_")
        }
        environment |= {"HOME": home, "TMPDIR": home}
        with subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=environment
        ) as driver:
            assert driver.stdin and driver.stdout
            try:
                yield Driven(driver.stdin, driver.stdout)
            finally:
                # The end of its input also ends it if the tests are killed.
                driver.stdin.close()
                driver.wait(60)
