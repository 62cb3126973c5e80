"""The development editions answer each mistake in docs/mistakes.md with the text beside it."""

from __future__ import annotations

import json
import re
import subprocess

from compiler.__main__ import OUT
from tests.support.repository import ROOT
from tests.support.vectors import HERE

PAGE = ROOT / "docs/mistakes.md"
ROW = re.compile(r"^\| `(.+?)` \| (.+) \|$", re.M)


def read_table(title: str) -> list[tuple[str, str]]:
    """Return the rows of the table below a title: code, and the text that it causes."""
    section = PAGE.read_text("utf-8").split(f"\n## {title}\n")[1].split("\n## ")[0]
    return [(code, text) for code, text in ROW.findall(section)]


def test_javascript_answers_each_mistake_with_its_text() -> None:
    rows = read_table("JavaScript") + read_table("No answer")
    assert len(rows) > 30
    done = subprocess.run(
        ["node", HERE / "mistakes.mjs", OUT / "flickrapi.dev.js"],
        input=json.dumps([code for code, _ in rows]),
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr
    found = dict(zip([code for code, _ in rows], json.loads(done.stdout), strict=True))
    wrong = {code: found[code] for code, text in rows if not _contains(found[code], text)}
    assert wrong == {}


def _contains(found: list[str], text: str) -> bool:
    return any(text in each for each in found)
