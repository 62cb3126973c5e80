"""Find redis-server, or install Debian's: `python -m tests.support.redis_server`."""

from __future__ import annotations

import os
import shutil
import sys

from tests.support.debian import ensure


def find() -> str | None:
    """The program: named by REDIS_SERVER, or on PATH."""
    return os.environ.get("REDIS_SERVER") or shutil.which("redis-server")


def main() -> int:
    """Make sure that there is one; 1 with one line of advice where there cannot be."""
    advice = "no redis-server: install Debian's `redis-server`, or set REDIS_SERVER to its path"
    return ensure(find, "redis-server", advice)


if __name__ == "__main__":
    sys.exit(main())
