"""The hand-written answer types fit what Flickr really answered."""

from __future__ import annotations

import json
import os
import re
import subprocess
from pathlib import Path
from typing import Any

from tests.conftest import ROOT

ANSWERS = ROOT / "templates" / "types" / "answers.d.ts"
TSC = [str(ROOT / "node_modules/.bin/tsc"), "--strict", "--noEmit", "--target", "es2022"]
LISTED = {"id": "1", "secret": "a", "server": "2", "title": "t"}
INVENTED: list[tuple[str, Any]] = [
    (
        "flickr.photos.search",
        {"photos": {"page": 1, "pages": "2", "total": "3", "photo": [LISTED]}, "stat": "ok"},
    ),
    ("flickr.photos.licenses.getInfo", {"licenses": {"license": []}, "stat": "ok"}),
]


def _typed() -> set[str]:
    table = ANSWERS.read_text("utf-8").partition("interface Answers")[2]
    return set(re.findall(r'"(flickr\.[\w.]+)":', table))


def _recorded() -> list[tuple[str, Any]]:
    """The recorded JSON answers of typed methods; none without FLICKR_RECORDINGS."""
    found = []
    for method in sorted(_typed()):
        for file in sorted((Path(os.environ.get("FLICKR_RECORDINGS", "none")) / method).glob("*")):
            body = json.loads(file.read_text("utf-8"))["response"]["body"]
            text = re.sub(r"^\s*\w+\((.*)\)\s*$", r"\1", body, flags=re.S)
            if text.lstrip().startswith("{") and (answer := json.loads(text))["stat"] == "ok":
                found.append((method, answer))
    return found


def _complaints(cases: list[tuple[str, Any]], folder: Path) -> str:
    lines = [
        f'export const case{i}: Answers["{method}"] = {json.dumps(answer)};'
        for i, (method, answer) in enumerate(cases)
    ]
    file = folder / "cases.ts"
    file.write_text("\n".join([*lines, ANSWERS.read_text("utf-8")]), "utf-8")
    done = subprocess.run([*TSC, file], capture_output=True, text=True, check=False)
    return done.stdout


def test_at_least_twenty_methods_are_typed() -> None:
    assert len(_typed()) >= 20


def test_answers_fit_their_types(tmp_path: Path) -> None:
    assert _complaints(INVENTED + _recorded(), tmp_path) == ""


def test_a_wrong_answer_does_not_fit(tmp_path: Path) -> None:
    wrong = [("flickr.photos.search", {"photos": {"photo": []}, "stat": "ok"})]
    assert "error TS" in _complaints(wrong, tmp_path)
