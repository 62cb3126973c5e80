"""Measure the sandbox beside an empty server: rate, start and memory: `python -m bench.sandbox`."""

from __future__ import annotations

import asyncio
import itertools
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.request import urlopen

import aiohttp

from bench import ROOT
from bench.processes import CORES, most_memory, on_core
from pyflickr_web.commands.stdio import standard_streams

CONNECTIONS = 8
SECONDS = 2.0
WORDS = ("lake", "red panda", "night sky", "golden", "city", "harbour boats")
START, MEMORY = 100_000, 1_000_000
RUNS = 3


def main() -> None:
    """Print the tables."""
    floor = _measure_floor()
    print("\n| the sandbox | | of an empty aiohttp server |\n| --- | --- | --- |")
    print(f"| requests a second to an empty aiohttp server | {floor:,.0f} | 1 |")
    for photos in (500, START):
        rate = _searches(photos)
        what = f"searches a second, {photos:,} photos, 12 a page"
        print(f"| {what} | {rate:,.0f} | {rate / floor:.2f} |")
    print("\n| its start | |\n| --- | --- |")
    taken = statistics.median(_measure_start(START)[0] for _ in range(RUNS))
    print(f"| from the command to the first answer, {START:,} photos | {taken:.2f} s |")
    taken, memory = _measure_start(MEMORY)
    print(f"| the same, {MEMORY:,} photos | {taken:.1f} s |")
    print(f"| most memory by then | {memory / 2**20:,.0f} MB |")


@contextmanager
def _run_sandbox(photos: int) -> Iterator[tuple[subprocess.Popen[str], dict[str, str]]]:
    """Run the command on one core, if possible; yield its process and the variables that it prints."""
    command = [sys.executable, "-m", "pyflickr_web", "sandbox", "--port", "0"]
    command += ["--photos", str(photos)]
    with on_core(CORES[-1]):
        process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)
    assert process.stdout
    with process:
        try:
            lines = (process.stdout.readline().removeprefix("export ") for _ in range(6))
            yield process, dict(line.rstrip("\n").split("=", 1) for line in lines)
        finally:
            process.kill()


def _measure_start(photos: int) -> tuple[float, int]:
    """Return the seconds until a new sandbox answers, and its peak memory in bytes."""
    start = time.perf_counter()
    with _run_sandbox(photos) as (process, variables):
        query = f"method=flickr.test.echo&api_key={variables['FLICKR_API_KEY']}"
        with urlopen(f"{variables['FLICKR_BASE_URL']}/services/rest/?{query}") as answer:
            answer.read()
        taken = time.perf_counter() - start
        return taken, most_memory(process.pid)


def _measure_floor() -> float:
    """Return the requests that an empty server on aiohttp answers in a second, on the same core."""
    command = [sys.executable, "-m", "bench.empty_server"]
    with on_core(CORES[-1]):
        process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)
    assert process.stdout
    with process:
        try:
            return _measure_rate(process.stdout.readline().strip(), "")
        finally:
            process.kill()


def _searches(photos: int) -> float:
    with _run_sandbox(photos) as (_, variables):
        return _measure_rate(variables["FLICKR_BASE_URL"], variables["FLICKR_API_KEY"])


def _measure_rate(url: str, api_key: str) -> float:
    return statistics.median(asyncio.run(_measure(url, api_key)) for _ in range(RUNS))


async def _measure(url: str, api_key: str) -> float:
    address = f"{url}/services/rest/"
    queries = [
        {
            "method": "flickr.photos.search",
            "api_key": api_key,
            "text": word,
            "per_page": "12",
            "extras": "url_n,tags,owner_name",
            "format": "json",
            "nojsoncallback": "1",
        }
        for word in WORDS
    ]
    numbers = itertools.count()

    async def ask(session: aiohttp.ClientSession) -> None:
        query = queries[next(numbers) % len(queries)]
        async with session.get(address, params=query) as response:
            answer = await response.json(content_type=None)
            assert answer["stat"] == "ok", answer

    async def ask_until(session: aiohttp.ClientSession, end: float) -> None:
        while time.perf_counter() < end:
            await ask(session)

    async with aiohttp.ClientSession() as session:
        # The first call loads data that later ones share.
        await ask(session)
        first, start = next(numbers), time.perf_counter()
        end = start + SECONDS
        await asyncio.gather(*(ask_until(session, end) for _ in range(CONNECTIONS)))
        return (next(numbers) - first - 1) / (time.perf_counter() - start)


if __name__ == "__main__":
    with standard_streams():
        main()
