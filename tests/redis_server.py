"""Find redis-server, or install Debian's: `python -m tests.redis_server`."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys


def find() -> str | None:
    """The program: named by REDIS_SERVER, or on PATH."""
    return os.environ.get("REDIS_SERVER") or shutil.which("redis-server")


def main() -> int:
    """Make sure that there is one; 1 with one line of advice where there cannot be."""
    if find():
        return 0
    if os.geteuid() == 0 and shutil.which("apt-get"):
        # The package would start a server of its own, which no test uses.
        quiet = {**os.environ, "RUNLEVEL": "1", "DEBIAN_FRONTEND": "noninteractive"}
        for command in (["apt-get", "update"], ["apt-get", "install", "-y", "redis-server"]):
            subprocess.run(command, check=False, stdout=subprocess.DEVNULL, env=quiet)
        if find():
            return 0
    print(
        "no redis-server: install Debian's `redis-server`, or set REDIS_SERVER to the path of one",
        file=sys.stderr,
    )
    return 1


if __name__ == "__main__":
    sys.exit(main())
