"""Run `pyflickr-web serve` in a process."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import IO

from tests.proxy.upstream import KEY, SECRET, TOKEN, TOKEN_SECRET
from tests.support.repository import ROOT
from tests.support.timeouts import TIMEOUT


class ServeProcess:
    """A running server: its address, and after `stop` its output."""

    def __init__(self, process: subprocess.Popen[str], url: str, log: IO[str]) -> None:
        self.process = process
        self.url = url
        self.written = ""
        self._log = log

    def stop(self) -> int:
        self.process.send_signal(signal.SIGTERM)
        out, _ = self.process.communicate(timeout=TIMEOUT)
        self._log.seek(0)
        self.written = out + self._log.read()
        return self.process.returncode


def run_serve(base: str, *words: str, **environment: str) -> AbstractContextManager[ServeProcess]:
    """Run the command in front of Flickr at `base`."""
    return run_program(("-m", "pyflickr_web"), base, *words, **environment)


@contextmanager
def run_program(
    program: tuple[str, str], base: str, *words: str, **environment: str
) -> Iterator[ServeProcess]:
    """Run the command in front of Flickr at `base`, with Python's arguments for a program."""
    options = {
        "FLICKR_API_KEY": KEY, "FLICKR_SECRET": SECRET, "FLICKR_ACCESS_TOKEN": TOKEN,
        "FLICKR_ACCESS_TOKEN_SECRET": TOKEN_SECRET, "FLICKR_BASE_URL": base,
    }  # fmt: skip
    # A file, because a full pipe would block the server.
    with tempfile.TemporaryFile("w+") as log:
        process = subprocess.Popen(
            [sys.executable, *program, "serve", "--port", "0", *words],
            stdout=subprocess.PIPE,
            stderr=log,
            text=True,
            env=os.environ
            | {"PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": "1"}
            | options
            | environment,
        )
        assert process.stdout
        try:
            line = process.stdout.readline()
            found = re.search(r"http://\S+(?=/services/rest/)", line)
            assert found, line
            yield ServeProcess(process, found[0], log)
        finally:
            process.kill()
            process.communicate()
