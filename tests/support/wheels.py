"""Conditions and files for tests of the wheel."""

from __future__ import annotations

import sys

import pytest

from tests.support.repository import ROOT

can_build = pytest.mark.skipif(sys.version_info < (3, 12), reason="pyodide-lock needs Python 3.12")
# `make test` downloads it: npm's Pyodide lacks it.
MICROPIP = next((ROOT / ".venv").glob("micropip-*.whl"), ROOT / ".venv" / "micropip.whl")
