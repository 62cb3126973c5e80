"""Measure proxies under clients that send endlessly or read nothing: `python -m bench.hostile`.

Prints the memory of each proxy, and how long another client waits for an answer.
"""

from __future__ import annotations

import json
import selectors
import socket
import time
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.request import urlopen

from bench import load
from bench.compilation import write_cache
from bench.floor import serve
from bench.processes import CORES, most_memory, on_core
from bench.proxy import CONTENDERS, PATH, PHOTO, run_contender
from pyflickr_web.commands.stdio import standard_streams

PEER, OURS = CONTENDERS[:2]
# Seconds of each attack, and the timeout of another client.
SECONDS, PATIENCE = 10.0, 30.0
# Seconds until `serve` must have closed the connections of clients that read nothing.
CLOSED = 60.0
# The length of the answer to one of them, in bytes.
LONG = 8_000_000
# Linux's number of a TCP state.
ESTABLISHED = 1
PIPELINED = b"GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n" * 2000


def main() -> None:
    """Print the table."""
    photos = [PHOTO] * (LONG // len(json.dumps(PHOTO, separators=(",", ":"))))
    body = json.dumps({"photos": {"photo": photos}, "stat": "ok"}, separators=(",", ":")).encode()
    print("\n| clients | proxy | most memory, MB | another's answer, ms | connections left |")
    print("| --- | --- | --- | --- | --- |")
    with TemporaryDirectory() as folder, on_core(CORES[0]), serve(body) as upstream:
        write_cache(Path(folder))
        for contender in (PEER, OURS):
            for name, connections, attack in ATTACKS:
                with run_contender(contender, upstream, Path(folder)) as (process, port):
                    _wait_until_ready(port)
                    held = [socket.create_connection((load.HOST, port)) for _ in range(connections)]
                    attack(held)
                    waited = _seconds_of_an_answer(port)
                    left = _wait_for_end(held, CLOSED if contender is OURS and attack is ask else 0)
                    memory = most_memory(process) / 2**20
                    print(f"| {connections} {name} | {contender.name} | {memory:,.0f} ", end="")
                    print(f"| {waited * 1000:,.0f} | {left} |", flush=True)


def pipeline(held: list[socket.socket]) -> None:
    """Send requests endlessly on every connection, and read nothing."""
    unsent = dict.fromkeys(held, PIPELINED)
    with selectors.DefaultSelector() as selector:
        for each in held:
            each.setblocking(False)
            selector.register(each, selectors.EVENT_WRITE)
        end = time.perf_counter() + SECONDS
        while selector.get_map() and time.perf_counter() < end:
            for key, _ in selector.select(0.1):
                connection = key.fileobj
                assert isinstance(connection, socket.socket)
                try:
                    sent = connection.send(unsent[connection])
                    unsent[connection] = unsent[connection][sent:] or PIPELINED
                except OSError:
                    selector.unregister(connection)


def ask(held: list[socket.socket]) -> None:
    """Request a different long answer on every connection, and read nothing."""
    calls = load.different(PATH)
    for each in held:
        each.sendall(next(calls))
    time.sleep(SECONDS)


ATTACKS: list[tuple[str, int, Callable[[list[socket.socket]], None]]] = [
    ("that sends requests endlessly", 1, pipeline),
    ("that send requests endlessly", 40, pipeline),
    (f"that read nothing of {LONG // 10**6} MB each", 100, ask),
]


def _wait_until_ready(port: int) -> None:
    load.run(port, 1, load.same(PATH), lambda started: started >= 1)


def _seconds_of_an_answer(port: int) -> float:
    """Return the seconds until a client has its answer; infinite without an answer."""
    start = time.perf_counter()
    try:
        with urlopen(f"http://{load.HOST}:{port}/flickrapi.js", timeout=PATIENCE) as answer:
            answer.read()
    except OSError as error:
        if isinstance(error, TimeoutError) or not hasattr(error, "status"):
            return float("inf")
    return time.perf_counter() - start


def _wait_for_end(held: list[socket.socket], seconds: float) -> int:
    """Wait until the server has closed these connections; return the number still open."""
    end = time.perf_counter() + seconds
    open_ones = set(held)
    while True:
        open_ones = {each for each in open_ones if not _is_closed(each)}
        if not open_ones or time.perf_counter() >= end:
            for each in held:
                each.close()
            return len(open_ones)
        time.sleep(0.5)


def _is_closed(connection: socket.socket) -> bool:
    # Do not detect this by reading: the server could then send more.
    state = connection.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, 1)
    return state[0] != ESTABLISHED


if __name__ == "__main__":
    with standard_streams():
        main()
