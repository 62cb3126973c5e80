"""Test sign-in to the sandbox as a visitor of a web application."""

from __future__ import annotations

import base64
import hmac
import json
import re
import time
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qsl, quote, urlencode, urlsplit

import pytest

from flickr_sandbox import Sandbox
from pyflickr_web import AsyncFlickr, Flickr
from pyflickr_web.errors import LoginError, OptionError, UnavailableError
from pyflickr_web.oauth import web
from pyflickr_web.oauth.credentials import Credentials
from pyflickr_web.oauth.three_legged import RequestToken
from pyflickr_web.oauth.web import dump_state
from tests.server.clients import Both
from tests.server.visitor import Visitor
from tests.support.loops import run
from tests.support.scripted_server import Answer, serve

CALLBACK = "http://127.0.0.1:9/back?mine=1"


def _back(url: str, answer: str = "allow") -> dict[str, str]:
    where = Visitor(answer).press(url)
    assert where.startswith("http://127.0.0.1:9/back?mine=1&")
    return dict(parse_qsl(urlsplit(where).query))


def test_web_application_signs_a_visitor_in(application: dict[str, Any]) -> None:
    begun = Flickr.begin(**application, callback=CALLBACK, permissions="write")
    flickr = Flickr.exchange(begun.state, _back(begun.url))
    assert flickr.test.login()["user"]["id"] == flickr.options["user_id"] == "10000000@N00"


def test_visitor_comes_back_to_another_worker(
    application: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    begun = Flickr.begin(**application, callback=CALLBACK)
    monkeypatch.setattr(web, "_applications", {})
    params = _back(begun.url)
    with pytest.raises(OptionError, match="FLICKR_SECRET"):
        Flickr.exchange(begun.state, params)
    monkeypatch.setenv("FLICKR_SECRET", application["secret"])
    monkeypatch.setenv("FLICKR_BASE_URL", application["base_url"])
    assert Flickr.exchange(begun.state, params).test.login()["stat"] == "ok"


def test_awaited_application_signs_a_visitor_in(application: dict[str, Any]) -> None:
    async def dance() -> Any:
        begun = await AsyncFlickr.begin(**application, callback=CALLBACK)
        async with await AsyncFlickr.exchange(begun.state, _back(begun.url)) as flickr:
            return await flickr.test.login()

    assert run(dance())["user"]["id"] == "10000000@N00"


@pytest.mark.parametrize("kind", [Flickr, AsyncFlickr])
def test_sign_in_that_fails_leaves_no_connection_open(
    application: dict[str, Any], monkeypatch: pytest.MonkeyPatch, kind: type[Any]
) -> None:
    closed: list[Any] = []
    close = kind.close

    def note_client(self: Any) -> Any:
        closed.append(self)
        return close(self)

    monkeypatch.setattr(kind, "close", note_client)
    begun = Flickr.begin(**application, callback=CALLBACK)
    closed.clear()
    params = _back(begun.url) | {"oauth_verifier": "000-000-000"}
    with pytest.raises(LoginError, match="wrong code"):
        made = kind.exchange(begun.state, params)
        run(made)
    assert len(closed) == 1
    kept = closed[0]._transport if kind is Flickr else closed[0]._transports.get()
    assert not kept


def test_state_holds_no_secret_of_the_application(application: dict[str, Any]) -> None:
    begun = Flickr.begin(**application, callback=CALLBACK)
    assert application["secret"] not in _payload(begun.state)
    assert application["secret"] not in begun.url + repr(begun)


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"oauth_token": "another"}, "another sign-in"),
        ({"oauth_verifier": ""}, "denied access"),
    ],
)
def test_answer_that_is_not_its_own_is_refused(
    application: dict[str, Any], change: dict[str, str], says: str
) -> None:
    begun = Flickr.begin(**application, callback=CALLBACK)
    with pytest.raises(LoginError, match=says):
        Flickr.exchange(begun.state, _back(begun.url) | change)


def test_visitor_who_says_no_is_told(application: dict[str, Any]) -> None:
    begun = Flickr.begin(**application, callback=CALLBACK)
    with pytest.raises(LoginError, match="denied access"):
        Flickr.exchange(begun.state, _back(begun.url, "deny"))


@pytest.mark.parametrize("state", ["", "x", "e30=", "bm9uZQ=="])
def test_state_that_is_none_is_refused(application: dict[str, Any], state: str) -> None:
    with pytest.raises(LoginError, match="begin again"):
        Flickr.exchange(state, {}, **application)


def test_visitor_whom_flickr_sends_back_as_denied_said_no(application: dict[str, Any]) -> None:
    begun = Flickr.begin(**application, callback=CALLBACK)
    token = _back(begun.url)["oauth_token"]
    with pytest.raises(LoginError, match="denied access"):
        Flickr.exchange(begun.state, {"denied": token})


def test_session_that_is_lost_is_told(application: dict[str, Any]) -> None:
    lost: Any = None
    with pytest.raises(LoginError, match="begin again"):
        Flickr.exchange(lost, {}, **application)


def test_request_token_without_its_secret_is_told() -> None:
    with (
        serve(Answer(b"oauth_token=1&oauth_callback_confirmed=true")) as server,
        pytest.raises(UnavailableError, match="without a token"),
    ):
        Flickr.begin(api_key="k", secret="s", base_url=server.url, callback=CALLBACK)


@pytest.mark.parametrize("field", ["oauth_token", "oauth_token_secret", "user_nsid"])
@pytest.mark.parametrize("text", ["a\x1b[31m", "a b", "a\nFLICKR_BASE_URL=http://evil", "\u202e"])
def test_token_that_is_no_word_is_no_token(field: str, text: str) -> None:
    answer = {"oauth_token": "1", "oauth_token_secret": "2", "user_nsid": "1@N00"} | {field: text}
    with (
        serve(Answer(urlencode(answer).encode())) as server,
        pytest.raises(UnavailableError, match="without a token"),
    ):
        Flickr.begin(api_key="k", secret="s", base_url=server.url, callback=CALLBACK)


Exchange = Callable[..., Any]


@pytest.fixture(params=["threads", "tasks"])
def exchange(request: pytest.FixtureRequest) -> Exchange:
    """Complete a sign-in with `Flickr` or `AsyncFlickr`; return the user's ID."""

    async def exchange_async(*given: Any, **options: Any) -> Any:
        async with await AsyncFlickr.exchange(*given, **options) as flickr:
            return (await flickr.test.login())["user"]["id"]

    def exchange_sync(*given: Any, **options: Any) -> Any:
        with Flickr.exchange(*given, **options) as flickr:
            return flickr.test.login()["user"]["id"]

    if request.param == "threads":
        return exchange_sync
    return lambda *given, **options: run(exchange_async(*given, **options))


def _payload(state: str) -> str:
    """Return the readable payload of a state."""
    return base64.urlsafe_b64decode(state.partition(".")[0] + "==").decode()


def _forge(state: str, **changes: str) -> str:
    """Return a state with changed fields and the old authentication code."""
    fields = dict(parse_qsl(_payload(state), keep_blank_values=True)) | changes
    payload = base64.urlsafe_b64encode(urlencode(fields).encode()).decode().rstrip("=")
    return f"{payload}.{state.partition('.')[2]}"


def _resign_without_check(state: str, base_url: str) -> str:
    """Return the state as unauthenticated JSON with an address."""
    fields = dict(parse_qsl(_payload(state)))
    with_address = {name: fields[name] for name in ("token", "secret", "api_key")}
    with_address["base_url"] = base_url
    return base64.urlsafe_b64encode(json.dumps(with_address).encode()).decode()


FORGERIES: dict[str, Callable[[str], Any]] = {
    "token": lambda state: _forge(state, token="another"),
    "token's secret": lambda state: _forge(state, secret="another"),
    "time": lambda state: _forge(state, expires="99999999999"),
    "no time": lambda state: _forge(state, expires="never"),
    "no code": lambda state: state.partition(".")[0],
    "empty code": lambda state: state.partition(".")[0] + ".",
    "code cut short": lambda state: state[:-1],
    "code and more": lambda state: state + "A",
    "no text": lambda state: state.encode(),
    "half a pair": lambda state: state + "\ud800",
    "nested": lambda state: base64.urlsafe_b64encode(b"[" * 3000).decode(),
    "key with a space": lambda state: _forge(state, api_key="a b"),
    "no key": lambda state: _forge(state, api_key=""),
}


@pytest.mark.parametrize("forge", FORGERIES.values(), ids=FORGERIES)
def test_state_that_was_forged_sends_nothing(
    exchange: Exchange,
    application: dict[str, Any],
    sandbox: Sandbox,
    forge: Callable[[str], Any],
) -> None:
    begun = Flickr.begin(**application, callback=CALLBACK)
    params = _back(begun.url)
    with pytest.raises(LoginError, match="begin again"):
        exchange(forge(begun.state), params, **application)
    assert not sandbox.calls["oauth/access_token"]
    # The state itself is still good.
    assert exchange(begun.state, params, **application) == "10000000@N00"


def test_address_in_a_state_is_sent_nothing(
    exchange: Exchange, application: dict[str, Any]
) -> None:
    begun = Flickr.begin(**application, callback=CALLBACK)
    params = _back(begun.url)
    application.pop("base_url")
    with serve() as other:
        for forge in (lambda state, url: _forge(state, base_url=url), _resign_without_check):
            with pytest.raises(LoginError, match="begin again"):
                exchange(forge(begun.state, other.url), params, **application)
    assert other.asked == []


def test_address_comes_from_the_options_alone(
    exchange: Exchange, application: dict[str, Any], sandbox: Sandbox
) -> None:
    begun = Flickr.begin(**application, callback=CALLBACK)
    with serve(Answer(b"oauth_problem=token_rejected", 401)) as other:
        with pytest.raises(LoginError):
            exchange(begun.state, _back(begun.url), base_url=other.url)
        assert [asked.path for asked in other.asked] == ["/services/oauth/access_token"]
    assert sandbox.url not in _payload(begun.state)
    assert not sandbox.calls["oauth/access_token"]


@pytest.mark.parametrize("option", ["secret", "api_key"])
def test_state_of_another_application_is_refused(
    exchange: Exchange, application: dict[str, Any], option: str
) -> None:
    begun = Flickr.begin(**application, callback=CALLBACK)
    with pytest.raises(LoginError, match="another key or secret: begin again"):
        exchange(begun.state, _back(begun.url), **application | {option: "0" * 16})


def test_request_tokens_secret_signs_no_state(application: dict[str, Any]) -> None:
    begun = Flickr.begin(**application, callback=CALLBACK)
    fields = dict(parse_qsl(_payload(begun.state)))
    # Neither with what a visitor can read in it, nor with the secret itself, which signs requests.
    for secret in (fields["secret"], fields["token"], ""):
        other = Credentials(application["api_key"], secret)
        forged = dump_state(RequestToken("a", "b"), other, time.time())
        with pytest.raises(LoginError, match="begin again"):
            Flickr.exchange(forged, {"oauth_token": "a", "oauth_verifier": "v"}, **application)
    payload, _, code = begun.state.partition(".")
    plain = hmac.digest(application["secret"].encode(), payload.encode(), "sha256")
    assert base64.urlsafe_b64encode(plain).decode().rstrip("=") != code


@pytest.mark.parametrize(("seconds", "works"), [(0, True), (1799, True), (1800, False)])
def test_state_is_good_for_half_an_hour(
    perform: Both, application: dict[str, Any], seconds: int, works: bool
) -> None:
    now = 1_000_000.5
    with Flickr(**application, callback=CALLBACK) as flickr:
        begun = flickr.run(web.begin(flickr.options, lambda: now))
    params = _back(begun.url)

    def end(flickr: Any) -> Any:
        flow = web.exchange(flickr.options, begun.state, params, lambda: now - 0.5 + seconds)
        return flickr.run(flow)

    if works:
        assert perform(end, application).user_id == "10000000@N00"
    else:
        with pytest.raises(LoginError, match="longer than 30 minutes: begin again"):
            perform(end, application)


def test_state_fits_a_cookie(application: dict[str, Any]) -> None:
    state = Flickr.begin(**application, callback=CALLBACK).state
    assert re.fullmatch(r"[\w.-]+", state, re.ASCII) and len(state) < 1000


@pytest.mark.parametrize("callback", ["", "oob", "nowhere", "http://a b/", "javascript:alert(1)"])
def test_begin_refuses_what_is_no_address(
    perform: Both, application: dict[str, Any], sandbox: Sandbox, callback: str
) -> None:
    def begin(flickr: Any) -> Any:
        return flickr.run(web.begin(flickr.options))

    # The client itself is made.
    with pytest.raises(OptionError, match=r"begin needs .*address"):
        perform(begin, application | {"callback": callback})
    assert not sandbox.calls


@pytest.mark.parametrize("kind", [Flickr, AsyncFlickr])
@pytest.mark.parametrize(
    "callback",
    ["https://example.org/back", "http://127.0.0.1:9/", "http://[::1]/?a=1", "myapp://back"],
)
def test_begin_takes_any_address(
    kind: type[Any], callback: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FLICKR_CALLBACK", callback)
    answer = Answer(b"oauth_token=1&oauth_token_secret=2&oauth_callback_confirmed=true")
    with serve(answer) as server:
        begun = kind.begin(api_key="k", secret="s", base_url=server.url)
        begun = run(begun) if kind is AsyncFlickr else begun
    assert begun.url.startswith(server.url)
    signed = server.asked[0].headers["Authorization"]
    quoted = quote(callback, safe="")
    assert f'oauth_callback="{quoted}"' in signed
