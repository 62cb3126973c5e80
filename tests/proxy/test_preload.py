"""An application that gunicorn loads before it forks: workers do not share connections."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import pytest
import requests

from tests.proxy.servers import PATH
from tests.support.account import KEY
from tests.support.repository import ROOT
from tests.support.scripted_server import Pairs, run_script
from tests.support.timeouts import TIMEOUT

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="this system does not fork")
OPTIONS = ["--preload", "--workers", "2", "--bind", "127.0.0.1:0", "--no-control-socket"]
METHOD = "method=flickr.photos.getInfo&format=json&nojsoncallback=1"


@contextmanager
def gunicorn(app: str, base_url: str) -> Iterator[str]:
    """Run a server with two workers; yield its address, without a trailing slash."""
    process = subprocess.Popen(
        [sys.executable, "-m", "gunicorn", *OPTIONS, app],
        cwd=ROOT,
        env={**os.environ, "FLICKR_API_KEY": KEY, "FLICKR_BASE_URL": base_url},
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stderr
    try:
        output = ""
        for line in process.stderr:
            output += line
            if address := re.search(r"Listening at: (\S+)", line):
                yield address[1]
                break
        else:
            raise AssertionError(output)
    finally:
        process.terminate()
        process.communicate(timeout=TIMEOUT)


def test_workers_open_connections_of_their_own() -> None:
    # A worker answers one request at a time, so two that wait for each other are in both workers.
    with (
        run_script(Pairs(alone=2)) as flickr,
        gunicorn("tests.proxy.preloaded:app", flickr.url) as url,
        ThreadPoolExecutor(2) as threads,
    ):
        urls = [f"{url}{PATH}?{METHOD}&photo_id={number}" for number in (2, 3)]
        answers = list(threads.map(lambda one: requests.get(one, timeout=TIMEOUT), urls))
    assert [answer.json() for answer in answers] == [{"stat": "ok"}] * 2
    *before, one, other = (asked.port for asked in flickr.asked)
    assert len({*before, one, other}) == len({*before}) + 2
