"""The Python module has the same bytes whichever Python builds it."""

from __future__ import annotations

import os
import shutil
import subprocess
import sysconfig

import pytest

from compiler.__main__ import OUT
from tests.conftest import ROOT

BUILD = """
import sys
from compiler.parse import read_snapshot
from compiler.render_python import python
sys.stdout.reconfigure(encoding="utf-8", newline="\\n")
sys.stdout.write(python(read_snapshot(), sys.argv[1])[sys.argv[2]])
"""


@pytest.mark.parametrize("version", ["3.11", "3.12", "3.13"])
@pytest.mark.parametrize(
    ("edition", "file"), [("production", "pyflickr_web.py"), ("dev", "pyflickr_web.dev.py")]
)
def test_bytes_are_the_same_from_every_python(version: str, edition: str, file: str) -> None:
    interpreter = shutil.which(f"python{version}")
    if not interpreter or subprocess.run([interpreter, "-V"], capture_output=True).returncode:
        pytest.skip(f"there is no Python {version} here")
    # The libraries that render are pure Python, or can be: those of this environment serve them all.
    path = os.pathsep.join([str(ROOT), sysconfig.get_path("purelib")])
    done = subprocess.run(
        [interpreter, "-c", BUILD, edition, file],
        capture_output=True,
        env=os.environ | {"PYTHONPATH": path, "PYTHONDONTWRITEBYTECODE": "1"},
        cwd=ROOT,
        check=False,
    )
    assert done.stderr == b""
    assert done.stdout == (OUT / file).read_bytes()
