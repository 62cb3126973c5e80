"""TypeScript accepts code that works with the bundles, and reports each marked mistake."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

from tests.support.repository import ROOT

EXAMPLES = ROOT / "examples" / "types"
OPTIONS = [
    "--strict",
    "--noEmit",
    "--target",
    "es2022",
    "--module",
    "nodenext",
    "--pretty",
    "false",
]


def _errors(file: Path) -> dict[int, str]:
    """Run tsc on a file; return the first error of each line."""
    tsc = ROOT / "node_modules" / ".bin" / "tsc"
    done = subprocess.run([tsc, *OPTIONS, file], capture_output=True, text=True, check=False)
    found = re.findall(r"^(\S+)\((\d+),\d+\): error (TS\d+)", done.stdout, re.M)
    assert all(Path(where).name == file.name for where, _, _ in found), done.stdout
    return {int(line): code for _, line, code in reversed(found)}


def test_correct_code_is_accepted() -> None:
    assert _errors(EXAMPLES / "works.ts") == {}


def test_each_mistake_is_an_error_in_its_line() -> None:
    lines = (EXAMPLES / "fails.ts").read_text("utf-8").splitlines()
    marked = {
        number: mark[1]
        for number, line in enumerate(lines, 1)
        if (mark := re.search(r"// (TS\d+)$", line))
    }
    assert len(marked) == 30
    assert _errors(EXAMPLES / "fails.ts") == marked
