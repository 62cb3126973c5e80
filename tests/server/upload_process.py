"""Run `pyflickr-web upload` as a process, for the account of a sandbox."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from flickr_sandbox import Sandbox
from tests.support.repository import ROOT

COMMAND = [sys.executable, "-m", "pyflickr_web", "upload"]


@dataclass(frozen=True, slots=True)
class Done:
    """The end of a command: its status, and the lines of both streams."""

    status: int
    lines: list[str]
    messages: list[str]

    @property
    def rows(self) -> list[dict[str, Any]]:
        """The lines of a command with `--json`."""
        return [json.loads(line) for line in self.lines]


def environment_of(sandbox: Sandbox, **more: str) -> dict[str, str]:
    """Return the environment of a command."""
    return os.environ | sandbox.environ | {"PYTHONPATH": str(ROOT)} | more


def run_upload(sandbox: Sandbox, *words: str | Path, **environment: str) -> Done:
    """Run the command to its end, in the current folder."""
    done = subprocess.run(
        [*COMMAND, *map(str, words)],
        env=environment_of(sandbox, **environment),
        capture_output=True,
        text=True,
        check=False,
    )
    assert "Traceback" not in done.stderr, done.stderr
    return Done(done.returncode, done.stdout.splitlines(), done.stderr.splitlines())
