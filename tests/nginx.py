"""Find nginx, or install Debian's: `python -m tests.nginx`."""

from __future__ import annotations

import os
import shutil
import sys

from tests.debian import ensure


def find() -> str | None:
    """The program: named by NGINX, on PATH, or where Debian has it."""
    return os.environ.get("NGINX") or shutil.which("nginx") or shutil.which("/usr/sbin/nginx")


def main() -> int:
    """Make sure that there is one; 1 with one line of advice where there cannot be."""
    advice = "no nginx: install Debian's `nginx-light`, or set NGINX to its path"
    return ensure(find, "nginx-light", advice)


if __name__ == "__main__":
    sys.exit(main())
