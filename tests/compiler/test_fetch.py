"""`python -m compiler fetch` brings a reflection whole, over whatever happens on the way."""

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
from compiler.reflect import parse
from compiler.reflect.fetch import FetchOptions, FetchReport, fetch
from compiler.reflect.problems import CompilerError
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


def test_everything_comes_and_can_be_built(script: Script, tmp_path: Path) -> None:
    report, _ = _fetch(script, tmp_path / "in")
    assert report == FetchReport(total=10, asked=10, cached=0)
    assert sorted(script.asked) == sorted([LISTING, *NAMES])
    assert [m.name for m in parse.read(tmp_path / "in").methods] == NAMES
    assert main(["--reflection", str(tmp_path / "in"), "--out", str(tmp_path / "out")]) == 0


def test_second_run_asks_for_what_is_missing_alone(script: Script, tmp_path: Path) -> None:
    _fetch(script, tmp_path)
    (tmp_path / f"methods/{A}.json").unlink()
    (tmp_path / f"methods/{NAMES[1]}.json").write_text('{"meth', "utf-8")
    script.asked.clear()
    report, _ = _fetch(script, tmp_path)
    assert sorted(script.asked) == [LISTING, A, NAMES[1]]
    assert report == FetchReport(total=10, asked=2, cached=8)


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
def test_passing_failure_is_tried_again(
    fault: Fault, name: str, script: Script, tmp_path: Path
) -> None:
    script.faults[name] = [fault]
    report, pauses = _fetch(script, tmp_path)
    assert report.total == 10
    assert script.asked.count(name) == 2
    assert len(pauses) == 1 and 0.5 <= pauses[0] <= 1


def test_dropped_connection_is_tried_again(script: Script, tmp_path: Path) -> None:
    script.faults[A] = [Fault(None)] * 3
    assert _fetch(script, tmp_path)[0].total == 10


def test_retry_after_is_obeyed_in_seconds_and_as_a_date(script: Script, tmp_path: Path) -> None:
    past = {"Retry-After": "Wed, 21 Oct 2015 07:28:00 GMT"}
    script.faults[A] = [Fault(429, headers={"Retry-After": "7"}), Fault(503, headers=past)]
    assert _fetch(script, tmp_path)[1] == [7, 0]


def test_date_of_retry_after_is_waited_for(
    script: Script, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    noon_of_2030 = SimpleNamespace(time=lambda: 1893499200.0)
    monkeypatch.setattr(compiler.reflect.fetch, "time", noon_of_2030)
    date = {"Retry-After": "Tue, 01 Jan 2030 12:01:30 GMT"}
    script.faults[A] = [Fault(503, headers=date)]
    assert _fetch(script, tmp_path)[1] == [90]


def test_retry_after_of_more_than_five_minutes_is_given_up(script: Script, tmp_path: Path) -> None:
    script.faults[A] = [Fault(429, headers={"Retry-After": "301"})]
    with pytest.raises(CompilerError, match=r"getA: HTTP 429, 1 times; run the command again"):
        _fetch(script, tmp_path)
    assert script.asked.count(A) == 1


def test_answer_is_kept_byte_for_byte(script: Script, tmp_path: Path) -> None:
    body = f'{{ "stat" : "ok",\r\n "title" : "caf\u00e9", "method": {{"name": "{A}"}} }}\n'
    latin = {"Content-Type": "application/json; charset=iso-8859-1"}
    script.faults[A] = [Fault(200, body, latin)]
    _fetch(script, tmp_path)
    assert (tmp_path / f"methods/{A}.json").read_bytes() == body.encode()


def test_each_answer_is_a_file_before_the_next_is_asked_for(script: Script, tmp_path: Path) -> None:
    files: list[int] = []
    script.before = lambda name: files.append(len(list(tmp_path.rglob("*.json"))))
    _fetch(script, tmp_path, parallel=1)
    assert files == list(range(11))
    assert not list(tmp_path.rglob(".fetch-*"))


def test_no_request_at_once_is_refused(script: Script, tmp_path: Path) -> None:
    with pytest.raises(CompilerError, match="parallel has to be 1 or more"):
        _fetch(script, tmp_path, parallel=0)


def test_other_code_ends_the_run_at_once_in_one_line(script: Script, tmp_path: Path) -> None:
    script.faults[A] = [Fault(200, '{"stat":"fail","code":99,"message":"no"}')]
    with pytest.raises(CompilerError) as told:
        _fetch(script, tmp_path, parallel=1)
    assert str(told.value).startswith(f"{A}: Flickr refuses with code 99: look it up at https://")
    assert "\n" not in str(told.value)
    assert script.asked == [LISTING, A]


@pytest.mark.parametrize("other", ['{"name": "flickr.other"}', "{}", "null", "[]"])
def test_answer_about_another_method_is_not_kept(
    other: str, script: Script, tmp_path: Path
) -> None:
    wrong = Fault(200, f'{{"stat": "ok", "method": {other}}}')
    script.faults[A] = [wrong] * 3
    with pytest.raises(CompilerError, match=r"getA: an answer about another method, 3 times"):
        _fetch(script, tmp_path)
    assert not (tmp_path / f"methods/{A}.json").exists()
    script.faults[A] = [wrong]
    assert len(_fetch(script, tmp_path)[1]) == 1
    assert parse.read(tmp_path)


def test_file_about_another_method_is_fetched_anew(script: Script, tmp_path: Path) -> None:
    _fetch(script, tmp_path)
    (tmp_path / f"methods/{A}.json").write_bytes(
        (tmp_path / f"methods/{NAMES[1]}.json").read_bytes()
    )
    assert _fetch(script, tmp_path)[0] == FetchReport(total=10, asked=1, cached=9)


def test_refused_method_is_told_behind_all_others(script: Script, tmp_path: Path) -> None:
    script.faults[A] = [Fault(200, '{"stat":"fail","code":1,"message":"Method not found"}')]
    with pytest.raises(CompilerError) as told:
        _fetch(script, tmp_path, parallel=1)
    assert str(told.value) == (
        f"9 of 10 methods are kept in {tmp_path}; mend {parse.LISTING} there, and they can be built:"
        f"\n  {A}: Flickr refuses it with code 1, so take it out"
    )
    assert len(list((tmp_path / "methods").iterdir())) == 9


def test_method_that_is_listed_twice_is_fetched_once_and_told(
    script: Script, tmp_path: Path
) -> None:
    script.names.append(A)
    with pytest.raises(CompilerError, match=r"10 of 10 .*\n  .*getA: it is listed twice, so take"):
        _fetch(script, tmp_path)
    assert script.asked.count(A) == 1


def test_list_of_no_methods_is_told(script: Script, tmp_path: Path) -> None:
    script.names.clear()
    with pytest.raises(CompilerError, match="list of methods is empty; run the command again"):
        _fetch(script, tmp_path / "in")
    assert not (tmp_path / "in").exists()


def test_key_is_in_no_error_about_a_connection(script: Script, tmp_path: Path) -> None:
    # The server's requests may be made twice each, by aiohttp over a connection kept alive.
    script.faults[A] = [Fault(None)] * 12
    with pytest.raises(CompilerError) as told:
        _fetch(script, tmp_path)
    assert KEY not in "".join(traceback.format_exception(told.value))
    assert "getA: no answer, 3 times" in str(told.value)


def test_failure_that_does_not_pass_is_told_and_the_rest_is_kept(
    script: Script, tmp_path: Path
) -> None:
    script.faults[NAMES[-1]] = [Fault(502)] * 3
    with pytest.raises(CompilerError, match=r"getJ: HTTP 502, 3 times; run the command again"):
        _fetch(script, tmp_path)
    assert (tmp_path / f"methods/{A}.json").exists()


def test_wrong_key_is_told_in_one_line_without_the_key(
    script: Script, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    wrong = "f" * 32
    given = ["fetch", "--api-key", wrong, "--base-url", script.url, "--out", str(tmp_path / "o")]
    assert run_in_thread(lambda: main(given)) == 1
    told = capfd.readouterr()
    assert (
        told.err
        == "compiler: Flickr does not know this API key: look at --api-key, or at FLICKR_API_KEY\n"
    )
    assert not (tmp_path / "o").exists()


def test_key_shows_up_nowhere(
    script: Script, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    given = ["fetch", "--api-key", KEY, "--base-url", script.url, "--out", str(tmp_path)]
    assert run_in_thread(lambda: main(given)) == 0
    told = capfd.readouterr()
    assert "10 methods, 10 asked for" in told.out
    assert KEY not in told.out + told.err + repr(FetchOptions(KEY, tmp_path))
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
    assert len(script.asked) == 11


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
def test_no_key_is_wrong_usage_that_names_all_ways_to_give_one(
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
    told = capfd.readouterr().err
    assert "no API key: set FLICKR_API_KEY in the environment or in .env, or --api-key\n" in told
    assert script.asked == [] and KEY not in told


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
    """Make the key in the environment and in `.env` the only one that can be found."""
    monkeypatch.chdir(folder)
    monkeypatch.delenv("FLICKR_API_KEY", raising=False)
    if environment is not None:
        monkeypatch.setenv("FLICKR_API_KEY", environment)
    if env_file is not None:
        Path(".env").write_text(env_file, "utf-8")


def test_answer_that_echoes_the_key_is_not_kept(script: Script, tmp_path: Path) -> None:
    script.faults[A] = [Fault(200, f'{{"stat":"ok","echo":"{KEY}"}}')]
    with pytest.raises(CompilerError, match="holds the API key") as caught:
        _fetch(script, tmp_path)
    assert KEY not in str(caught.value)
    assert not (tmp_path / f"methods/{A}.json").exists()


def test_hostile_name_becomes_no_file(script: Script, tmp_path: Path) -> None:
    script.names.append("flickr/../../x")
    with pytest.raises(CompilerError, match="no method name"):
        _fetch(script, tmp_path / "in")
    assert not (tmp_path / "in").exists()


def test_interruption_loses_nothing(script: Script, tmp_path: Path) -> None:
    out = tmp_path / "kept"
    options = ["fetch", "--api-key", KEY, "--base-url", script.url, "--out", str(out)]
    running = start_interruptible(
        [sys.executable, "-m", "compiler", *options], stderr=subprocess.PIPE, cwd=ROOT
    )

    def interrupt(name: str) -> None:
        if name == NAMES[-1]:
            os.kill(running.pid, signal.SIGINT)
            running.wait()

    script.before = interrupt
    _, told = running.communicate()
    assert running.returncode == 1
    assert "the same command goes on from there" in told and "Traceback" not in told
    kept = {file.stem for file in (out / "methods").glob("*.json")}
    script.before = lambda name: None
    report, _ = _fetch(script, out)
    assert report.cached == len(kept) > 0


def test_interruption_tells_how_many_are_kept(script: Script, tmp_path: Path) -> None:
    script.faults[NAMES[-1]] = [Fault(502)]

    async def interrupted(seconds: float) -> None:
        raise KeyboardInterrupt

    options = FetchOptions(KEY, tmp_path, script.url, progress=False, parallel=1)
    with pytest.raises(CompilerError, match=r"interrupted; 9 of 10 methods are kept .*goes on"):
        run_in_thread(lambda: fetch(options, interrupted))
    script.faults[LISTING] = [Fault(502)]
    with pytest.raises(CompilerError, match=r"list of methods has not come yet.*goes on"):
        run_in_thread(lambda: fetch(options, interrupted))
    assert _fetch(script, tmp_path)[0] == FetchReport(total=10, asked=1, cached=9)


def test_address_that_is_none_is_told(tmp_path: Path) -> None:
    with pytest.raises(CompilerError):
        _fetch(Script([], url="nonsense"), tmp_path)


def test_answer_without_end_is_an_error(tmp_path: Path) -> None:
    with endless(b"x" * 200_000) as url, pytest.raises(CompilerError, match="longer than"):
        run_in_thread(lambda: fetch(FetchOptions(KEY, tmp_path, url, False, retries=0)))


def test_answer_that_drips_is_late(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(compiler.reflect.fetch, "TIME_LIMIT", aiohttp.ClientTimeout(total=0.2))
    with endless(b" ") as url, pytest.raises(CompilerError, match="no answer, 1 times"):
        run_in_thread(lambda: fetch(FetchOptions(KEY, tmp_path, url, False, retries=0)))
