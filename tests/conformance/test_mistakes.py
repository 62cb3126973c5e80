"""The development editions answer each mistake in docs/mistakes.md with the text beside it."""

from __future__ import annotations

import json
import re
import subprocess

import pytest

from compiler.__main__ import OUT
from tests.support.repository import ROOT
from tests.support.timeouts import TIMEOUT
from tests.support.vectors import HERE

PAGE = ROOT / "docs/mistakes.md"
ROW = re.compile(r"^\| `(.+?)` +\| (.+?) +\|$", re.M)
PYTHON = "Python in the page"


def read_table(title: str) -> list[tuple[str, str]]:
    """Return the rows of the table below a title: code, and the text that it causes."""
    section = PAGE.read_text("utf-8").split(f"\n## {title}\n")[1].split("\n## ")[0]
    return ROW.findall(section)


@pytest.mark.parametrize(
    ("interpreter", "file", "titles", "least"),
    [
        ("node", "flickrapi.dev.js", ("JavaScript", "No answer"), 30),
        ("micropython", "pyflickr_web.dev.py", (PYTHON,), 20),
        ("pyodide", "pyflickr_web.dev.py", (PYTHON,), 20),
    ],
)
def test_each_mistake_is_answered_with_its_text(
    interpreter: str, file: str, titles: tuple[str, ...], least: int
) -> None:
    rows = [row for title in titles for row in read_table(title)]
    assert len(rows) >= least
    done = subprocess.run(
        ["node", HERE / "mistakes.mjs", interpreter, OUT / file],
        input=json.dumps([code for code, _ in rows]),
        capture_output=True,
        text=True,
        check=False,
        timeout=TIMEOUT,
    )
    assert done.returncode == 0, done.stderr
    found = dict(zip([code for code, _ in rows], json.loads(done.stdout), strict=True))
    assert {code: found[code] for code, text in rows if text not in "\n".join(found[code])} == {}
