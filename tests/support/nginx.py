"""Run nginx; find it, or install Debian's: `python -m tests.support.nginx`."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.support.debian import ensure

ADVICE = "no nginx: install Debian's `nginx-light`, or set NGINX to its path"
TEMPORARY = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
CONFIG = """
daemon off;
master_process off;
pid {folder}/pid;
error_log stderr notice;
events {{}}
http {{
access_log off;
{temporary}
{server}
}}
"""


def find() -> str | None:
    """Return the path of the program: from NGINX, on PATH, or Debian's."""
    return os.environ.get("NGINX") or shutil.which("nginx") or shutil.which("/usr/sbin/nginx")


@contextmanager
def nginx(server: str) -> Iterator[None]:
    """Run nginx with a `server` block; it listens when the block begins."""
    program = find()
    assert program, ADVICE
    with tempfile.TemporaryDirectory(prefix="nginx") as folder:
        temporary = "\n".join(f"{name}_temp_path {folder}/{name};" for name in TEMPORARY)
        config = Path(folder, "nginx.conf")
        config.write_text(CONFIG.format(folder=folder, temporary=temporary, server=server))
        words = [program, "-p", folder, "-e", "stderr", "-c", str(config)]
        with subprocess.Popen(words, stderr=subprocess.PIPE, text=True) as process:
            try:
                assert process.stderr
                # It listens before it logs its start.
                written = []
                for line in process.stderr:
                    written.append(line)
                    if "start" in line or "OS:" in line:
                        break
                else:
                    raise AssertionError("".join(written))
                yield
            finally:
                process.terminate()
                process.communicate()


def main() -> int:
    """Make sure that nginx is installed; print advice and return 1 if that fails."""
    return ensure(find, "nginx-light", ADVICE)


if __name__ == "__main__":
    sys.exit(main())
