"""Run a redis-server that tests can kill, pause and restart; find it, or install Debian's.

`python -m tests.support.redis_server` installs it.
"""

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
    """Return the path of the program: from REDIS_SERVER, or on PATH."""
    return os.environ.get("REDIS_SERVER") or shutil.which("redis-server")


class PrivateRedis:
    """A server in its own folder, without persistence."""

    def __init__(self, folder: Path, password: str, tcp: bool) -> None:
        self.password = password
        self._folder = folder
        self._port = free_port() if tcp else 0
        self._process: subprocess.Popen[str] | None = None
        self.start()

    @property
    def url(self) -> str:
        """Its URL, with the password, if any."""
        login = f":{self.password}@" if self.password else ""
        if self._port:
            return f"redis://{login}127.0.0.1:{self._port}/0"
        return f"unix://{login}{self._folder / 'socket'}"

    @property
    def client(self) -> redis.Redis:
        """A client of redis-py."""
        return redis.Redis.from_url(self.url)

    def start(self) -> None:
        """Start an empty server, and wait until it accepts connections."""
        program = find()
        assert program, "no redis-server: python -m tests.support.redis_server"
        words = ["--save", "", "--dir", str(self._folder), "--bind", "127.0.0.1"]
        words += ["--port", str(self._port), "--unixsocket", str(self._folder / "socket")]
        words += ["--requirepass", self.password] if self.password else []
        self._process = subprocess.Popen([program, *words], stdout=subprocess.PIPE, text=True)
        assert self._process.stdout
        output = []
        for line in self._process.stdout:
            output.append(line)
            if READY in line.lower():
                return
        raise AssertionError("".join(output))

    def kill(self) -> None:
        """Kill the server, and lose its data."""
        if self._process:
            self._process.kill()
            self._process.communicate()
            self._process = None

    def halt(self) -> None:
        """Stop the process: the system accepts connections, but nothing answers."""
        assert self._process
        self._process.send_signal(signal.SIGSTOP)

    def go_on(self) -> None:
        """Continue a halted process."""
        assert self._process
        self._process.send_signal(signal.SIGCONT)

    def dump(self) -> bytes:
        """Return all keys and values."""
        with self.client as client:
            names = list(client.scan_iter(count=1000))
            return b"\n".join([*names, *(client.get(name) or b"" for name in names)])


@contextmanager
def private_redis(password: str = "", tcp: bool = False) -> Iterator[PrivateRedis]:
    """Run a server on a Unix socket, or on a port."""
    # Paths of Unix sockets must be short.
    with tempfile.TemporaryDirectory(prefix="redis") as folder:
        server = PrivateRedis(Path(folder), password, tcp)
        try:
            yield server
        finally:
            server.kill()


def main() -> int:
    """Make sure that redis-server is installed; print advice and return 1 if that fails."""
    advice = "no redis-server: install Debian's `redis-server`, or set REDIS_SERVER to its path"
    return ensure(find, "redis-server", advice)


if __name__ == "__main__":
    sys.exit(main())
