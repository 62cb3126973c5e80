"""Run mypy on programs that use the package of the repository."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from filelock import FileLock

from tests.support.repository import ROOT


def run_mypy(cache: Path, folder: Path, *names: str) -> subprocess.CompletedProcess[str]:
    """Run mypy on files of a folder, with a cache that all processes of the tests share."""
    options = ["--strict", "--config-file=", "--follow-imports=silent", f"--cache-dir={cache}"]
    # The first run takes long, because it checks the package; the others wait for its cache.
    with FileLock(cache / "lock"):
        return subprocess.run(
            [sys.executable, "-m", "mypy", *options, *names],
            cwd=folder,
            env=os.environ | {"MYPYPATH": str(ROOT)},
            capture_output=True,
            text=True,
            check=False,
        )
