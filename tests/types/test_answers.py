"""The hand-written types of answers have every field of recorded, invented and sandbox answers.

Without recordings, only the sandbox's answers and the invented ones in the folder `answers` are checked.
"""

from __future__ import annotations

import json
import re
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from compiler.reflect import parse
from flickr_sandbox.answers import entries
from flickr_sandbox.reflection import methods
from tests.support import recordings
from tests.support.local_api import LocalApi
from tests.support.repository import ROOT
from tests.support.sample_arguments import arguments

TYPES = ROOT / "templates" / "types" / "answers.d.ts"
TSC = ROOT / "node_modules" / ".bin" / "tsc"
OPTIONS = (
    "--strict --noEmit --pretty false --target es2022 --module es2022 --moduleResolution bundler"
)
INVENTED = Path(__file__).parent / "answers"
METHODS = re.findall(
    r'^\s*"(flickr\.[\w.]+)":', TYPES.read_text("utf-8").partition("interface Answers")[2], re.M
)
WRAPPED = re.compile(r"[\w$.]+\((.*)\);?", re.S)
COMPLAINT = re.compile(r"cases\.ts\((\d+),\d+\): (error TS\d+: .*)")


@dataclass(frozen=True)
class Case:
    name: str
    method: str
    answer: Any


def _answer(body: str) -> Any:
    """Return the JSON of a body if it is an ok answer, else None."""
    text = body.strip()
    wrapped = WRAPPED.fullmatch(text)
    try:
        answer = json.loads(wrapped[1] if wrapped else text)
    except json.JSONDecodeError:
        return None
    return answer if isinstance(answer, dict) and answer.get("stat") == "ok" else None


def _list_recorded() -> Iterator[Case]:
    for method in METHODS:
        for path in recordings.files(method):
            answer = _answer(recordings.body(path))
            if answer is not None:
                yield Case(f"{method}/{path.stem}", method, answer)


def _list_invented() -> Iterator[Case]:
    for path in sorted(INVENTED.glob("*.json")):
        yield Case(f"invented/{path.stem}", path.stem, json.loads(path.read_text("utf-8")))


def _list_sandbox_answers() -> Iterator[Case]:
    """Yield the sandbox's answers to calls of the account, with required and with all arguments."""
    api = LocalApi()
    api.save()
    for method in (methods()[name] for name in METHODS if name in entries()):
        for optional, case in ((False, "few"), (True, "many")):
            api.restore()
            given = arguments(api, method, optional)
            answer = api.call(method.name.removeprefix("flickr."), **given)
            if answer["stat"] == "ok":
                yield Case(f"sandbox/{method.name}/{case}", method.name, answer)
    api.close()


PHOTOS = {"page": 1, "pages": 1, "perpage": 100, "total": "0", "photo": []}
VALID = [*_list_invented(), *_list_recorded(), *_list_sandbox_answers()]
WRONG = [
    Case("wrong type", "flickr.photos.search", {"photos": PHOTOS | {"photo": "0"}, "stat": "ok"}),
    Case("unknown field", "flickr.photos.search", {"photos": PHOTOS | {"sum": 0}, "stat": "ok"}),
    Case("field missing", "flickr.photos.search", {"stat": "ok"}),
    Case("failure", "flickr.photos.search", {"photos": PHOTOS, "stat": "fail"}),
]


@pytest.fixture(scope="module")
def complaints(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[str]]:
    """Run tsc once on all cases; return its messages by the case's name."""
    folder = tmp_path_factory.mktemp("answers")
    (folder / "answers.d.ts").write_text(TYPES.read_text("utf-8"), "utf-8")
    lines = ['import type { Answers } from "./answers";']
    owner = [""]
    for number, case in enumerate([*VALID, *WRONG]):
        literal = json.dumps(case.answer, indent=1)
        text = f'export const case{number}: Answers["{case.method}"] = {literal};'.split("\n")
        lines += text
        owner += [case.name] * len(text)
    (folder / "cases.ts").write_text("\n".join([*lines, ""]), "utf-8")
    command = [str(TSC), *OPTIONS.split(), "cases.ts"]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)

    found: dict[str, list[str]] = {}
    current: list[str] = []
    for line in done.stdout.splitlines():
        if match := COMPLAINT.match(line):
            at = int(match[1]) - 1
            current = found.setdefault(owner[at], [])
            current.append(f"{lines[at].strip()[:60]}  <-- {match[2]}")
        elif line.startswith(" ") and current:
            current.append(line)
        else:
            pytest.fail(f"unexpected output of tsc: {line}\n{done.stderr}")
    assert done.returncode in (1, 2), done.stderr
    return found


@pytest.mark.parametrize("case", VALID, ids=lambda case: case.name)
def test_an_answer_fits_its_type(case: Case, complaints: dict[str, list[str]]) -> None:
    if messages := complaints.get(case.name):
        pytest.fail("\n".join([f"{case.method} does not fit:", *messages]), pytrace=False)


@pytest.mark.parametrize("case", WRONG, ids=lambda case: case.name)
def test_wrong_answer_does_not_fit(case: Case, complaints: dict[str, list[str]]) -> None:
    assert "error TS" in "\n".join(complaints.get(case.name, []))


def test_much_used_methods_are_typed_and_exist() -> None:
    known = {method.name for method in parse.read(parse.SNAPSHOT).methods}
    assert len(METHODS) == len(set(METHODS)) >= 26
    assert set(METHODS) <= known
    assert {case.method for case in VALID} <= set(METHODS)
