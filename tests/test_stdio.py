"""Every command works with any standard streams: in any encoding, full, closed, or without a reader."""

from __future__ import annotations

import io
import json
import os
import pty
import signal
import subprocess
import sys
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
import requests

from flickr_sandbox import Sandbox
from pyflickr_web.commands.stdio import error_output, standard_streams
from tests.support.processes import start_interruptible
from tests.support.repository import ROOT
from tests.support.scripted_server import Answer, Scripted, serve
from tests.support.timeouts import TIMEOUT

PROGRAM = ("-m", "pyflickr_web")
TITLES = ["plain", "café", "雪の写真", "🐼", "half \ud83d, \udc80"]
ANSWER = {
    "photos": {
        "page": 1,
        "total": 5,
        "photo": [{"id": str(n), "title": t} for n, t in enumerate(TITLES)],
    },
    "stat": "ok",
}
ENVIRONMENTS = {
    "cp1252": {"PYTHONIOENCODING": "cp1252"},
    "ascii": {"PYTHONIOENCODING": "ascii"},
    "latin-1": {"PYTHONIOENCODING": "latin-1"},
    "utf-8": {"PYTHONIOENCODING": "utf-8"},
    "locale C": {"PYTHONUTF8": "0", "LC_ALL": "C"},
    "UTF-8 mode": {"PYTHONUTF8": "1"},
}
# Environments and commands that write in the same way as another; only `make soak` runs them.
SOAK = (
    "latin-1",
    "locale C",
    "version",
    "call --all",
    "methods NAME",
    "logout",
    "compiler --help",
    "lint.rooms --help",
    "lint.words --help",
)


def soak_some(names: Iterable[str], values: Mapping[str, Any]) -> list[Any]:
    """Return a parameter for each name, some with the mark `soak`."""
    return [
        pytest.param(values[name], id=name, marks=pytest.mark.soak if name in SOAK else ())
        for name in names
    ]


each_environment = pytest.mark.parametrize(
    "name", soak_some(ENVIRONMENTS, {name: name for name in ENVIRONMENTS})
)
# Each writes to standard output, and exits with 0 if this succeeds.
COMMANDS = {
    "help": (*PROGRAM, "--help"),
    "version": (*PROGRAM, "--version"),
    "call": (*PROGRAM, "call", "photos.getRecent"),
    "call --all": (*PROGRAM, "call", "photos.getRecent", "--all"),
    "call --table": (*PROGRAM, "call", "photos.getRecent", "--table"),
    "methods": (*PROGRAM, "methods"),
    "methods NAME": (*PROGRAM, "methods", "photos.search"),
    "whoami": (*PROGRAM, "whoami"),
    "logout": (*PROGRAM, "logout"),
    "serve": (*PROGRAM, "serve", "--port", "0"),
    "sandbox": (*PROGRAM, "sandbox", "--port", "0", "--photos", "3"),
    "compiler --help": ("-m", "compiler", "--help"),
    "compiler": ("-m", "compiler", "--methods", "flickr.test.*", "--out", "built"),
    "lint.rooms --help": ("-m", "lint.rooms", "--help"),
    "lint.words --help": ("-m", "lint.words", "--help"),
    "examples.demo": ("-m", "examples.demo", "--port", "0", "--no-browser"),
}
each_command = pytest.mark.parametrize("command", soak_some(COMMANDS, COMMANDS))
QUICK = ("help", "call", "call --all", "methods", "sandbox", "compiler --help", "compiler")
each_quick_command = pytest.mark.parametrize("command", soak_some(QUICK, COMMANDS))


@pytest.fixture(scope="module")
def flickr() -> Iterator[Scripted]:
    with serve(Answer(json.dumps(ANSWER).encode())) as script:
        yield script


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    with Sandbox(photos=3) as sandbox:
        yield sandbox


def environment(variables: dict[str, str], **more: str) -> dict[str, str]:
    """Return this environment without settings of Python's streams, for a program in this checkout."""
    prefixes = ("PYTHON", "LC_", "LANG")
    rest = {name: value for name, value in os.environ.items() if not name.startswith(prefixes)}
    return rest | {"PYTHONPATH": str(ROOT)} | variables | more


def client_settings(script: Scripted) -> dict[str, str]:
    """Return the settings of a client that calls a scripted server."""
    return {"FLICKR_API_KEY": "k", "FLICKR_BASE_URL": script.url}


def find_encoding(name: str) -> str:
    return {"locale C": "ascii", "UTF-8 mode": "utf-8"}.get(name, name)


def call(script: Scripted, name: str, *options: str) -> str:
    """Run `call`; return its decoded output. Its standard error must be empty."""
    done = subprocess.run(
        [sys.executable, *PROGRAM, "call", "photos.getRecent", *options],
        env=environment(client_settings(script), **ENVIRONMENTS[name]),
        capture_output=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, b"")
    return done.stdout.decode(find_encoding(name))


@each_environment
def test_json_is_complete_and_escapes_only_what_the_encoding_lacks(
    flickr: Scripted, name: str
) -> None:
    written = call(flickr, name)
    assert json.loads(written) == ANSWER
    assert ("café" in written) == (find_encoding(name) != "ascii")
    assert ("雪の写真" in written) == (find_encoding(name) == "utf-8")
    assert r"half \ud83d, \udc80" in written


@each_environment
def test_items_are_complete_in_any_encoding(flickr: Scripted, name: str) -> None:
    lines = call(flickr, name, "--all").splitlines()
    assert [json.loads(line)["title"] for line in lines] == TITLES


@each_environment
def test_table_has_question_marks_for_what_the_encoding_lacks(flickr: Scripted, name: str) -> None:
    encoding = find_encoding(name)
    expected = [title.encode(encoding, "replace").decode(encoding) for title in TITLES]
    lines = call(flickr, name, "--table").splitlines()[1:]
    assert lines == [f"{number:<2}  {title}" for number, title in enumerate(expected)]


def test_table_on_a_terminal_of_another_encoding(flickr: Scripted) -> None:
    master, slave = pty.openpty()
    with os.fdopen(master, "rb", buffering=0) as terminal:
        done = subprocess.run(
            [sys.executable, *PROGRAM, "call", "photos.getRecent", "--table"],
            env=environment(client_settings(flickr), PYTHONIOENCODING="ascii"),
            stdout=slave,
            stderr=slave,
            check=False,
        )
        written = terminal.read(10_000)
    os.close(slave)
    assert done.returncode == 0
    assert b"caf?" in written and b"????" in written


@pytest.mark.parametrize("encoding", ["ascii", "cp1252", "latin-1", "utf-8"])
def test_error_escapes_what_the_encoding_lacks(flickr: Scripted, encoding: str) -> None:
    done = subprocess.run(
        [sys.executable, *PROGRAM, "methods", "雪\udcff"],
        env=environment(client_settings(flickr), PYTHONIOENCODING=encoding),
        capture_output=True,
        check=False,
    )
    expected = "雪?".encode(encoding, "backslashreplace").decode(encoding)
    assert done.returncode == 1
    assert f"no method matches {expected}" in done.stderr.decode(encoding)


def run_into(
    redirection: str, command: tuple[str, ...], sandbox: Sandbox, place: Path
) -> tuple[int, str, str]:
    """Run a command with a shell's redirection; return status, standard output and standard error."""
    (place / ".env").write_text("FLICKR_ACCESS_TOKEN=t\nFLICKR_ACCESS_TOKEN_SECRET=s\n")
    done = subprocess.run(
        ["sh", "-c", f'"$0" "$@" {redirection}', sys.executable, *command],
        cwd=place,
        env=environment(sandbox.environ),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=TIMEOUT,
        check=False,
    )
    return done.returncode, done.stdout, done.stderr


@each_command
def test_full_disk_is_reported_in_one_line(
    sandbox: Sandbox, tmp_path: Path, command: tuple[str, ...]
) -> None:
    status, _, stderr = run_into("> /dev/full", command, sandbox, tmp_path)
    assert stderr == "Error: cannot write to standard output: No space left on device\n"
    assert status == 1


@each_quick_command
def test_closed_output_is_reported_in_one_line(
    sandbox: Sandbox, tmp_path: Path, command: tuple[str, ...]
) -> None:
    status, _, stderr = run_into(">&-", command, sandbox, tmp_path)
    assert stderr == "Error: cannot write to standard output: Bad file descriptor\n"
    assert status == 1


@each_quick_command
def test_output_without_a_reader_ends_the_command_quietly(
    sandbox: Sandbox, tmp_path: Path, command: tuple[str, ...]
) -> None:
    reader, writer = os.pipe()
    os.close(reader)
    with os.fdopen(writer, "wb") as output:
        done = subprocess.run(
            [sys.executable, *command],
            cwd=tmp_path,
            env=environment(sandbox.environ),
            stdout=output,
            stderr=subprocess.PIPE,
            timeout=TIMEOUT,
            check=False,
        )
    assert (done.returncode, done.stderr) == (1, b"")


@pytest.mark.parametrize("redirection", ["2>&-", "2> /dev/full"])
@pytest.mark.parametrize(
    ("command", "status"),
    [
        ((*PROGRAM, "methods", "photos.nosuch"), 1),
        ((*PROGRAM, "methods", "--nosuch"), 2),
        ((*PROGRAM, "call", "photos.search", "text=nosuch", "--table"), 0),
        (("-m", "compiler", "--reflection", "nosuch", "--out", "built"), 1),
        (("-m", "compiler", "nosuch"), 2),
    ],
)
def test_lost_messages_change_neither_status_nor_output(
    sandbox: Sandbox, tmp_path: Path, redirection: str, command: tuple[str, ...], status: int
) -> None:
    assert run_into(redirection, command, sandbox, tmp_path) == (status, "", "")


@pytest.mark.parametrize("redirection", ["2>&-", "2> /dev/full"])
def test_proxy_answers_if_its_log_is_lost(
    sandbox: Sandbox, tmp_path: Path, redirection: str
) -> None:
    words = [sys.executable, *COMMANDS["serve"]]
    with start_interruptible(
        ["sh", "-c", f'exec "$0" "$@" {redirection}', *words],
        cwd=tmp_path,
        env=environment(sandbox.environ),
        stdout=subprocess.PIPE,
    ) as process:
        try:
            assert process.stdout
            url = process.stdout.readline().split(";")[0].split()[-1]
            for _ in range(2):
                answer = requests.get(url, {"method": "flickr.photos.getRecent"}, timeout=TIMEOUT)
                assert answer.status_code == 200
            process.send_signal(signal.SIGINT)
            assert process.wait(TIMEOUT) == 0
        finally:
            process.kill()


def test_closed_input_is_reported_in_one_line(sandbox: Sandbox, tmp_path: Path) -> None:
    words = (*PROGRAM, "login", "--no-browser")
    status, _, stderr = run_into("<&-", words, sandbox, tmp_path)
    assert status == 1
    assert stderr.splitlines()[-1].startswith("Error: no code was typed")


def test_ctrl_c_ends_the_demo_silently() -> None:
    with start_interruptible(
        [sys.executable, *COMMANDS["examples.demo"]],
        cwd=ROOT,
        env=environment({}),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as process:
        try:
            assert process.stdout and process.stdout.readline()
            process.send_signal(signal.SIGINT)
            assert process.communicate(timeout=TIMEOUT) == ("\n", "")
            assert process.returncode == 0
        finally:
            process.kill()


def test_ctrl_c_ends_a_command_in_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    stderr = io.StringIO()
    monkeypatch.setattr(sys, "stderr", stderr)
    with pytest.raises(SystemExit) as ended, standard_streams():
        raise KeyboardInterrupt
    assert ended.value.code == 1
    assert stderr.getvalue() == "\ninterrupted\n"


def test_log_of_a_process_with_closed_error_output_is_dropped(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(sys, "stderr", None)
    with closing(error_output()) as log:
        assert log.write("a line\n")
        log.flush()


def test_streams_are_restored() -> None:
    before = sys.stdin, sys.stdout, sys.stderr
    with standard_streams():
        assert sys.stdout is not before[1]
        assert error_output() is sys.stderr
    assert (sys.stdin, sys.stdout, sys.stderr) == before


@pytest.mark.parametrize("folder", ["bench", "compiler", "examples", "pyflickr_web"])
def test_every_program_uses_these_streams(folder: str) -> None:
    main = 'if __name__ == "__main__":\n'
    # Programs in `proxied` are parts of a benchmark.
    files = [file for file in (ROOT / folder).rglob("*.py") if file.parent.name != "proxied"]
    starts = [
        text.partition(main)[2] for file in files if main in (text := file.read_text("utf-8"))
    ]
    assert starts
    # The package's command uses them in `main`.
    expected = (
        "    with standard_streams():\n",
        "    main()\n" if folder == "pyflickr_web" else "\0",
    )
    assert [start for start in starts if not start.startswith(expected)] == []
