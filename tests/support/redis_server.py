"""Run a redis-server that tests can kill, halt and start again; find one, or install Debian's:
`python -m tests.support.redis_server`."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import redis

from tests.support.debian import ensure
from tests.support.sockets import free_port

READY = "ready to accept connections"


def find() -> str | None:
    """The program: named by REDIS_SERVER, or on PATH."""
    return os.environ.get("REDIS_SERVER") or shutil.which("redis-server")


class PrivateRedis:
    """A server in a folder of its own, which keeps nothing on disk."""

    def __init__(self, folder: Path, password: str, tcp: bool) -> None:
        self.password = password
        self._folder = folder
        self._port = free_port() if tcp else 0
        self._process: subprocess.Popen[str] | None = None
        self.start()

    @property
    def url(self) -> str:
        """Its address, with the password, where it has one."""
        login = f":{self.password}@" if self.password else ""
        if self._port:
            return f"redis://{login}127.0.0.1:{self._port}/0"
        return f"unix://{login}{self._folder / 'socket'}"

    @property
    def client(self) -> redis.Redis:
        """A client with nothing of ours."""
        return redis.Redis.from_url(self.url)

    def start(self) -> None:
        """Start it, empty; returns when it answers."""
        program = find()
        assert program, "no redis-server: python -m tests.support.redis_server"
        words = ["--save", "", "--dir", str(self._folder), "--bind", "127.0.0.1"]
        words += ["--port", str(self._port), "--unixsocket", str(self._folder / "socket")]
        words += ["--requirepass", self.password] if self.password else []
        self._process = subprocess.Popen([program, *words], stdout=subprocess.PIPE, text=True)
        assert self._process.stdout
        told = []
        for line in self._process.stdout:
            told.append(line)
            if READY in line.lower():
                return
        raise AssertionError("".join(told))

    def kill(self) -> None:
        """End it at once, with all that it holds."""
        if self._process:
            self._process.kill()
            self._process.communicate()
            self._process = None

    def halt(self) -> None:
        """Have it accept connections, and answer nothing."""
        assert self._process
        self._process.send_signal(signal.SIGSTOP)

    def go_on(self) -> None:
        """Let it answer again."""
        assert self._process
        self._process.send_signal(signal.SIGCONT)

    def dump(self) -> bytes:
        """Every name and every value that it holds."""
        with self.client as client:
            names = list(client.scan_iter(count=1000))
            return b"\n".join([*names, *(client.get(name) or b"" for name in names)])


@contextmanager
def private_redis(password: str = "", tcp: bool = False) -> Iterator[PrivateRedis]:
    """A server for as long as the context lasts, on a socket in a folder or on a port."""
    # Paths of sockets are short.
    with tempfile.TemporaryDirectory(prefix="redis") as folder:
        server = PrivateRedis(Path(folder), password, tcp)
        try:
            yield server
        finally:
            server.kill()


def main() -> int:
    """Make sure that there is one; 1 with one line of advice where there cannot be."""
    advice = "no redis-server: install Debian's `redis-server`, or set REDIS_SERVER to its path"
    return ensure(find, "redis-server", advice)


if __name__ == "__main__":
    sys.exit(main())
