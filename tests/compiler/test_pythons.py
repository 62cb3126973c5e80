"""The single-file Python module has the same bytes with every Python version."""

from __future__ import annotations

import json
import os
import subprocess
import sysconfig
from pathlib import Path

import pytest

from compiler.__main__ import OUT
from tests.support.pythons import find_pythons
from tests.support.repository import ROOT

BUILD = """
import json
import sys
from compiler.build import Build
from compiler.reflect.parse import read_snapshot
from compiler.python.render import render_module
from compiler.reflect.supplement import apply_corrections
api = apply_corrections(read_snapshot())
modules = {**render_module(Build(api, "production")), **render_module(Build(api, "dev"))}
json.dump(modules, sys.stdout)
"""


@pytest.fixture(
    scope="module", params=find_pythons(), ids=lambda interpreter: Path(interpreter).name
)
def modules(request: pytest.FixtureRequest) -> dict[str, str]:
    """The modules of both editions from an interpreter, by file name."""
    # The libraries also work as pure Python: all interpreters use those of this environment.
    path = os.pathsep.join([str(ROOT), sysconfig.get_path("purelib")])
    done = subprocess.run(
        [request.param, "-c", BUILD],
        capture_output=True,
        env=os.environ | {"PYTHONPATH": path, "PYTHONDONTWRITEBYTECODE": "1"},
        cwd=ROOT,
        check=False,
    )
    assert done.stderr == b""
    built: dict[str, str] = json.loads(done.stdout)
    return built


@pytest.mark.parametrize("file", ["pyflickr_web.py", "pyflickr_web.dev.py"])
def test_bytes_are_the_same_from_every_python(modules: dict[str, str], file: str) -> None:
    assert modules[file].encode() == (OUT / file).read_bytes()
