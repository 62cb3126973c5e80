"""Compare the server client with flickrapi, flickr_api and bare requests: `python -m bench.client`.

All of them call one server on this machine, in one run.
"""

from __future__ import annotations

import asyncio
import statistics
import subprocess
import sys
import time
from collections.abc import Callable

import requests

from bench.floor import serve
from pyflickr_web import AsyncFlickr, Flickr
from pyflickr_web.commands.stdio import standard_streams

KEY = "0" * 32
IMPORTS = {
    "an empty Python": "pass",
    "import pyflickr_web": "import pyflickr_web",
    "from pyflickr_web import Flickr": "from pyflickr_web import Flickr",
    "Flickr and a first call": (
        f"from pyflickr_web import Flickr\nFlickr(api_key='{KEY}', base_url='@SERVER@').test.echo()"
    ),
    "import flickrapi": "import flickrapi",
    "flickrapi and a first call": (
        "import flickrapi\n"
        "flickrapi.FlickrAPI.REST_URL = '@SERVER@/services/rest/'\n"
        f"f = flickrapi.FlickrAPI('{KEY}', 's', format='parsed-json', store_token=False)\n"
        "f.test.echo()"
    ),
    "import flickr_api": "import flickr_api",
}
PROCESSES = 15
CALLS = 300
ROUNDS = 7
CONCURRENT = 500


def print_imports(url: str) -> None:
    """Print the milliseconds of whole processes, minus those of a process that does nothing."""
    print("\n| whole process | ms over an empty Python |\n| --- | --- |")
    codes = {name: code.replace("@SERVER@", url) for name, code in IMPORTS.items()}
    seconds: dict[str, list[float]] = {name: [] for name in codes}
    for _ in range(PROCESSES):
        for name, code in codes.items():
            start = time.perf_counter()
            done = subprocess.run([sys.executable, "-c", code], check=False, capture_output=True)
            if done.returncode == 0:
                seconds[name].append(time.perf_counter() - start)
    floor = statistics.median(seconds.pop("an empty Python"))
    for name, times in seconds.items():
        cell = f"{(statistics.median(times) - floor) * 1000:.0f}" if times else "fails"
        print(f"| {name} | {cell} |")


def print_calls(url: str) -> None:
    """Print the microseconds of a call over one connection, and the ratio to bare requests."""
    import flickrapi

    session = requests.Session()
    query = {
        "method": "flickr.test.echo",
        "api_key": KEY,
        "format": "json",
        "nojsoncallback": "1",
    }
    flickr = Flickr(api_key=KEY, base_url=url)
    flickrapi.FlickrAPI.REST_URL = url + "/services/rest/"
    theirs = flickrapi.FlickrAPI(KEY, "s", format="parsed-json", store_token=False)
    ways: dict[str, Callable[[], object]] = {
        "bare requests": lambda: session.get(
            url + "/services/rest/", params=query, timeout=9
        ).json(),
        "pyflickr_web": lambda: flickr.test.echo(),
        "flickrapi": lambda: theirs.test.echo(),
    }
    seconds: dict[str, list[float]] = {name: [] for name in ways}
    for _ in range(ROUNDS):
        for name, way in ways.items():
            seconds[name].append(_seconds_per_call(way))
    floor = statistics.median(seconds["bare requests"])
    print("\n| a call | microseconds | of bare requests |\n| --- | --- | --- |")
    for name, times in seconds.items():
        median = statistics.median(times)
        print(f"| {name} | {median * 1e6:.0f} | {median / floor:.2f} |")


def _seconds_per_call(way: Callable[[], object]) -> float:
    way()
    start = time.perf_counter()
    for _ in range(CALLS):
        way()
    return (time.perf_counter() - start) / CALLS


def print_concurrent_calls(url: str) -> None:
    """Print the time of 500 concurrent calls on one event loop."""

    async def call_all() -> float:
        async with AsyncFlickr(api_key=KEY, base_url=url) as flickr:
            await flickr.test.echo()
            start = time.perf_counter()
            answers = await asyncio.gather(*(flickr.test.echo() for _ in range(CONCURRENT)))
            assert len(answers) == CONCURRENT
            return time.perf_counter() - start

    seconds = statistics.median(asyncio.run(call_all()) for _ in range(ROUNDS))
    print(f"\n{CONCURRENT} calls in flight: {seconds:.2f} s, {CONCURRENT / seconds:,.0f} a second")


def main() -> int:
    with serve() as url:
        print_imports(url)
        print_calls(url)
        print_concurrent_calls(url)
    return 0


if __name__ == "__main__":
    with standard_streams():
        sys.exit(main())
