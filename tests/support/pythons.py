"""Find interpreters of the supported Python versions."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path
from subprocess import DEVNULL

MINORS = (11, 12, 13)


def find_pythons() -> list[str]:
    """Return the paths of this interpreter and of one of each supported version, if installed."""
    found = {minor: _find(f"python3.{minor}") for minor in MINORS}
    found[sys.version_info.minor] = sys.executable
    return [path for path in found.values() if path]


def _find(name: str) -> str | None:
    versions = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv"), "versions")
    for path in (shutil.which(name), *map(str, versions.glob(f"*/bin/{name}"))):
        # A version manager installs commands for missing versions too.
        if path and not subprocess.call([path, "-c", ""], stderr=DEVNULL):
            return path
    return None
