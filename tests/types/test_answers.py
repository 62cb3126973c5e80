"""Recorded and invented answers fit the types of answers, in the data, in TypeScript and in Python."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import get_type_hints
from xml.etree import ElementTree as ET

import pytest

from compiler.answers.model import Reference, Shape
from compiler.reflect import parse
from pyflickr_web import answers
from tests.support import recordings
from tests.support.answer_names import find_name_mismatches
from tests.support.repository import ROOT
from tests.types.answer_cases import TYPES, WRONG, Case, list_invented, list_recorded
from tests.types.old_answers import OLD, find_old

TSC = ROOT / "node_modules" / ".bin" / "tsc"
OPTIONS = "--strict --noEmit --pretty false --target es2022 --module nodenext"
INVENTED = list(list_invented())
RECORDED = list(list_recorded())
IN_XML = [
    (method, file)
    for method in TYPES.methods
    for file in recordings.files(method, "*-xml-ok-*.json")
]
OF_TODAY = [case for case in RECORDED if not case.mismatches]
# A method that answers though the reflection does not list it.
UNLISTED = {"flickr.video.getStreamInfo"}
# An error of tsc or mypy: the line, and the message.
ERROR = re.compile(r"cases\.(?:ts\((\d+),\d+\)|py:(\d+)): (error.*)")
Complaints = dict[str, list[str]]


@pytest.mark.parametrize("case", INVENTED, ids=lambda case: case.name)
def test_invented_answer_fits(case: Case) -> None:
    assert case.mismatches == []


@pytest.mark.parametrize("case", RECORDED, ids=lambda case: case.name)
def test_recorded_answer_fits_or_is_old(case: Case) -> None:
    assert [line for line in case.mismatches if find_old(case.method, line) is None] == []


@pytest.mark.skipif(len(recordings.folders()) < 2, reason="needs both folders of recordings")
def test_every_old_difference_is_recorded() -> None:
    used = {find_old(case.method, line) for case in RECORDED for line in case.mismatches}
    assert [OLD[number] for number in range(len(OLD)) if number not in used] == []


@pytest.mark.parametrize("case", WRONG, ids=lambda case: case.name)
def test_wrong_answer_does_not_fit(case: Case) -> None:
    assert len(case.mismatches) > 0


@pytest.mark.parametrize(("method", "file"), IN_XML, ids=[file.stem for _, file in IN_XML])
def test_recorded_answer_in_xml_has_the_names_of_its_type(method: str, file: Path) -> None:
    root = ET.fromstring(recordings.body(file).strip())
    assert find_name_mismatches(TYPES, method, root) == []


@pytest.mark.parametrize(
    ("method", "xml", "mismatch"),
    [
        ("panda.getList", "<pandas/>", []),
        ("panda.getList", "<pandas><panda/></pandas>", []),
        ("panda.getList", "", ["pandas: missing"]),
        ("panda.getList", "<pandas a='1'/>", ["pandas.a: unknown"]),
        ("panda.getList", "<pandas><panda b='1'>a</panda></pandas>", ["pandas.panda.b: unknown"]),
        ("photos.getContext", "<count>1</count><prevphoto id='0'/>", ["nextphoto: missing"]),
        ("test.echo", "<anything>1</anything>", []),
        (
            "places.getTopPlacesList",
            "<places><place a='1'/></places>",
            ["places.total: missing", "places.date_start: missing", "places.date_stop: missing"],
        ),
    ],
)
def test_names_in_xml_are_compared(method: str, xml: str, mismatch: list[str]) -> None:
    root = ET.fromstring(f"<rsp stat='ok'>{xml}</rsp>")
    assert find_name_mismatches(TYPES, f"flickr.{method}", root) == mismatch


def test_every_recorded_method_has_a_type() -> None:
    recorded = {file.parent.name for file in recordings.files("flickr.*") if "-ok-" in file.name}
    assert recorded <= TYPES.methods.keys()


def test_typed_methods_exist() -> None:
    known = {method.name for method in parse.read_snapshot().methods}
    assert TYPES.methods.keys() - known == UNLISTED
    assert len(TYPES.methods) >= 101


@pytest.fixture(scope="module")
def typescript(tmp_path_factory: pytest.TempPathFactory) -> Complaints:
    """Run tsc once on all answers; return its messages by the case's name."""
    folder = tmp_path_factory.mktemp("typescript")
    declarations = (ROOT / "browser_dist" / "flickrapi.d.ts").read_text("utf-8")
    (folder / "flickrapi.d.ts").write_text(declarations, "utf-8")
    start = 'import type Flickr from "./flickrapi.js";'
    texts = [
        f'export const case{number}: Flickr.Answers["{case.method}"] = '
        f"{json.dumps(case.answer, indent=1)};"
        for number, case in enumerate([*INVENTED, *OF_TODAY, *WRONG])
    ]
    command = [str(TSC), *OPTIONS.split(), "cases.ts"]
    return _check(folder / "cases.ts", start, texts, [*INVENTED, *OF_TODAY, *WRONG], command)


@pytest.fixture(scope="module")
def python(tmp_path_factory: pytest.TempPathFactory) -> Complaints:
    """Run mypy once on the invented and wrong answers; return its messages by the case's name."""
    folder = tmp_path_factory.mktemp("python")
    module = (ROOT / "pyflickr_web" / "_generated" / "answers.py").read_text("utf-8")
    (folder / "answers.py").write_text(module, "utf-8")
    texts = [
        f"case{number}: answers.{TYPES.methods[case.method]} = {case.answer!r}"
        for number, case in enumerate([*INVENTED, *WRONG])
    ]
    command = [sys.executable, "-m", "mypy", "--strict", "--config-file=", "--no-incremental"]
    command += ["--hide-error-context", "cases.py"]
    return _check(folder / "cases.py", "import answers", texts, [*INVENTED, *WRONG], command)


def _check(
    file: Path, start: str, texts: list[str], cases: list[Case], command: list[str]
) -> Complaints:
    """Write a program of `texts`, one for each case, and run a type checker on it."""
    lines, owners = [start], [""]
    for case, text in zip(cases, texts, strict=True):
        lines += text.split("\n")
        owners += [case.name] * (text.count("\n") + 1)
    file.write_text("\n".join([*lines, ""]), "utf-8")
    done = subprocess.run(command, cwd=file.parent, capture_output=True, text=True, check=False)
    assert done.returncode in (0, 1, 2), done.stderr
    found: Complaints = {}
    for match in ERROR.finditer(done.stdout):
        line = int(match[1] or match[2]) - 1
        text = f"{lines[line].strip()[:60]}  <-- {match[3]}"
        found.setdefault(owners[line], []).append(text)
    assert "" not in found, found[""]
    assert found, f"no errors, not even for the wrong answers: {done.stdout}{done.stderr}"
    return found


@pytest.mark.parametrize("name", answers.__all__)
def test_typed_dictionary_has_the_fields_of_the_data(name: str) -> None:
    type_ = getattr(answers, name)
    shape = TYPES.resolve(Reference(name))
    if not isinstance(shape, Shape) or shape.others:
        assert not hasattr(type_, "__required_keys__")
        return
    fields = TYPES.list_fields(shape)
    assert type_.__optional_keys__ == {each.name for each in fields.values() if each.optional}
    assert type_.__required_keys__ == {each.name for each in fields.values() if not each.optional}
    assert get_type_hints(type_).keys() == fields.keys()


@pytest.mark.parametrize("case", [*INVENTED, *OF_TODAY], ids=lambda case: case.name)
def test_answer_fits_in_typescript(case: Case, typescript: Complaints) -> None:
    assert typescript.get(case.name, []) == []


@pytest.mark.parametrize("case", WRONG, ids=lambda case: case.name)
def test_wrong_answer_does_not_fit_in_typescript(case: Case, typescript: Complaints) -> None:
    assert typescript.get(case.name)


@pytest.mark.parametrize("case", INVENTED, ids=lambda case: case.name)
def test_answer_fits_in_python(case: Case, python: Complaints) -> None:
    assert python.get(case.name, []) == []


@pytest.mark.parametrize("case", WRONG, ids=lambda case: case.name)
def test_wrong_answer_does_not_fit_in_python(case: Case, python: Complaints) -> None:
    assert python.get(case.name)
