"""`python -m compiler fetch` fetches a whole reflection, in spite of failures and interruptions."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import traceback
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import TypeVar

import aiohttp
import pytest

import compiler.reflect.fetch
from compiler.__main__ import main
from compiler.errors import CompilerError
from compiler.reflect import parse
from compiler.reflect.fetch import FetchOptions, FetchReport, fetch
from tests.compiler.reflection_server import KEY, Fault, Script, serve
from tests.support.endless_server import endless
from tests.support.loops import run_in_thread
from tests.support.processes import start_interruptible
from tests.support.repository import ROOT

NAMES = [f"flickr.things.get{letter}" for letter in "ABCDEFGHIJ"]
Result = TypeVar("Result")
LISTING = "flickr.reflection.getMethods"
A = NAMES[0]
FAIL_105 = '{"stat":"fail","code":105,"message":"Service currently unavailable"}'


@pytest.fixture
def script() -> Iterator[Script]:
    with serve(Script(list(NAMES))) as script:
        yield script


def _fetch(script: Script, out: Path, parallel: int = 8) -> tuple[FetchReport, list[float]]:
    pauses: list[float] = []

    async def sleep(seconds: float) -> None:
        pauses.append(seconds)

    options = FetchOptions(KEY, out, script.url, False, parallel, retries=2)
    return run_in_thread(lambda: fetch(options, sleep)), pauses


def test_all_methods_are_fetched_and_can_be_built(script: Script, tmp_path: Path) -> None:
    report, _ = _fetch(script, tmp_path / "in")
    assert report == FetchReport(total=10, fetched=10, cached=0)
    assert sorted(script.requested) == sorted([LISTING, *NAMES])
    assert [m.name for m in parse.read(tmp_path / "in").methods] == NAMES
    assert main(["--reflection", str(tmp_path / "in"), "--out", str(tmp_path / "out")]) == 0


def test_second_run_fetches_only_what_is_missing(script: Script, tmp_path: Path) -> None:
    _fetch(script, tmp_path)
    (tmp_path / f"methods/{A}.json").unlink()
    (tmp_path / f"methods/{NAMES[1]}.json").write_text('{"meth', "utf-8")
    script.requested.clear()
    report, _ = _fetch(script, tmp_path)
    assert sorted(script.requested) == [LISTING, A, NAMES[1]]
    assert report == FetchReport(total=10, fetched=2, cached=8)


@pytest.mark.parametrize(
    "fault",
    [
        Fault(429),
        Fault(500, "oops"),
        Fault(502, "<html>Bad Gateway</html>"),
        Fault(200, "<html>"),
        Fault(200, ""),
        Fault(200, '{"method":{"na'),
        Fault(200, "[]"),
        Fault(200, FAIL_105),
        Fault(200, '{"stat":"fail","code":0}'),
        Fault(200, '{"stat":"fail","code":"201"}'),
        Fault(200, '{"stat":"fail","code":[]}'),
        Fault(200, "[" * 200_000),
        Fault(429, headers={"Retry-After": "Wed, 21 Oct 99999999999999999 07:28:00 GMT"}),
    ],
)
@pytest.mark.parametrize("name", [LISTING, A])
def test_temporary_failure_is_retried(
    fault: Fault, name: str, script: Script, tmp_path: Path
) -> None:
    script.faults[name] = [fault]
    report, pauses = _fetch(script, tmp_path)
    assert report.total == 10
    assert script.requested.count(name) == 2
    assert len(pauses) == 1 and 0.5 <= pauses[0] <= 1


def test_dropped_connection_is_retried(script: Script, tmp_path: Path) -> None:
    script.faults[A] = [Fault(None)] * 3
    assert _fetch(script, tmp_path)[0].total == 10


def test_retry_after_is_obeyed_in_seconds_and_as_a_date(script: Script, tmp_path: Path) -> None:
    past = {"Retry-After": "Wed, 21 Oct 2015 07:28:00 GMT"}
    script.faults[A] = [Fault(429, headers={"Retry-After": "7"}), Fault(503, headers=past)]
    assert _fetch(script, tmp_path)[1] == [7, 0]


def test_retry_after_as_a_date_is_obeyed(
    script: Script, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    noon_of_2030 = SimpleNamespace(time=lambda: 1893499200.0)
    monkeypatch.setattr(compiler.reflect.fetch, "time", noon_of_2030)
    date = {"Retry-After": "Tue, 01 Jan 2030 12:01:30 GMT"}
    script.faults[A] = [Fault(503, headers=date)]
    assert _fetch(script, tmp_path)[1] == [90]


def test_retry_after_of_more_than_five_minutes_is_an_error(script: Script, tmp_path: Path) -> None:
    script.faults[A] = [Fault(429, headers={"Retry-After": "301"})]
    with pytest.raises(
        CompilerError, match=r"getA: HTTP 429 after 1 attempt; run the same command"
    ):
        _fetch(script, tmp_path)
    assert script.requested.count(A) == 1


def test_answer_is_kept_byte_for_byte(script: Script, tmp_path: Path) -> None:
    body = f'{{ "stat" : "ok",\r\n "title" : "caf\u00e9", "method": {{"name": "{A}"}} }}\n'
    latin = {"Content-Type": "application/json; charset=iso-8859-1"}
    script.faults[A] = [Fault(200, body, latin)]
    _fetch(script, tmp_path)
    assert (tmp_path / f"methods/{A}.json").read_bytes() == body.encode()


def test_each_answer_is_saved_before_the_next_request(script: Script, tmp_path: Path) -> None:
    files: list[int] = []
    script.on_request = lambda name: files.append(len(list(tmp_path.rglob("*.json"))))
    _fetch(script, tmp_path, parallel=1)
    assert files == list(range(11))
    assert not list(tmp_path.rglob(".fetch-*"))


def test_parallel_of_zero_is_an_error(script: Script, tmp_path: Path) -> None:
    with pytest.raises(
        CompilerError, match=r"invalid options parallel=0.*: parallel must be 1 or more"
    ):
        _fetch(script, tmp_path, parallel=0)


def test_other_error_code_ends_the_run_at_once_in_one_line(script: Script, tmp_path: Path) -> None:
    script.faults[A] = [Fault(200, '{"stat":"fail","code":99,"message":"no"}')]
    with pytest.raises(CompilerError) as caught:
        _fetch(script, tmp_path, parallel=1)
    assert str(caught.value).startswith(f"{A}: Flickr answered with error 99: see https://")
    assert "\n" not in str(caught.value)
    assert script.requested == [LISTING, A]


@pytest.mark.parametrize("other", ['{"name": "flickr.other"}', "{}", "null", "[]"])
def test_answer_about_another_method_is_not_kept(
    other: str, script: Script, tmp_path: Path
) -> None:
    wrong = Fault(200, f'{{"stat": "ok", "method": {other}}}')
    script.faults[A] = [wrong] * 3
    with pytest.raises(
        CompilerError, match=r"getA: an answer about another method after 3 attempts"
    ):
        _fetch(script, tmp_path)
    assert not (tmp_path / f"methods/{A}.json").exists()
    script.faults[A] = [wrong]
    assert len(_fetch(script, tmp_path)[1]) == 1
    assert parse.read(tmp_path)


def test_file_about_another_method_is_fetched_again(script: Script, tmp_path: Path) -> None:
    _fetch(script, tmp_path)
    (tmp_path / f"methods/{A}.json").write_bytes(
        (tmp_path / f"methods/{NAMES[1]}.json").read_bytes()
    )
    assert _fetch(script, tmp_path)[0] == FetchReport(total=10, fetched=1, cached=9)


def test_method_with_an_error_is_reported_after_all_others(script: Script, tmp_path: Path) -> None:
    script.faults[A] = [Fault(200, '{"stat":"fail","code":1,"message":"Method not found"}')]
    with pytest.raises(CompilerError) as caught:
        _fetch(script, tmp_path, parallel=1)
    assert str(caught.value) == (
        f"9 of 10 methods are saved in {tmp_path}; to build them, correct {parse.LISTING} there:"
        f"\n  {A}: Flickr answered with error 1: remove it"
    )
    assert len(list((tmp_path / "methods").iterdir())) == 9


def test_method_that_is_listed_twice_is_fetched_once_and_reported(
    script: Script, tmp_path: Path
) -> None:
    script.names.append(A)
    with pytest.raises(CompilerError, match=r"10 of 10 .*\n  .*getA is listed twice: remove one"):
        _fetch(script, tmp_path)
    assert script.requested.count(A) == 1


def test_empty_list_of_methods_is_reported(script: Script, tmp_path: Path) -> None:
    script.names.clear()
    with pytest.raises(CompilerError, match="list of methods is empty: run the command again"):
        _fetch(script, tmp_path / "in")
    assert not (tmp_path / "in").exists()


def test_key_is_in_no_error_about_a_connection(script: Script, tmp_path: Path) -> None:
    # aiohttp may send each request twice if it reuses a connection.
    script.faults[A] = [Fault(None)] * 12
    with pytest.raises(CompilerError) as caught:
        _fetch(script, tmp_path)
    assert KEY not in "".join(traceback.format_exception(caught.value))
    assert "getA: no answer after 3 attempts" in str(caught.value)


def test_lasting_failure_is_reported_and_other_answers_are_saved(
    script: Script, tmp_path: Path
) -> None:
    script.faults[NAMES[-1]] = [Fault(502)] * 3
    with pytest.raises(
        CompilerError, match=r"getJ: HTTP 502 after 3 attempts; run the same command"
    ):
        _fetch(script, tmp_path)
    assert (tmp_path / f"methods/{A}.json").exists()


def test_wrong_key_is_reported_in_one_line_without_the_key(
    script: Script, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    wrong = "f" * 32
    given = ["fetch", "--api-key", wrong, "--base-url", script.url, "--out", str(tmp_path / "o")]
    assert run_in_thread(lambda: main(given)) == 1
    output = capfd.readouterr()
    assert (
        output.err
        == "compiler: Flickr rejects the API key (error 100): check --api-key or FLICKR_API_KEY\n"
    )
    assert not (tmp_path / "o").exists()


def test_key_is_in_no_output_and_no_file(
    script: Script, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    given = ["fetch", "--api-key", KEY, "--base-url", script.url, "--out", str(tmp_path)]
    assert run_in_thread(lambda: main(given)) == 0
    output = capfd.readouterr()
    assert "10 methods, 10 fetched" in output.out
    assert KEY not in output.out + output.err + repr(FetchOptions(KEY, tmp_path))
    assert all(KEY not in file.read_text("utf-8") for file in tmp_path.rglob("*.json"))


WRONG = "f" * 32


@pytest.mark.parametrize(
    ("environment", "env_file", "option"),
    [
        (KEY, None, None),
        (None, f"FLICKR_API_KEY={KEY}", None),
        (None, f"export FLICKR_API_KEY='{KEY}' # mine", None),
        (KEY, f"FLICKR_API_KEY={WRONG}", None),
        (WRONG, f"FLICKR_API_KEY={WRONG}", KEY),
    ],
)
def test_key_comes_from_the_option_then_the_environment_then_the_env_file(
    environment: str | None,
    env_file: str | None,
    option: str | None,
    script: Script,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    _set_key(monkeypatch, tmp_path, environment, env_file)
    given = ["--api-key", option] if option else []
    given = ["fetch", *given, "--base-url", script.url, "--out", str(tmp_path / "o")]
    assert run_in_thread(lambda: main(given)) == 0
    assert len(script.requested) == 11


@pytest.mark.parametrize(
    ("environment", "env_file", "option"),
    [
        (None, None, None),
        (None, "FLICKR_API_KEY=", None),
        (None, "FLICKR_API_KEY", None),
        ("", f"FLICKR_API_KEY={KEY}", None),
        (KEY, f"FLICKR_API_KEY={KEY}", ""),
    ],
)
def test_missing_key_is_wrong_usage_and_all_ways_to_set_it_are_named(
    environment: str | None,
    env_file: str | None,
    option: str | None,
    script: Script,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
) -> None:
    _set_key(monkeypatch, tmp_path, environment, env_file)
    given = [] if option is None else ["--api-key", option]
    with pytest.raises(SystemExit, match="2"):
        main(["fetch", *given, "--base-url", script.url])
    output = capfd.readouterr().err
    assert (
        "no API key: set FLICKR_API_KEY in the environment or in .env, or use --api-key\n" in output
    )
    assert script.requested == [] and KEY not in output


def test_env_file_in_another_encoding_is_an_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    _set_key(monkeypatch, tmp_path, None, None)
    Path(".env").write_bytes("FLICKR_USER_ID=Füchse".encode("latin-1"))
    assert main(["fetch"]) == 1
    assert capfd.readouterr().err == "compiler: .env is not UTF-8: save it as UTF-8\n"


def _set_key(
    monkeypatch: pytest.MonkeyPatch, folder: Path, environment: str | None, env_file: str | None
) -> None:
    """Set the key in the environment and in a `.env`, each or neither, and nowhere else."""
    monkeypatch.chdir(folder)
    monkeypatch.delenv("FLICKR_API_KEY", raising=False)
    if environment is not None:
        monkeypatch.setenv("FLICKR_API_KEY", environment)
    if env_file is not None:
        Path(".env").write_text(env_file, "utf-8")


def test_answer_that_echoes_the_key_is_not_kept(script: Script, tmp_path: Path) -> None:
    script.faults[A] = [Fault(200, f'{{"stat":"ok","echo":"{KEY}"}}')]
    with pytest.raises(CompilerError, match="contains the API key") as caught:
        _fetch(script, tmp_path)
    assert KEY not in str(caught.value)
    assert not (tmp_path / f"methods/{A}.json").exists()


def test_hostile_name_is_an_error_and_no_file_is_written(script: Script, tmp_path: Path) -> None:
    script.names.append("flickr/../../x")
    with pytest.raises(CompilerError, match="invalid method name"):
        _fetch(script, tmp_path / "in")
    assert not (tmp_path / "in").exists()


def test_interruption_loses_nothing(script: Script, tmp_path: Path) -> None:
    out = tmp_path / "saved"
    options = ["fetch", "--api-key", KEY, "--base-url", script.url, "--out", str(out)]
    running = start_interruptible(
        [sys.executable, "-m", "compiler", *options], stderr=subprocess.PIPE, cwd=ROOT
    )

    def interrupt(name: str) -> None:
        if name == NAMES[-1]:
            os.kill(running.pid, signal.SIGINT)
            running.wait()

    script.on_request = interrupt
    _, output = running.communicate()
    assert running.returncode == 1
    assert "run the same command to continue" in output and "Traceback" not in output
    saved = {file.stem for file in (out / "methods").glob("*.json")}
    script.on_request = lambda name: None
    report, _ = _fetch(script, out)
    assert report.cached == len(saved) > 0


def test_interruption_reports_the_number_of_saved_methods(script: Script, tmp_path: Path) -> None:
    script.faults[NAMES[-1]] = [Fault(502)]

    async def raise_interrupt(seconds: float) -> None:
        raise KeyboardInterrupt

    options = FetchOptions(KEY, tmp_path, script.url, progress=False, parallel=1)
    with pytest.raises(
        CompilerError, match=r"interrupted: 9 of 10 methods are saved .*to continue"
    ):
        run_in_thread(lambda: fetch(options, raise_interrupt))
    script.faults[LISTING] = [Fault(502)]
    with pytest.raises(CompilerError, match=r"list of methods was not fetched.*to continue"):
        run_in_thread(lambda: fetch(options, raise_interrupt))
    assert _fetch(script, tmp_path)[0] == FetchReport(total=10, fetched=1, cached=9)


def test_invalid_base_url_is_reported(tmp_path: Path) -> None:
    with pytest.raises(CompilerError, match="invalid --base-url 'nonsense'"):
        _fetch(Script([], url="nonsense"), tmp_path)


def test_endless_answer_is_an_error(tmp_path: Path) -> None:
    with endless(b"x" * 200_000) as url, pytest.raises(CompilerError, match="longer than"):
        run_in_thread(lambda: fetch(FetchOptions(KEY, tmp_path, url, False, retries=0)))


def test_slow_answer_times_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(compiler.reflect.fetch, "TIME_LIMIT", aiohttp.ClientTimeout(total=0.2))
    with endless(b" ") as url, pytest.raises(CompilerError, match="no answer after 1 attempt;"):
        run_in_thread(lambda: fetch(FetchOptions(KEY, tmp_path, url, False, retries=0)))
