"""The single-file Python module has the same bytes with every Python version."""

from __future__ import annotations

import os
import subprocess
import sysconfig
from pathlib import Path

import pytest

from compiler.__main__ import OUT
from tests.support.pythons import find_pythons
from tests.support.repository import ROOT

BUILD = """
import sys
from compiler.build import Build
from compiler.reflect.parse import read_snapshot
from compiler.python.render import render_module
from compiler.reflect.supplement import apply_corrections
sys.stdout.reconfigure(encoding="utf-8", newline="\\n")
sys.stdout.write(render_module(Build(apply_corrections(read_snapshot()), sys.argv[1]))[sys.argv[2]])
"""


@pytest.mark.parametrize("interpreter", find_pythons(), ids=lambda path: Path(path).name)
@pytest.mark.parametrize(
    ("edition", "file"), [("production", "pyflickr_web.py"), ("dev", "pyflickr_web.dev.py")]
)
def test_bytes_are_the_same_from_every_python(interpreter: str, edition: str, file: str) -> None:
    # The libraries also work as pure Python: all interpreters use those of this environment.
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
