"""The examples of docs/types.md pass the type checkers, and its numbers are right."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

from compiler.answers.parse import read_answers
from tests.support.npm import find_tool, install
from tests.support.repository import ROOT
from tests.types.mypy import run_mypy

TEXT = (ROOT / "docs" / "types.md").read_text("utf-8")
TYPE_NAME = re.compile(r"^\| `(\w+)` \|", re.M)


def _write_examples(folder: Path, language: str, suffix: str) -> list[str]:
    """Write the blocks of a language to files; return their names."""
    blocks = re.findall(rf"^```{language}\n(.*?)^```", TEXT, re.S | re.M)
    names = [f"example{number}{suffix}" for number in range(len(blocks))]
    for name, block in zip(names, blocks, strict=True):
        (folder / name).write_text(block, "utf-8")
    assert len(names) == 3
    return names


def test_examples_in_typescript_compile(tmp_path: Path) -> None:
    install(tmp_path)
    names = _write_examples(tmp_path, "ts", ".ts")
    options = "--strict --noEmit --target es2022 --module preserve --pretty false"
    command = [find_tool("tsc"), *options.split(), *names]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert (done.stdout, done.returncode) == ("", 0)


def test_examples_in_python_pass_mypy(tmp_path: Path, mypy_cache: Path) -> None:
    names = _write_examples(tmp_path, "python", ".py")
    done = run_mypy(mypy_cache, tmp_path, *names)
    assert done.stdout == f"Success: no issues found in {len(names)} source files\n"


def test_examples_in_python_run(tmp_path: Path) -> None:
    for name in _write_examples(tmp_path, "python", ".py"):
        exec((tmp_path / name).read_text("utf-8"), {"__name__": "example"})


def test_numbers_and_names_are_right() -> None:
    answers = read_answers()
    assert f"{len(answers.methods)} methods have a type" in TEXT
    assert set(TYPE_NAME.findall(TEXT)) <= answers.definitions.keys()
    assert len(TYPE_NAME.findall(TEXT)) == 6
