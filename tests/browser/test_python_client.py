"""In every engine, the client in PyScript passes all vectors, calls and uploads."""

from __future__ import annotations

import json
from collections.abc import Iterator
from itertools import product

import pytest

from examples.demo.server import Demo
from examples.pyscript.folder import write
from flickr_sandbox import Sandbox
from tests.browser.engines import NAMES, in_engine, soak_unless
from tests.browser.lab import EDITIONS, INTERPRETERS, UPLOADS, open_lab
from tests.browser.origin import total
from tests.support.engines.engine import Engine, read_report
from tests.support.vectors import find_problems, vectors
from tests.support.wheels import can_build

VECTOR_PAGES = [
    in_engine(
        name,
        kind,
        thread,
        edition,
        marks=soak_unless(
            thread == "main" and (edition == "production" if name == "chromium" else kind == "mpy")
        ),
    )
    for name, kind, thread, edition in product(NAMES, INTERPRETERS, ("main", "worker"), EDITIONS)
]
CALL_PAGES = [
    in_engine(name, kind, edition, marks=soak_unless(kind == "mpy"))
    for name, kind, edition in product(NAMES, INTERPRETERS, EDITIONS)
]
UPLOAD_PAGES = [
    in_engine(name, kind, edition, marks=[*marks, *soak_unless(kind == "mpy")])
    for name in NAMES
    for kind, edition, marks in (
        ("mpy", "production", []),
        ("py", "production", []),
        ("py", "wheel", [can_build]),
    )
]


@pytest.fixture(scope="module")
def lab(sandbox: Sandbox, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    folder = tmp_path_factory.mktemp("folder")
    write(folder)
    with open_lab(sandbox, folder, tmp_path_factory.mktemp("wheel")) as demo:
        yield demo


@pytest.mark.parametrize(("engine", "kind", "thread", "edition"), VECTOR_PAGES, indirect=["engine"])
def test_module_passes_every_vector(
    engine: Engine, lab: Demo, kind: str, thread: str, edition: str
) -> None:
    engine.open(f"{lab.url}lab/{kind}/{thread}/{edition}")
    records = json.loads(read_report(engine))
    assert find_problems(records, edition, vectors(edition, "python")) == {}


@pytest.mark.parametrize(("engine", "kind", "edition"), UPLOAD_PAGES, indirect=["engine"])
def test_files_and_bytes_are_uploaded_unchanged(
    engine: Engine, lab: Demo, kind: str, edition: str
) -> None:
    UPLOADS.clear()
    engine.open(f"{lab.url}lab/{kind}/main/{edition}/upload")
    assert read_report(engine) == "1 2 True"
    first, second = UPLOADS
    assert 'name="title"\r\n\r\né\r\n'.encode() in first
    assert b'name="tags"\r\n\r\n"happy fox" x\r\n' in first
    assert b'name="photo"; filename="fox.jpg"' in first and b"\r\n\r\nJPEG\r\n" in first
    assert b'name="is_public"\r\n\r\n0\r\n' in second
    assert b"\r\n\r\n" + bytes(range(256)) + b"\r\n" in second


@pytest.mark.parametrize(("engine", "kind", "edition"), CALL_PAGES, indirect=["engine"])
def test_calls_reach_flickr_and_failures_are_described(
    engine: Engine, lab: Demo, flickr: Sandbox, kind: str, edition: str
) -> None:
    engine.open(f"{lab.url}lab/{kind}/main/{edition}/calls")
    report = json.loads(read_report(engine))
    assert report["direct"] == total(flickr, "red panda")
    assert report["listed"] == total(flickr, "lake")
    refused, code, status = report["refused"]
    assert "Parameterless searches" in refused and (code, status) == (3, 200)
    no_cors, code, status = report["no CORS"]
    assert "no answer" in no_cors and (code, status) == (None, None)
