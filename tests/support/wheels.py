"""Conditions and files for tests of the wheel."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

import pytest

from compiler.python.lock import LOCK, PYODIDE_LOCK
from tests.support.repository import ROOT
from tests.support.timeouts import TIMEOUT
from tests.support.vectors import HERE

can_build = pytest.mark.skipif(
    sys.version_info < (3, 12), reason="pyodide-build and pyodide-lock need Python 3.12"
)
# `make test` downloads it: npm's Pyodide lacks it.
MICROPIP = next((ROOT / ".venv").glob("micropip-*.whl"), ROOT / ".venv" / "micropip.whl")

# Another package of a Pyodide, as its distribution has many.
NEIGHBOR = "red-panda"
_NEIGHBOR_FILES = {
    "red_panda.py": 'FOOD = "bamboo"\n',
    "red_panda-1.0.dist-info/METADATA": "Metadata-Version: 2.1\nName: red-panda\nVersion: 1.0\n",
    "red_panda-1.0.dist-info/WHEEL": "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    "red_panda-1.0.dist-info/RECORD": "",
}


def write_distribution(folder: Path, *more: Path, pyodide_lock: Path = PYODIDE_LOCK) -> Path:
    """Write the wheel of a package, and a lock that lists it among Pyodide's own; return the lock.

    Copies of the wheels `more` replace those of Pyodide. Other packages are only in the lock: npm's
    Pyodide lacks their wheels.
    """
    from pyodide_lock import PyodideLockSpec
    from pyodide_lock.utils import add_wheels_to_spec

    whl = folder / "red_panda-1.0-py3-none-any.whl"
    with zipfile.ZipFile(whl, "w") as file:
        for name, text in _NEIGHBOR_FILES.items():
            file.writestr(name, text)
    wheels = [whl, *(Path(shutil.copy(each, folder)) for each in more)]
    spec = add_wheels_to_spec(PyodideLockSpec.from_json(pyodide_lock), wheels)
    lock = folder / LOCK
    lock.write_text(json.dumps(spec.to_dict(), sort_keys=True), "utf-8")
    return lock


def install_in_pyodide(way: str, lock: Path, *more: Path) -> dict[str, Any]:
    """Install the wheel next to a lock in npm's Pyodide, by one of the ways of `wheel.mjs`."""
    done = subprocess.run(
        ["node", HERE / "wheel.mjs", way, lock, *more],
        capture_output=True,
        text=True,
        check=False,
        timeout=TIMEOUT,
    )
    assert done.returncode == 0, done.stderr
    facts: dict[str, Any] = json.loads(done.stdout)
    return facts
