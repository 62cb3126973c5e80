"""The commands `login`, `logout`, `whoami`, `call` and `methods`."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from flickr_sandbox import Sandbox
from pyflickr_web.cli import main
from pyflickr_web.oauth.store import FileStore
from pyflickr_web.oauth.tokens import Token
from tests.server.visitor import Visitor
from tests.support.repository import ROOT
from tests.support.scripted_server import Answer, serve


@pytest.fixture
def sandbox(monkeypatch: pytest.MonkeyPatch) -> Iterator[Sandbox]:
    """A sandbox that the environment names, with nobody signed in."""
    with Sandbox(photos=60) as sandbox:
        monkeypatch.setenv("FLICKR_API_KEY", sandbox.account.api_key)
        monkeypatch.setenv("FLICKR_SECRET", sandbox.account.secret)
        monkeypatch.setenv("FLICKR_BASE_URL", sandbox.url)
        yield sandbox


@pytest.fixture
def visitor(monkeypatch: pytest.MonkeyPatch) -> Iterator[Visitor]:
    visitor = Visitor()
    monkeypatch.setattr("webbrowser.open", visitor.open)
    monkeypatch.setattr("builtins.input", lambda: visitor.code)
    yield visitor
    visitor.leave()


def command(*words: str) -> Result:
    return CliRunner().invoke(main, words)


def test_login_waits_for_the_browser(sandbox: Sandbox, visitor: Visitor) -> None:
    done = command("login", "--perms", "write")
    visitor.leave()
    assert done.exit_code == 0, done.output
    assert "sandbox (10000000@N00) is signed in, to write" in done.stderr
    assert "You can close this page" in visitor.shown[0].text
    person = json.loads(command("whoami").stdout)
    assert person == {"user_id": "10000000@N00", "username": "sandbox", "permissions": "write"}


def test_login_does_not_wait_for_a_browser_in_the_terminal_to_end(
    sandbox: Sandbox, visitor: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    done = threading.Event()

    def stay(url: str) -> bool:
        visitor.open(url)
        return done.wait(60)

    monkeypatch.setattr("webbrowser.open", stay)
    began = time.monotonic()
    login = command("login")
    done.set()
    assert login.stderr.startswith("Allow access in your browser: http://")
    assert "is signed in, to read" in login.stderr
    assert time.monotonic() - began < 30


def test_login_without_a_browser_is_by_code(sandbox: Sandbox, visitor: Visitor) -> None:
    visitor.there = False

    def type_code() -> str:
        visitor.press(visitor.opened[-1])
        return visitor.code

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("builtins.input", type_code)
        done = command("login", "--export")
    assert done.exit_code == 0, done.output
    assert done.stdout.startswith('export FLICKR_USER_ID="10000000@N00"\n')


def test_person_who_says_no_is_not_signed_in(sandbox: Sandbox, visitor: Visitor) -> None:
    visitor.answer = "deny"
    done = command("login")
    visitor.leave()
    assert done.exit_code == 1
    assert done.stderr.endswith("Error: the user denied access: not signed in\n")
    assert "You denied access" in visitor.shown[0].text


def test_logout_forgets(sandbox: Sandbox, visitor: Visitor) -> None:
    command("login", "--oob")
    done = command("logout")
    assert done.stdout == "sandbox is signed out here\n"
    again = command("logout")
    assert (again.exit_code, again.stderr) == (1, "Error: not signed in\n")
    assert command("whoami").exit_code == 1


def test_call_prints_json(sandbox: Sandbox) -> None:
    done = command("call", "photos.search", "text=red panda", "per_page=2")
    answer = json.loads(done.stdout)
    assert len(answer["photos"]["photo"]) == 2
    assert done.stdout.count("\n") == 1


def test_call_takes_arguments_of_any_name(sandbox: Sandbox) -> None:
    done = command("call", "test.echo", "method=flickr.test.null", "self=1")
    answer = json.loads(done.stdout)
    assert (answer["method"]["_content"], answer["self"]["_content"]) == ("flickr.test.echo", "1")


@pytest.mark.parametrize("value", ["0", "false", ""])
def test_call_that_shall_not_be_signed_is_not(sandbox: Sandbox, value: str) -> None:
    with serve() as script, pytest.MonkeyPatch.context() as patch:
        patch.setenv("FLICKR_BASE_URL", script.url)
        command("call", "test.echo", f"authenticated={value}")
        command("call", "test.echo", "authenticated=1")
    assert ["Authorization" in asked.headers for asked in script.asked] == [False, True]


def test_call_walks_every_page(sandbox: Sandbox) -> None:
    done = command("call", "flickr.photos.getRecent", "per_page=7", "--all")
    ids = {json.loads(line)["id"] for line in done.stdout.splitlines()}
    total = json.loads(command("call", "photos.getRecent").stdout)["photos"]["total"]
    assert len(ids) == int(total) > 7


def test_listing_that_is_empty_is_one(sandbox: Sandbox) -> None:
    done = command("call", "photos.search", "text=no such photo", "--all")
    assert (done.exit_code, done.output) == (0, "")
    # As Flickr leaves a list out that has nothing in it.
    answer = {"photos": {"page": 1, "pages": 0, "total": 0}, "stat": "ok"}
    with (
        serve(Answer(json.dumps(answer).encode())) as script,
        pytest.MonkeyPatch.context() as patch,
    ):
        patch.setenv("FLICKR_BASE_URL", script.url)
        done = command("call", "photos.search", "--all")
    assert (done.exit_code, done.output) == (0, "")


def test_call_warns_once_of_what_flickr_does_not_take(sandbox: Sandbox) -> None:
    done = command("call", "photos.getRecent", "per_page=50", "extra=tags", "--all")
    assert len(done.stdout.splitlines()) > 50
    assert done.stderr == (
        "Warning: flickr.photos.getRecent takes no argument extra; did you mean extras?\n"
    )


def test_call_prints_a_table(sandbox: Sandbox) -> None:
    done = command("call", "photos.getRecent", "per_page=3", "--table")
    lines = done.stdout.splitlines()
    assert lines[0].split()[:2] == ["id", "title"]
    assert len(lines) == 4


def test_call_is_signed_for_the_person_who_is_kept(sandbox: Sandbox, visitor: Visitor) -> None:
    command("login", "--oob")
    done = command("call", "test.login", "--user", "sandbox")
    assert json.loads(done.stdout)["user"]["id"] == "10000000@N00"
    other = command("call", "test.login", "--user", "bob")
    assert (other.exit_code, other.stderr) == (
        1,
        "Error: no token is stored for bob: run pyflickr-web login\n",
    )


@pytest.mark.parametrize(
    ("words", "status", "says"),
    [
        (["call", "photos.getInfo"], 1, "missing photo_id"),
        (["call", "photos.getInfo", "photo_id"], 2, "invalid argument 'photo_id': write KEY=VALUE"),
        (["call", "photos.getInfo", "photo_id=1", "photo_id=2"], 2, "photo_id is given twice"),
        (["call", "photos.search", "text=\udcff"], 1, "text: '\\udcff' is not valid Unicode"),
        (["call", ""], 2, "METHOD is empty"),
        (["call", "photos.getInfo", "photo_id=1"], 1, "not found"),
        (["call", "photos.delete", "photo_id=1"], 1, "needs a login"),
        (["call", "photos.serch"], 1, "did you mean flickr.photos.search"),
        (["methods", "photos.serch"], 1, "did you mean flickr.photos.search"),
        (["methods", "zzz"], 1, "no method matches zzz: use e.g. 'photos.*'"),
        (["logout", "--user", "x"], 1, "x is not"),
        (["call", "photos.getInfo", "photo_id=1", "txt=a"], 1, "not found"),
        (["whoami"], 1, "test.login needs a login: use Flickr.authenticate"),
        (["call", "test.login"], 1, "in a shell: pyflickr-web login"),
        (["call", "test.echo", "--all"], 1, "lists nothing; call it without --all"),
        (["call", "test.echo", "--table"], 1, "lists nothing"),
        (["call", "test.echo", "authenticated=maybe"], 2, "authenticated must be 1 or 0"),
        (["call"], 2, "Missing argument"),
    ],
)
def test_failure_is_told_in_one_line(
    sandbox: Sandbox, words: list[str], status: int, says: str
) -> None:
    done = command(*words)
    assert done.exit_code == status
    assert says in done.stderr.splitlines()[-1]
    assert "Traceback" not in done.output


def test_without_a_key_it_says_so() -> None:
    done = command("call", "test.echo")
    assert done.exit_code == 1
    assert "FLICKR_API_KEY" in done.stderr


def test_methods_are_listed_and_told() -> None:
    rows = [json.loads(line) for line in command("methods").stdout.splitlines()]
    assert len(rows) == 223
    assert {"name": "flickr.photos.delete", "needs": "delete"} in rows
    method = json.loads(command("methods", "photos.setDates").stdout)
    assert method["errors"]["3"] == "Invalid granularity"
    assert list(method["required"]) == ["photo_id"]


def test_token_in_the_env_file_is_forgotten_there(
    sandbox: Sandbox, visitor: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FLICKR_TOKEN_STORE", "env")
    command("login", "--oob")
    assert command("whoami").exit_code == 0
    assert "is signed out here" in command("logout").stdout
    assert command("whoami").exit_code == 1


def test_token_is_forgotten_wherever_the_sign_in_put_it(sandbox: Sandbox, visitor: Visitor) -> None:
    Path(".env").write_text("OTHER=1\n")
    command("login", "--oob", "--keep", "env")
    command("login", "--oob")
    assert command("logout").stdout == f"{sandbox.account.user_id} is signed out here\n"
    assert Path(".env").read_text() == "OTHER=1\n"
    assert command("logout").stdout == "sandbox is signed out here\n"
    assert command("logout").exit_code == 1


def test_token_of_the_environment_can_only_be_unset(
    sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FLICKR_ACCESS_TOKEN", "72157-token")
    done = command("logout")
    assert (done.exit_code, done.stdout) == (1, "")
    assert "unset FLICKR_ACCESS_TOKEN and FLICKR_ACCESS_TOKEN_SECRET" in done.stderr


@pytest.mark.parametrize(
    "words", [["whoami"], ["call", "test.login"], ["downsync"], ["upload", "a"]]
)
@pytest.mark.parametrize("place", ["the environment", ".env", "the store"])
def test_rejected_token_leads_to_its_place_and_to_login(
    sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch, words: list[str], place: str
) -> None:
    # `downsync` tries a rejected token again.
    monkeypatch.setattr("pyflickr_web.transports.threads._pause", lambda seconds: None)
    Path("a").write_bytes(b"")
    if place == "the environment":
        monkeypatch.setenv("FLICKR_ACCESS_TOKEN", "72157-rejected")
    elif place == ".env":
        Path(".env").write_text("FLICKR_ACCESS_TOKEN=72157-rejected")
    else:
        FileStore().save(
            sandbox.account.api_key, sandbox.url, Token("1@N00", "72157-rejected", "t")
        )
    done = command(*words)
    advice = "run pyflickr-web login\n"
    if place != "the store":
        advice = f"remove FLICKR_ACCESS_TOKEN from {place}, and {advice}"
    assert done.exit_code == 1
    assert done.stderr.endswith(f"sign in again (token_rejected): {advice}")


def test_nobody_is_asked_for_a_token_that_cannot_be_kept(
    sandbox: Sandbox, visitor: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "keyring", None)
    done = command("login", "--oob", "--keep", "keyring")
    assert (done.exit_code, visitor.opened) == (1, [])
    assert "pip install keyring" in done.stderr


def test_reader_that_has_enough_is_no_failure(sandbox: Sandbox) -> None:
    words = [sys.executable, "-m", "pyflickr_web", "call", "photos.search", "--all"]
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    with subprocess.Popen(
        [*words, f"user_id={sandbox.account.user_id}", "per_page=5"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=environment,
    ) as process:
        assert process.stdout and process.stderr
        process.stdout.readline()
        process.stdout.close()
        assert process.stderr.read() == b""
