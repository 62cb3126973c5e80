"""A FIFO, a device or a loop of links in place of a file is an error of one line, without waiting."""

from __future__ import annotations

import io
import os
import subprocess
import sys
from collections.abc import Callable
from contextlib import redirect_stderr
from pathlib import Path

import pytest

from compiler import manifest
from compiler.__main__ import main
from compiler.reflect.parse import LISTING
from tests.compiler.reflection_server import KEY, Script, serve
from tests.compiler.reflections import method, write
from tests.support.irregular_paths import KINDS, put
from tests.support.loops import run_in_thread
from tests.support.repository import ROOT
from tests.support.timeouts import TIMEOUT

NAME = "flickr.things.get"
Compile = Callable[..., tuple[int, str]]
pytestmark = pytest.mark.skipif(os.name != "posix", reason="no FIFOs, and links need rights")


@pytest.fixture
def compiler(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Compile:
    """Return a function that runs the compiler in an empty folder; it returns exit status and stderr.

    With a FIFO it starts a process, which is killed if it hangs.
    """
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("FLICKR_API_KEY", raising=False)
    monkeypatch.setenv("PYTHONPATH", str(ROOT))

    def run(kind: str, *arguments: str | Path) -> tuple[int, str]:
        given = [*map(str, arguments)]
        if kind == "fifo":
            command = [sys.executable, "-m", "compiler", *given]
            done = subprocess.run(command, capture_output=True, text=True, timeout=TIMEOUT)
            return done.returncode, done.stderr
        stderr = io.StringIO()
        with redirect_stderr(stderr):
            return run_in_thread(lambda: main(given)), stderr.getvalue()

    return run


def _describe_kind(kind: str) -> str:
    return "Too many levels of symbolic links" if kind == "loop" else "not a regular file"


@pytest.mark.parametrize("kind", KINDS)
def test_irregular_file_in_a_reflection_is_a_problem_of_it(
    kind: str, compiler: Compile, tmp_path: Path
) -> None:
    folder = write(tmp_path / "in", method(NAME))
    put(kind, folder / f"methods/{NAME}.json")
    assert compiler(kind, "--reflection", folder, "--out", tmp_path / "out") == (
        1,
        f"compiler: the reflection has 1 problem:\n"
        f"  methods/{NAME}.json: cannot be read ({_describe_kind(kind)})\n",
    )
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("kind", ["fifo", "device", "loop"])
def test_irregular_file_as_the_reflection_is_refused(
    kind: str, compiler: Compile, tmp_path: Path
) -> None:
    path = put(kind, tmp_path / "in")
    status, stderr = compiler(kind, "--reflection", path, "--out", tmp_path / "out")
    assert (status, stderr) == (
        1,
        f"compiler: no reflection at {path} (Too many levels of symbolic links): name a folder or "
        "a snapshot file that exists\n"
        if kind == "loop"
        else f"compiler: {path} is neither a folder nor a regular file: save the reflection as one\n",
    )


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(
    "name", [manifest.MANIFEST, pytest.param("flickrapi.js", marks=pytest.mark.soak)]
)
def test_irregular_file_in_place_of_an_output_keeps_all_outputs_unwritten(
    kind: str, name: str, compiler: Compile, tmp_path: Path
) -> None:
    folder = write(tmp_path / "in", method(NAME))
    (tmp_path / "out").mkdir()
    target = put(kind, tmp_path / "out" / name)
    status, stderr = compiler(kind, "--reflection", folder, "--out", tmp_path / "out")
    assert (status, stderr) == (
        1,
        f"compiler: cannot write {target}: {_describe_kind(kind)}; nothing was written\n",
    )
    assert [path.name for path in (tmp_path / "out").iterdir()] == [name]


@pytest.mark.parametrize("kind", ["fifo", "loop"])
def test_irregular_file_in_place_of_the_output_folder_is_refused(
    kind: str, compiler: Compile, tmp_path: Path
) -> None:
    out = put(kind, tmp_path / "out")
    assert compiler(kind, "--methods", "flickr.test.*", "--out", out) == (
        1,
        f"compiler: cannot write to {out} (Not a directory): choose another folder\n",
    )


@pytest.mark.parametrize("kind", ["fifo", "loop"])
def test_irregular_file_in_place_of_the_fetch_folder_is_refused(
    kind: str, compiler: Compile, tmp_path: Path
) -> None:
    out = put(kind, tmp_path / "kept")
    with serve(Script([NAME])) as script:
        given = ("fetch", "--api-key", KEY, "--base-url", script.url, "--out", out)
        status, stderr = compiler(kind, *given, "--no-progress")
    assert (status, stderr) == (1, f"compiler: cannot write {LISTING}: Not a directory\n")


@pytest.mark.parametrize("kind", KINDS)
def test_irregular_file_in_place_of_a_fetched_answer_ends_fetch(
    kind: str, compiler: Compile, tmp_path: Path
) -> None:
    kept = tmp_path / "kept"
    (kept / "methods").mkdir(parents=True)
    put(kind, kept / f"methods/{NAME}.json")
    with serve(Script([NAME])) as script:
        given = ("fetch", "--api-key", KEY, "--base-url", script.url, "--out", kept)
        status, stderr = compiler(kind, *given, "--no-progress")
    assert (status, stderr) == (
        1,
        f"compiler: cannot write methods/{NAME}.json: {_describe_kind(kind)}\n",
    )
    assert {path.name for path in kept.iterdir()} == {LISTING, "methods"}


@pytest.mark.parametrize("kind", ["fifo", "device", "loop"])
def test_irregular_file_in_place_of_the_env_file_is_refused(
    kind: str, compiler: Compile, tmp_path: Path
) -> None:
    put(kind, tmp_path / ".env")
    assert compiler(kind, "fetch") == (
        1,
        f"compiler: .env cannot be read: {_describe_kind(kind)}\n",
    )


def test_folder_named_env_is_no_env_file(compiler: Compile, tmp_path: Path) -> None:
    put("directory", tmp_path / ".env")
    with pytest.raises(SystemExit, match="2"):
        compiler("directory", "fetch")
