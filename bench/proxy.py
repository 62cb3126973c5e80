"""Compare the proxy with node-flickrapi's and a minimal pass-through: `python -m bench.proxy`.

They run in turn, each alone on one core; load and upstream run on another core.
"""

from __future__ import annotations

import json
import os
import re
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from bench import ROOT, load
from bench.compilation import write_cache
from bench.floor import serve
from bench.processes import CORES, most_memory, on_core, seconds_of
from pyflickr_web.commands.stdio import standard_streams

PATH = "/services/rest/"
CONNECTIONS = 32
SECONDS = 2.0
ROUNDS = 7
HELD, REQUESTS = 1000, 10_000
# Requests until caches are full and memory is stable.
WARMING = 8000
# The end of the line that each of them prints when it listens.
PORT = re.compile(r"(?:127\.0\.0\.1:|^)(\d+)")
PHOTO = {
    "id": "53000000001", "owner": "12345678@N00", "secret": "abcdef1234", "server": "65535",
    "farm": 66, "title": "A red panda in the tree", "ispublic": 1, "isfriend": 0, "isfamily": 0,
    "url_n": "https://live.staticflickr.com/65535/53000000001_abcdef1234_n.jpg",
    "height_n": 240, "width_n": 320,
}  # fmt: skip
ANSWER = {"photos": {"page": 1, "pages": 10, "photo": [PHOTO] * 17}, "stat": "ok"}
Calls = Callable[[str], Iterator[bytes]]


@dataclass(frozen=True, slots=True)
class Contender:
    """A proxy: its command, and the calls it gets. It reads the upstream from FLICKR_BASE_URL."""

    name: str
    command: list[str]
    calls: Calls


@dataclass(frozen=True, slots=True)
class Figures:
    """The figures of one round; times in milliseconds, memory in bytes."""

    rate: float
    p50: float
    p99: float
    cpu: float
    memory: int


OURS = [sys.executable, "-m", "pyflickr_web", "serve", "--port", "0"]
PEER = ["node", str(ROOT / "bench/proxied/express.cjs")]
CONTENDERS = [
    Contender("node-flickrapi's proxy in express", PEER, load.different),
    Contender("`pyflickr-web serve`, nothing cached", OURS, load.different),
    Contender("the same, cached", OURS, load.same),
    Contender(
        "a minimal pass-through on aiohttp",
        [sys.executable, "-m", "bench.proxied.pass_through"],
        load.different,
    ),
]


def main() -> None:
    """Print the tables."""
    body = json.dumps(ANSWER, separators=(",", ":")).encode()
    figures: dict[str, list[Figures]] = {each.name: [] for each in CONTENDERS}
    with TemporaryDirectory() as folder, on_core(CORES[0]), serve(body) as upstream:
        write_cache(Path(folder))
        for _ in range(ROUNDS):
            for each in CONTENDERS:
                figures[each.name].append(_measure_round(each, upstream, Path(folder)))
        _print(figures, len(body))
        _print_held(upstream, Path(folder))


@contextmanager
def run_contender(each: Contender, upstream: str, folder: Path) -> Iterator[tuple[int, int]]:
    """Run a proxy on its own core; yield its process id and port."""
    settings = {"FLICKR_BASE_URL": upstream, "FLICKR_API_KEY": "0" * 32, "PYTHONPATH": str(ROOT)}
    with on_core(CORES[-1]):
        process = subprocess.Popen(
            each.command,
            cwd=folder,
            env=os.environ | settings,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
    assert process.stdout
    with process:
        try:
            match = PORT.search(process.stdout.readline())
            assert match, each.name
            yield process.pid, int(match[1])
        finally:
            process.terminate()


def _measure_round(each: Contender, upstream: str, folder: Path) -> Figures:
    with run_contender(each, upstream, folder) as (process, port):
        calls = each.calls(PATH)
        load.run(port, CONNECTIONS, calls, lambda started: started >= WARMING)
        before = seconds_of(process)
        end = time.perf_counter() + SECONDS
        result = load.run(port, CONNECTIONS, calls, lambda _: time.perf_counter() > end)
        if result.failed:
            raise SystemExit(f"{each.name}: {result.failed} answers were lost")
        cpu = (seconds_of(process) - before) / len(result.times) * 1000
        p50, p99 = result.percentile(0.5), result.percentile(0.99)
        return Figures(result.rate, p50, p99, cpu, most_memory(process))


def _print(figures: dict[str, list[Figures]], length: int) -> None:
    print(
        f"\n| the proxy, one core, {CONNECTIONS} connections, answers of {length:,} bytes ", end=""
    )
    print("| requests a second | times the peer's | p50, ms | p99, ms | CPU, ms | memory, MB |")
    print("| --- | --- | --- | --- | --- | --- | --- |")
    peers = figures[CONTENDERS[0].name]
    for name, rounds in figures.items():
        # The machine's speed changes between rounds, so rates are compared within a round.
        times = statistics.median(
            each.rate / peer.rate for each, peer in zip(rounds, peers, strict=True)
        )
        rate, p50, p99, cpu, memory = (
            statistics.median(getattr(each, field) for each in rounds)
            for field in ("rate", "p50", "p99", "cpu", "memory")
        )
        print(f"| {name} | {rate:,.0f} | {times:.2f} | {p50:.1f} | {p99:.1f} ", end="")
        print(f"| {cpu:.3f} | {memory / 2**20:.0f} |")


def _print_held(upstream: str, folder: Path) -> None:
    print(f"\n| {REQUESTS:,} requests over {HELD:,} connections that are held ", end="")
    print("| requests a second | mean, ms | p99, ms | lost | memory, MB |")
    print("| --- | --- | --- | --- | --- | --- |")
    for each in CONTENDERS[:2]:
        with run_contender(each, upstream, folder) as (process, port):
            calls = load.different(PATH)
            # Its port is printed before it is ready to accept connections.
            load.run(port, CONNECTIONS, calls, lambda started: started >= WARMING)
            result = load.run(port, HELD, calls, lambda started: started >= REQUESTS)
            print(f"| {each.name} | {result.rate:,.0f} | {result.mean:.0f} ", end="")
            print(f"| {result.percentile(0.99):.0f} | {result.failed} ", end="")
            print(f"| {most_memory(process) / 2**20:.0f} |")


if __name__ == "__main__":
    with standard_streams():
        main()
