"""Run unchanged programs against a sandbox that plays Flickr's hosts."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

from flickr_sandbox import Sandbox

# Seconds; some programs pause between requests.
LONGEST = 300


def environment(sandbox: Sandbox, folder: Path) -> dict[str, str]:
    """Return the environment of a program: with its home in `folder`, and no settings of ours."""
    others = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith("FLICKR_") and "PROXY" not in name.upper()
    }
    return others | sandbox.environ | sandbox.proxy_environ | {"HOME": str(folder)}


def run(sandbox: Sandbox, folder: Path, *command: str | Path, **variables: str) -> str:
    """Run a command in a folder, and return its output; fail with its errors."""
    done = subprocess.run(
        command,
        cwd=folder,
        env=environment(sandbox, folder) | variables,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        encoding="utf-8",
        timeout=LONGEST,
    )
    assert done.returncode == 0, done.stderr[-5000:] or done.stdout[-5000:]
    return done.stdout
