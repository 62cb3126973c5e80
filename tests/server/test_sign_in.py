"""Test sign-in to the sandbox: by code, by callback, and with a stored token."""

from __future__ import annotations

import sys
from collections.abc import Callable
from io import StringIO
from pathlib import Path
from threading import Thread
from types import SimpleNamespace
from typing import Any

import pytest
from click.testing import CliRunner

from flickr_sandbox import Sandbox
from pyflickr_web import Flickr
from pyflickr_web.cli import main
from pyflickr_web.errors import LoginError, OptionError
from pyflickr_web.oauth.prompts import CODE_PROMPT, AskForCode
from pyflickr_web.oauth.refusals import TOKEN_PROBLEMS
from pyflickr_web.oauth.store import FileStore
from pyflickr_web.oauth.three_legged import normalize_code
from pyflickr_web.transports.threads import ThreadTransport
from tests.server.visitor import Visitor
from tests.support.scripted_server import Answer, serve


def test_person_types_the_code(
    authenticate: Callable[..., Any],
    application: dict[str, Any],
    visitor: Visitor,
) -> None:
    flickr = authenticate(**application)
    assert flickr.options["user_id"] == "10000000@N00"
    assert "perms=read" in visitor.opened[0]


def test_stored_token_is_not_printed(
    authenticate: Callable[..., Any],
    application: dict[str, Any],
    visitor: Visitor,
    capsys: pytest.CaptureFixture[str],
) -> None:
    flickr = authenticate(**application)
    output, messages = capsys.readouterr()
    assert output == ""
    assert flickr.options["access_token"] not in messages
    assert flickr.options["access_token_secret"] not in messages


def test_token_that_no_store_keeps_is_printed(
    authenticate: Callable[..., Any],
    application: dict[str, Any],
    visitor: Visitor,
    capsys: pytest.CaptureFixture[str],
) -> None:
    flickr = authenticate(**application, token_store="none")
    token, secret = flickr.options["access_token"], flickr.options["access_token_secret"]
    assert capsys.readouterr().out.splitlines() == [
        'export FLICKR_USER_ID="10000000@N00"',
        f'export FLICKR_ACCESS_TOKEN="{token}"',
        f'export FLICKR_ACCESS_TOKEN_SECRET="{secret}"',
    ]


def test_second_time_nobody_is_asked(
    authenticate: Callable[..., Any], application: dict[str, Any], visitor: Visitor
) -> None:
    first = authenticate(**application, silent=True)
    second = authenticate(**application, silent=True)
    assert len(visitor.opened) == 1
    assert second.options["access_token"] == first.options["access_token"]


def test_silent_prints_nothing(
    application: dict[str, Any], visitor: Visitor, capsys: pytest.CaptureFixture[str]
) -> None:
    Flickr.authenticate(**application, token_store="none", silent=True)
    assert capsys.readouterr().out == ""


def test_prompt_for_the_code_stays_out_of_standard_output(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.stdin", StringIO("123-456-789\n"))
    assert AskForCode("http://flickr.test/", browser=False).perform() == "123-456-789"
    output, messages = capsys.readouterr()
    assert output == ""
    assert messages.endswith(CODE_PROMPT)


def test_weaker_token_leads_to_a_new_sign_in(application: dict[str, Any], visitor: Visitor) -> None:
    Flickr.authenticate(**application, silent=True)
    flickr = Flickr.authenticate(**application, silent=True, permissions="write")
    assert len(visitor.opened) == 2
    token = flickr.options["access_token"]
    checked: dict[str, Any] = flickr.auth.oauth.checkToken(oauth_token=token)
    assert checked["oauth"]["perms"]["_content"] == "write"


def test_refused_token_leads_to_a_new_sign_in(
    application: dict[str, Any], visitor: Visitor
) -> None:
    options: dict[str, Any] = {"access_token": "72157-none", "access_token_secret": "none"}
    flickr = Flickr.authenticate(**application, **options, silent=True)
    assert len(visitor.opened) == 1
    assert flickr.test.login()["stat"] == "ok"


def test_good_token_of_the_options_is_used(sandbox: Sandbox, application: dict[str, Any]) -> None:
    account = sandbox.account
    flickr = Flickr.authenticate(
        **application,
        access_token=account.access_token,
        access_token_secret=account.access_token_secret,
        permissions="delete",
    )
    assert flickr.test.login()["user"]["id"] == flickr.options["user_id"] == account.user_id


@pytest.mark.parametrize(
    ("options", "says"),
    [
        ({}, "not signed in, and no terminal to ask on: run `pyflickr-web login`"),
        (
            {"access_token": "72157-none", "access_token_secret": "x"},
            "Flickr no longer accepts the token",
        ),
    ],
)
def test_where_nobody_can_answer_it_says_so(
    application: dict[str, Any],
    options: dict[str, Any],
    says: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("pyflickr_web.oauth.prompts.stdin_is_interactive", lambda: False)
    with pytest.raises(LoginError, match=says):
        Flickr.authenticate(**application, **options)


@pytest.mark.parametrize("problem", TOKEN_PROBLEMS)
def test_token_that_flickr_no_longer_accepts_needs_a_new_sign_in(
    application: dict[str, Any], problem: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pyflickr_web.oauth.prompts.stdin_is_interactive", lambda: False)
    token = {"access_token": "72157-old", "access_token_secret": "x"}
    with serve(Answer(f"oauth_problem={problem}".encode(), 401)) as script:
        given = {**application, **token, "base_url": script.url}
        with pytest.raises(LoginError, match=r"Flickr no longer accepts the token.*login"):
            Flickr.authenticate(**given)


def test_nobody_is_asked_for_a_token_that_cannot_be_kept(
    application: dict[str, Any], visitor: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "keyring", None)
    options: dict[str, Any] = {
        "access_token": "72157-none",
        "access_token_secret": "x",
        "token_store": "keyring",
    }
    with pytest.raises(OptionError, match="pip install keyring"):
        Flickr.authenticate(**application | options)
    assert visitor.opened == []


def test_person_says_no(application: dict[str, Any], visitor: Visitor) -> None:
    visitor.answer = "deny"
    with pytest.raises(LoginError, match="no code was typed"):
        Flickr.authenticate(**application)


def test_wrong_code_is_told(
    application: dict[str, Any], visitor: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("builtins.input", lambda: "000-000-000")
    with pytest.raises(LoginError, match="wrong code"):
        Flickr.authenticate(**application)


def test_wrong_secret_is_told(application: dict[str, Any], visitor: Visitor) -> None:
    with pytest.raises(LoginError, match="check secret") as caught:
        Flickr.authenticate(**application | {"secret": "0" * 16})
    assert application["api_key"] not in str(caught.value)


def test_without_a_secret_it_says_so(application: dict[str, Any]) -> None:
    application.pop("secret")
    with pytest.raises(OptionError, match="FLICKR_SECRET"):
        Flickr.authenticate(**application)


def test_credentials_may_go_elsewhere(
    application: dict[str, Any], visitor: Visitor, capsys: pytest.CaptureFixture[str]
) -> None:
    taken: list[dict[str, str]] = []
    flickr = Flickr.authenticate(**application, process_credentials=taken.append)
    assert taken[0]["FLICKR_ACCESS_TOKEN"] == flickr.options["access_token"]
    assert FileStore().find(application["api_key"], application["base_url"]) is None
    assert capsys.readouterr().out == ""


def test_address_is_shown_where_no_browser_may_open(
    application: dict[str, Any],
    visitor: Visitor,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def type_code() -> str:
        address = next(word for word in capsys.readouterr().err.split() if "://" in word)
        visitor.press(address)
        return visitor.code

    monkeypatch.setattr("builtins.input", type_code)
    Flickr.authenticate(**application, nobrowser=True, silent=True)
    assert visitor.opened == []


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("123-456-789", "123-456-789"),
        (" 123 456 789\n", "123-456-789"),
        ("123456789", "123-456-789"),
        ("0123abcd", "0123abcd"),
    ],
)
def test_code_is_taken_however_it_is_typed(typed: str, code: str) -> None:
    assert normalize_code(typed) == code


def test_threads_open_one_pool(
    application: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    made: list[ThreadTransport] = []
    make = ThreadTransport.__init__
    flickr = Flickr(**application)
    other = Thread(target=flickr._open)

    def open_slowly(self: ThreadTransport, *given: Any) -> None:
        made.append(self)
        make(self, *given)
        if len(made) == 1:
            # Another thread tries to open a pool, and has to wait for this one.
            other.start()
            other.join(0.2)

    monkeypatch.setattr(ThreadTransport, "__init__", open_slowly)
    with flickr:
        flickr.test.echo()
        other.join()
    assert len(made) == 1


def test_two_people_are_kept_apart(application: dict[str, Any], visitor: Visitor) -> None:
    flickr = Flickr.authenticate(**application, silent=True)
    with (
        pytest.raises(LoginError, match="not signed in"),
        pytest.MonkeyPatch.context() as m,
    ):
        m.setattr("pyflickr_web.oauth.prompts.stdin_is_interactive", lambda: False)
        Flickr.authenticate(**application, user_id="99@N00")
    again = Flickr.authenticate(**application, user_id=flickr.options["user_id"], silent=True)
    assert again.options["access_token"] == flickr.options["access_token"]


@pytest.mark.parametrize(
    ("problem", "says"),
    [
        ("timestamp_refused", "check this machine's clock"),
        ("consumer_key_unknown", "check api_key"),
        ("nonce_used", "try again"),
    ],
)
def test_trouble_that_no_new_token_helps_is_told(visitor: Visitor, problem: str, says: str) -> None:
    answer = Answer(f"oauth_problem={problem}".encode(), 401)
    token: dict[str, Any] = {"access_token": "72157-token", "access_token_secret": "t"}
    with serve(answer) as server, pytest.raises(LoginError, match=says):
        Flickr.authenticate(api_key="k", secret="s", base_url=server.url, **token)
    # No sign-in was begun, which would end in the same words.
    assert len(server.asked) == 1 and visitor.opened == []


class NoBackEnd:
    """A keyring like that of the library keyring without a back end."""

    def set_password(self, service: str, name: str, password: str) -> None:
        raise RuntimeError("No recommended backend was available")

    get_password = delete_password = set_password


@pytest.fixture(params=["file", "env", "keyring"])
def unusable_store(
    request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> str:
    """The name of a store that cannot save anything."""
    (tmp_path / "settings").write_text("in the way of the folder")
    (tmp_path / ".env").mkdir()
    keyring = SimpleNamespace(get_keyring=lambda: NoBackEnd())
    monkeypatch.setitem(sys.modules, "keyring", keyring)
    if request.param == "keyring":
        (tmp_path / "settings").unlink()
    return str(request.param)


def test_store_is_tried_before_the_person_is_asked(
    authenticate: Callable[..., Any],
    application: dict[str, Any],
    visitor: Visitor,
    sandbox: Sandbox,
    unusable_store: str,
) -> None:
    with pytest.raises(OptionError, match="token_store"):
        authenticate(**application, token_store=unusable_store)
    assert visitor.opened == [] and not sandbox.calls


def test_login_tries_the_store_before_the_person_is_asked(
    application: dict[str, Any],
    visitor: Visitor,
    sandbox: Sandbox,
    unusable_store: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for name, value in application.items():
        monkeypatch.setenv(f"FLICKR_{name.upper()}", value)
    done = CliRunner().invoke(main, ["login", "--keep", unusable_store])
    assert (done.exit_code, visitor.opened) == (1, []) and not sandbox.calls
    assert done.stderr.startswith("Error: token_store") and done.stderr.count("\n") == 1
