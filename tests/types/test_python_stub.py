"""The Python stub lets through what works, and refuses what does not, by mypy and by pyright."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from compiler.parse import read_snapshot
from compiler.types_python import python_stub
from tests.conftest import ROOT

EXAMPLES = ROOT / "examples" / "types"
MARK = re.compile(r"  # error: ([\w-]+)$")
MYPY = re.compile(r":(\d+): error: .*\[([\w-]+)\]$", re.M)
Marks = list[tuple[int, str]]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with nothing but the stub, as an editor finds it beside the module."""
    (tmp_path / "pyflickr_web.pyi").write_text(
        (ROOT / "browser_dist" / "pyflickr_web.pyi").read_text("utf-8"), "utf-8"
    )
    return tmp_path


def _marked(file: Path) -> Marks:
    lines = enumerate(file.read_text("utf-8").splitlines(), 1)
    return [(number, mark[1]) for number, line in lines if (mark := MARK.search(line))]


def _mypy(folder: Path, name: str) -> Marks:
    (folder / name).write_text((EXAMPLES / name).read_text("utf-8"), "utf-8")
    command = [sys.executable, "-m", "mypy", "--strict", "--config-file=", "--no-incremental", name]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    assert done.returncode in (0, 1), done.stdout + done.stderr
    return [(int(number), code) for number, code in MYPY.findall(done.stdout)]


def _pyright(folder: Path, name: str) -> list[int]:
    (folder / name).write_text((EXAMPLES / name).read_text("utf-8"), "utf-8")
    (folder / "pyrightconfig.json").write_text('{"typeCheckingMode": "standard"}')
    command: list[str | Path] = [ROOT / "node_modules/.bin/pyright", "--outputjson", name]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    found = json.loads(done.stdout)["generalDiagnostics"]
    errors = [row for row in found if row["severity"] == "error"]
    return sorted({row["range"]["start"]["line"] + 1 for row in errors})


def test_mypy_lets_through_what_works(folder: Path) -> None:
    assert _mypy(folder, "works.py") == []


def test_mypy_refuses_every_marked_line(folder: Path) -> None:
    assert _mypy(folder, "fails.py") == _marked(EXAMPLES / "fails.py")


def test_pyright_lets_through_what_works(folder: Path) -> None:
    assert _pyright(folder, "works.py") == []


def test_pyright_refuses_every_marked_line(folder: Path) -> None:
    assert _pyright(folder, "fails.py") == [line for line, _ in _marked(EXAMPLES / "fails.py")]


def test_sync_and_awaited_differ_in_nothing_else() -> None:
    api = read_snapshot()
    awaited = python_stub(api, "x").replace("async def", "def")
    assert awaited.replace("AsyncIterator", "Iterator") == python_stub(api, "x", awaited=False)


def test_every_argument_is_named() -> None:
    stub = python_stub(read_snapshot(), "x")
    for method in read_snapshot().methods:
        for argument in method.arguments:
            assert re.search(rf"\b{argument.name}: ", stub)
