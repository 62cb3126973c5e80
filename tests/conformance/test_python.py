"""Every Python module meets the conformance vectors, in every interpreter that is to run it."""

from __future__ import annotations

import asyncio
import copy
import inspect
import json
import pydoc
import subprocess
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from compiler.__main__ import OUT, main
from compiler.python.wheel import build_for_pages
from tests.conformance.cpython import PACKAGE, import_client, run_here
from tests.conformance.fake_js import Script
from tests.support.loops import run
from tests.support.timeouts import TIMEOUT
from tests.support.vectors import FILES, HERE, Problems, judge_all, vectors
from tests.support.wheels import can_build

EDITIONS = {"pyflickr_web.py": "production", "pyflickr_web.dev.py": "dev"}
CASES = [
    *(
        (interpreter, file)
        for interpreter in ("cpython", "micropython", "pyodide")
        for file in EDITIONS
    ),
    ("cpython", PACKAGE),
]


@pytest.mark.parametrize(
    ("interpreter", "module", "name"),
    [
        (interpreter, module, vector["name"])
        for interpreter, module in CASES
        for vector in vectors(EDITIONS.get(module, "dev"), "python")
    ],
)
def test_module_meets_the_vector(interpreter: str, module: str, name: str) -> None:
    assert run_once(interpreter, module)[name] == []


@pytest.mark.soak
@pytest.mark.parametrize("module", EDITIONS)
@pytest.mark.parametrize("interpreter", ["micropython-previous", "pyodide-previous"])
def test_module_meets_every_vector_in_the_releases_before(interpreter: str, module: str) -> None:
    problems_by_name = run_once(interpreter, module)
    assert len(problems_by_name) == len(vectors(EDITIONS[module], "python"))
    assert {name: problems for name, problems in problems_by_name.items() if problems} == {}


@cache
def run_once(interpreter: str, module: str) -> Problems:
    """Run all vectors on a module in an interpreter; return problems by vector."""
    edition = EDITIONS.get(module, "dev")
    records = (
        run_here(module, edition)
        if interpreter == "cpython"
        else _in_node(interpreter, module, edition)
    )
    return judge_all(records, edition)


def _in_node(
    interpreter: str, module: str | Path, edition: str, files: list[Path] = FILES
) -> dict[str, Any]:
    command: list[str | Path] = [
        "node",
        HERE / "python.mjs",
        interpreter,
        OUT / module,
        edition,
        *files,
    ]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=TIMEOUT)
    assert done.returncode == 0, done.stderr
    records: dict[str, Any] = json.loads(done.stdout)
    return records


def test_signature_in_the_page_has_the_arguments_of_a_method() -> None:
    with import_client("pyflickr_web.dev.py") as (module, js):
        js.__dict__.update(Script([], lambda: None).module().__dict__)
        flickr = module.Flickr(api_key="0123key")
        assert str(inspect.signature(flickr.photos.getInfo)) == "(*, photo_id, secret=None)"
        assert "text" in inspect.signature(flickr.photos.search).parameters
        assert list(inspect.signature(type(flickr.photos.search)).parameters) == ["client", "name"]


def test_calls_run_as_tasks_though_a_forgotten_await_is_reported() -> None:
    with import_client("pyflickr_web.dev.py") as (module, js):
        answers = [{"json": {"stat": "ok", "page": page}} for page in range(3)]
        js.__dict__.update(Script(list(answers), lambda: None).module().__dict__)
        flickr = module.Flickr(api_key="0123key")

        async def call_three() -> list[int]:
            call = flickr.photos.search
            task = asyncio.create_task(call(text="a"))
            found = await asyncio.gather(task, call(text="b"), asyncio.wait_for(call(text="c"), 9))
            return sorted(answer["page"] for answer in found)

        assert run(call_three()) == [0, 1, 2]
        with pytest.raises(TypeError, match=r"await flickr\.photos\.search\(…\)"):
            flickr.photos.search(text="x")["photos"]
        with pytest.raises(TypeError, match=r"await flickr\.photos\.search\(…\)"):
            list(flickr.photos.search(text="x"))
        with pytest.raises(TypeError, match=r"await flickr\.call\(…\)"):
            flickr.call("photos.search", text="x")["photos"]
        with pytest.raises(TypeError, match=r"await flickr\.upload\(…\)"):
            flickr.upload(photo=b"x")["photoid"]


def test_dir_and_help_tell_what_is_there() -> None:
    with import_client("pyflickr_web.dev.py") as (module, js):
        js.__dict__.update(Script([], lambda: None).module().__dict__)
        flickr = module.Flickr(api_key="0123key")
        assert {"search", "getInfo", "comments"} <= set(dir(flickr.photos))
        text = pydoc.plain(pydoc.render_doc(flickr.photos.search))
        assert "per_page: " in text and "https://www.flickr.com/services/api/" in text
        with pytest.raises(
            AttributeError, match=r"flickr\.photos has no serach; did you mean search\?"
        ):
            _ = flickr.photos.serach
        with pytest.raises(AttributeError, match=r"^flickr has no photo; did you mean photos\?"):
            _ = flickr.photo
        with pytest.raises(AttributeError, match=r"^flickr has no zebra$"):
            _ = flickr.zebra
        assert "api_key" in flickr.options and [*flickr.options] == ["api_key"]
        assert "0123key" not in repr(flickr) + repr(flickr.options) + repr(flickr.photos.search)


@pytest.mark.parametrize("module", [*EDITIONS, PACKAGE])
def test_copy_of_a_namespace_calls_as_it_does(module: str) -> None:
    with import_client(module) as (there, js):
        js.__dict__.update(Script([], lambda: None).module().__dict__)
        flickr = there.Flickr(api_key="0123key")
        assert copy.copy(flickr.photos).search is flickr.photos.search


@can_build
@pytest.mark.soak
def test_wheel_meets_every_vector(tmp_path: Path) -> None:
    wheel, _ = build_for_pages(tmp_path)
    problems_by_name = judge_all(_in_node("pyodide", wheel, "dev"), "dev")
    assert len(problems_by_name) == len(vectors("dev", "python"))
    assert {name: problems for name, problems in problems_by_name.items() if problems} == {}


@pytest.mark.parametrize(
    "interpreter", ["micropython", pytest.param("pyodide", marks=pytest.mark.soak)]
)
def test_help_shows_the_arguments_of_a_method(interpreter: str) -> None:
    file = OUT / "pyflickr_web.dev.py"
    command: list[str | Path] = ["node", HERE / "help.mjs", interpreter, file]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=TIMEOUT)
    assert done.returncode == 0, done.stderr
    assert "per_page: " in done.stdout and "flickr.photos.search.html" in done.stdout
    # Other objects have the help of the interpreter.
    assert "<class 'int'>" in done.stdout or "class int" in done.stdout


@pytest.mark.parametrize("module", [*EDITIONS, PACKAGE])
def test_subclass_makes_clients_of_its_own_class(module: str) -> None:
    with import_client(module) as (there, js):
        js.__dict__.update(Script([], lambda: None).module().__dict__)
        kind: Any = type("Mine", (there.Flickr,), {})
        flickr = kind.token_only(api_key="0123key")
        assert type(flickr) is type(flickr.with_options(retries=1)) is kind
        assert dict(flickr.options) == {"api_key": "0123key"}


@pytest.mark.parametrize("module", EDITIONS)
def test_errors_name_the_public_classes(module: str) -> None:
    with import_client(module) as (there, js):
        js.__dict__.update(Script([], lambda: None).module().__dict__)
        with pytest.raises(TypeError, match=r"^Flickr\.__init__\(\)"):
            there.Flickr("0123key")
        with pytest.raises(there.FlickrError) as caught:
            there.Flickr(api_key="0123key", secret="s")
        assert caught.type.__qualname__ == "FlickrError"


def test_option_fetch_sends_the_requests() -> None:
    with import_client("pyflickr_web.py") as (module, js):
        here, there = Script([], lambda: None), Script([{"json": {"stat": "ok"}}], lambda: None)
        js.__dict__.update(here.module().__dict__)
        flickr = module.Flickr(endpoint="/services/rest/", fetch=there.fetch)
        assert run(flickr.test.echo()) == {"stat": "ok"}
    assert not here.requests and there.requests


@pytest.fixture(scope="module")
def small_build(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a build with the methods `flickr.test.*` alone."""
    folder = tmp_path_factory.mktemp("small")
    assert main(["all", "--methods", "flickr.test.*", "--out", str(folder)]) == 0
    return folder


@pytest.mark.parametrize("module", EDITIONS)
def test_method_left_out_of_a_build_is_refused_without_a_proxy_all_the_same(
    module: str, small_build: Path
) -> None:
    script = Script([], lambda: None)
    with import_client(small_build / module) as (there, js):
        js.__dict__.update(script.module().__dict__)
        flickr = there.Flickr.token_only(api_key="0123key")
        with pytest.raises(there.FlickrError, match=r"flickr\.photos\.delete needs signing"):
            run(flickr.call("photos.delete", photo_id=1))
        assert "photos" not in dir(flickr)
    assert not script.requests
