"""Test calls over a socket: requests, retries, answers and errors."""

from __future__ import annotations

import json
import logging
import traceback
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest

from pyflickr_web import Flickr
from pyflickr_web.errors import (
    ArgumentError,
    FlickrError,
    LoginError,
    MethodNotFoundError,
    NetworkError,
    NotFoundError,
    PermissionRefused,
    RateLimitError,
    TokenOnlyError,
    UnavailableError,
)
from tests.server.clients import Both
from tests.support import recordings
from tests.support.account import KEY, LOGIN
from tests.support.scripted_server import Answer, arguments_of, serve

PASSING = [
    Answer(status=500, body=b""),
    Answer(status=503, body=b"<html>busy</html>"),
    Answer(status=429, body=b"", headers={"Retry-After": "0"}),
    Answer(body=b'{"stat":"fail","code":0,"message":"Sorry"}'),
    Answer(body=b'{"stat":"fail","code":105,"message":"Service currently unavailable"}'),
    Answer(body=b'{"stat":"fail","code":201,"message":"Sorry"}'),
    Answer(body=b""),
    Answer(drop=True),
    Answer(body=b'{"stat":"ok","long":"........................"}', cut=True),
]


@pytest.fixture(autouse=True)
def no_pauses(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """Skip the pauses of retries, and record their lengths."""
    waited: list[float] = []

    async def wait(seconds: float) -> None:
        waited.append(seconds)

    monkeypatch.setattr("pyflickr_web.transports.threads.time.sleep", waited.append)
    monkeypatch.setattr("pyflickr_web.transports.tasks.asyncio.sleep", wait)
    return waited


def test_read_is_a_get_with_a_query(perform: Both) -> None:
    with serve() as server:
        perform(
            lambda f: f.photos.search(text="grüße & 1+1"), {"api_key": KEY, "base_url": server.url}
        )
    (asked,) = server.asked
    assert (asked.verb, urlsplit(asked.path).path) == ("GET", "/services/rest/")
    assert arguments_of(asked)["text"] == "grüße & 1+1"
    assert "Authorization" not in asked.headers


def test_write_is_a_signed_post_of_a_form(perform: Both) -> None:
    with serve() as server:
        perform(
            lambda f: f.photos.addTags(photo_id=1, tags=["happy fox", "a"]),
            LOGIN | {"base_url": server.url},
        )
    (asked,) = server.asked
    assert (asked.verb, asked.path) == ("POST", "/services/rest/")
    assert arguments_of(asked)["tags"] == '"happy fox" a'
    assert asked.headers["Authorization"].startswith("OAuth ")


def test_token_only_sends_nothing_that_needs_a_login() -> None:
    with serve() as server, Flickr.token_only(**LOGIN, base_url=server.url) as flickr:
        with pytest.raises(TokenOnlyError, match=r"flickr\.test\.login needs signing"):
            flickr.test.login()
        assert flickr.photos.search(text="x")["stat"] == "ok"
    assert len(server.asked) == 1


def test_key_and_secret_alone_sign_but_do_not_log_in(perform: Both) -> None:
    options = {"api_key": KEY, "secret": "s" * 16}
    with serve() as server:
        with pytest.raises(LoginError, match="needs a login"):
            perform(lambda f: f.test.login(), options | {"base_url": server.url})
        perform(
            lambda f: f.auth.oauth.checkToken(oauth_token="x"), options | {"base_url": server.url}
        )
    assert [arguments_of(asked)["method"] for asked in server.asked] == [
        "flickr.auth.oauth.checkToken"
    ]


@pytest.mark.parametrize("answer", PASSING, ids=lambda answer: repr(answer)[:60])
def test_read_is_tried_again(perform: Both, answer: Answer) -> None:
    with serve(answer, Answer()) as server:
        result = perform(
            lambda f: f.photos.getInfo(photo_id=1),
            LOGIN | {"base_url": server.url, "retry_queries": 1, "force_auth": True},
        )
    assert result == {"stat": "ok"}
    signatures = {asked.headers["Authorization"] for asked in server.asked}
    assert len(signatures) == len(server.asked) == 2


@pytest.mark.parametrize("answer", PASSING, ids=lambda answer: repr(answer)[:60])
def test_write_that_may_have_arrived_is_not_tried_again(perform: Both, answer: Answer) -> None:
    with serve(answer, Answer()) as server, pytest.raises(FlickrError):
        perform(
            lambda f: f.photos.delete(photo_id=1),
            LOGIN | {"base_url": server.url, "retry_queries": 3},
        )
    assert len(server.asked) == 1


def test_write_that_never_left_is_tried_again(perform: Both, no_pauses: list[float]) -> None:
    with serve() as server:
        gone = server.url
    with pytest.raises(NetworkError):
        perform(
            lambda f: f.photos.delete(photo_id=1), LOGIN | {"base_url": gone, "retry_queries": 2}
        )
    assert len(no_pauses) == 2


def test_nothing_is_tried_again_unless_asked(perform: Both) -> None:
    with serve(Answer(status=500), Answer()) as server, pytest.raises(UnavailableError):
        perform(lambda f: f.test.echo(), {"api_key": KEY, "base_url": server.url})
    assert len(server.asked) == 1


def _fail(code: int, message: str) -> Answer:
    return Answer(body=json.dumps({"stat": "fail", "code": code, "message": message}).encode())


@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        (_fail(1, "Photo not found"), NotFoundError),
        (_fail(5, "User deleted"), NotFoundError),
        (_fail(2, "Photo is private"), PermissionRefused),
        (_fail(3, "Missing required arguments"), ArgumentError),
        (_fail(98, "Invalid auth token"), LoginError),
        (_fail(99, "Insufficient permissions. Method requires read; none granted."), LoginError),
        (_fail(99, "Insufficient permissions. Requires write; read granted."), PermissionRefused),
        (_fail(100, "Invalid API Key"), LoginError),
        (_fail(105, "Service currently unavailable"), UnavailableError),
        (_fail(112, "Method not found"), MethodNotFoundError),
        (_fail(77, "Something of its own"), FlickrError),
        (Answer(status=429), RateLimitError),
        (_fail(429, "you call too often: try again in a while"), RateLimitError),
        (Answer(status=502, body=b"<html>"), UnavailableError),
        (Answer(body=b"no json"), UnavailableError),
        (Answer(drop=True), NetworkError),
    ],
    ids=lambda value: str(value)[:50],
)
def test_failure_is_an_error_of_its_kind(
    perform: Both, answer: Answer, kind: type[FlickrError]
) -> None:
    with serve(answer) as server, pytest.raises(FlickrError) as caught:
        perform(lambda f: f.photos.getInfo(photo_id=1), {"api_key": KEY, "base_url": server.url})
    assert type(caught.value) is kind
    assert caught.value.method == "flickr.photos.getInfo"


def test_too_many_calls_are_told_with_what_to_do(perform: Both) -> None:
    with serve(Answer(b"<html>", status=429)) as server, pytest.raises(RateLimitError) as caught:
        perform(lambda f: f.photos.getInfo(photo_id=1), {"api_key": KEY, "base_url": server.url})
    assert str(caught.value) == (
        "flickr.photos.getInfo: HTTP 429: Flickr asks to slow down; try again later, or set max_per_hour"
    )
    assert (caught.value.code, caught.value.status) == (None, 429)


@pytest.mark.parametrize(
    ("body", "says"),
    [
        (b"oauth_problem=signature_invalid&debug_sbs=GET&http%3A%2F%2F" + KEY.encode(), "secret"),
        (b"oauth_problem=parameter_absent&oauth_parameters_absent=oauth_token", "oauth_token"),
        (b"oauth_problem=token_rejected", "sign in again"),
        (b"oauth_problem=nonce_used", "nonce was used before"),
        (b"oauth_problem=timestamp_refused", "clock"),
        (b"oauth_problem=consumer_key_unknown", "api_key"),
        (b"oauth_problem=something_new", "rejects the signed request"),
    ],
)
def test_refusal_of_a_signature_is_told(perform: Both, body: bytes, says: str) -> None:
    with serve(Answer(body, status=401)) as server, pytest.raises(LoginError) as caught:
        perform(lambda f: f.test.login(), LOGIN | {"base_url": server.url, "retry_queries": 3})
    assert says in str(caught.value)
    assert len(server.asked) == 1
    _holds_no_secret(caught.value)


def _holds_no_secret(error: BaseException) -> None:
    text = str(error) + repr(error) + repr(error.__dict__)
    assert not [value for value in LOGIN.values() if value in text]


@pytest.mark.parametrize("answer", [*PASSING, _fail(1, "no")], ids=lambda a: repr(a)[:60])
def test_no_error_holds_a_secret(perform: Both, answer: Answer) -> None:
    with serve(answer) as server, pytest.raises(FlickrError) as caught:
        perform(lambda f: f.test.login(), LOGIN | {"base_url": server.url})
    error: BaseException | None = caught.value
    while error:
        _holds_no_secret(error)
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)


def test_no_log_holds_a_secret_at_any_level(
    perform: Both, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG), serve() as server:
        perform(lambda f: f.photos.search(text="x"), {"api_key": KEY, "base_url": server.url})
        perform(lambda f: f.photos.addTags(photo_id=1, tags="a"), LOGIN | {"base_url": server.url})
        perform(lambda f: f.test.login(), LOGIN | {"base_url": server.url})
    assert [value for value in LOGIN.values() if value in caplog.text] == []


@pytest.mark.parametrize("answer", [Answer(status=500), Answer(drop=True), _fail(1, "no")])
def test_no_variable_that_a_debugger_shows_holds_a_secret(perform: Both, answer: Answer) -> None:
    with serve(answer) as server, pytest.raises(FlickrError) as caught:
        perform(lambda f: f.photos.getPerms(photo_id=1), LOGIN | {"base_url": server.url})
    trace = traceback.TracebackException.from_exception(caught.value, capture_locals=True)
    frames = [frame for frame in trace.stack if "/pyflickr_web/" in frame.filename]
    assert len(frames) > 3
    shown = "\n".join(str(frame.locals) for frame in frames)
    assert [value for value in LOGIN.values() if value in shown] == []


def test_listing_asks_for_a_page_when_it_is_wanted() -> None:
    def page(number: int) -> Answer:
        photos = {
            "page": number,
            "pages": 3,
            "perpage": 2,
            "photo": [{"id": f"{number}{i}"} for i in "ab"],
        }
        return Answer(json.dumps({"photos": photos, "stat": "ok"}).encode())

    with serve(page(1), page(2), page(3)) as server, Flickr(api_key=KEY, base_url=server.url) as f:
        listing = f.photos.search.all(text="x")
        assert [next(listing)["id"], next(listing)["id"]] == ["1a", "1b"]
        assert len(server.asked) == 1
        assert [photo["id"] for photo in listing] == ["2a", "2b", "3a", "3b"]
    assert [arguments_of(asked).get("page") for asked in server.asked] == [None, "2", "3"]


def test_request_options_reach_the_library(perform: Both) -> None:
    with serve() as server:
        perform(
            lambda f: f.test.echo(),
            {
                "api_key": KEY,
                "base_url": server.url,
                "request_options": {"headers": {"User-Agent": "mine"}, "timeout": 5},
            },
        )
        proxied = {"proxies": {"http": server.url}}
        perform(
            lambda f: f.test.echo(),
            {"api_key": KEY, "base_url": "http://flickr.invalid", "request_options": proxied},
        )
    assert server.asked[0].headers["User-Agent"] == "mine"
    assert server.asked[1].path.startswith("http://flickr.invalid/services/rest/")


def test_netrc_takes_no_signatures_place(
    perform: Both, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "netrc").write_text("machine 127.0.0.1 login a password b\n")
    monkeypatch.setenv("NETRC", str(tmp_path / "netrc"))
    with serve() as server:
        perform(lambda f: f.test.login(), LOGIN | {"base_url": server.url})
    assert server.asked[0].headers["Authorization"].startswith("OAuth ")


def test_cookie_of_an_answer_is_not_sent_back(perform: Both) -> None:
    refused = Answer(b"", 503, {"Set-Cookie": "visitor=1; Path=/", "Retry-After": "0.01"})
    with serve(refused, Answer()) as server:
        perform(
            lambda f: f.test.echo(),
            {"api_key": KEY, "base_url": server.url, "retry_queries": True},
        )
    assert len(server.asked) == 2
    assert all("Cookie" not in request.headers for request in server.asked)


def test_proxy_of_the_environment_is_used_but_for_its_exceptions(
    perform: Both, monkeypatch: pytest.MonkeyPatch
) -> None:
    with serve() as proxy, serve() as direct:
        monkeypatch.setenv("http_proxy", proxy.url)
        monkeypatch.setenv("no_proxy", "127.0.0.1")
        for base_url in ("http://flickr.invalid", direct.url):
            perform(lambda f: f.test.echo(), {"api_key": KEY, "base_url": base_url})
    assert [request.path.partition("?")[0] for request in proxy.asked] == [
        "http://flickr.invalid/services/rest/"
    ]
    assert len(direct.asked) == 1


def test_redirect_is_not_followed(perform: Both) -> None:
    answer = Answer(b"", 302, {"Location": "/elsewhere"})
    with serve(answer) as server, pytest.raises(UnavailableError):
        perform(lambda f: f.test.login(), LOGIN | {"base_url": server.url})
    assert len(server.asked) == 1


def _name(file: Path) -> str:
    return f"{file.parent.name}/{file.name}"


@pytest.mark.parametrize("file", recordings.files("flickr.*", "*-json-ok-*.json"), ids=_name)
def test_recorded_answer_comes_back_as_it_is(file: Path) -> None:
    body = recordings.body(file)
    with serve(Answer(body.encode())) as server, Flickr(api_key=KEY, base_url=server.url) as flickr:
        assert flickr.test.echo() == json.loads(body)


@pytest.mark.parametrize("file", recordings.files("*", "*-text-http4*.json"), ids=_name)
def test_recorded_refusal_is_told(perform: Both, file: Path) -> None:
    response = recordings.load(file)["response"]
    problem = dict(parse_qsl(response["body"]))["oauth_problem"]
    answer = Answer(response["body"].encode(), response["status"])
    with serve(answer) as server, pytest.raises(LoginError, match=problem) as caught:
        perform(lambda f: f.test.login(), LOGIN | {"base_url": server.url})
    text = str(caught.value)
    assert "debug_sbs" not in text and ("; " in text or "sign in" in text)


def test_client_may_go_without_namespaces() -> None:
    with serve() as server, Flickr(api_key=KEY, base_url=server.url, no_api=True) as flickr:
        assert not hasattr(flickr, "photos")
        assert flickr.call("flickr.test.echo") == {"stat": "ok"}


def test_token_stands_in_no_address(perform: Both) -> None:
    with serve() as server:
        perform(
            lambda f: f.auth.oauth.checkToken(oauth_token="72157-token"),
            LOGIN | {"base_url": server.url},
        )
    (asked,) = server.asked
    assert (asked.verb, asked.path) == ("POST", "/services/rest/")
    assert arguments_of(asked)["oauth_token"] == "72157-token"


def test_write_is_sent_again_where_the_server_has_no_address(
    perform: Both, no_pauses: list[float]
) -> None:
    options = LOGIN | {"base_url": "http://flickr.invalid", "retry_queries": 2}
    with pytest.raises(NetworkError):
        perform(lambda f: f.photos.addTags(photo_id=1, tags="a"), options)
    assert len(no_pauses) == 2


def test_pause_below_nothing_is_the_usual_one(perform: Both, no_pauses: list[float]) -> None:
    busy = Answer(status=503, headers={"Retry-After": "-1"})
    with serve(busy, Answer()) as server:
        options = {"api_key": KEY, "base_url": server.url, "retry_queries": 1}
        assert perform(lambda f: f.test.echo(), options) == {"stat": "ok"}
    [pause] = no_pauses
    assert 0.5 <= pause <= 1


def test_call_about_me_is_signed_where_somebody_is_signed_in(perform: Both) -> None:
    for options, signed in ((LOGIN, True), ({"api_key": KEY}, False)):
        with serve() as server:
            perform(lambda f: f.people.getPhotos(user_id="me"), {**options, "base_url": server.url})
        assert ("Authorization" in server.asked[0].headers) is signed


@pytest.mark.parametrize(
    ("value", "says"),
    [
        ({"a": 1}, "not a dict"),
        (b"x", "not a bytes"),
        ((letter for letter in "ab"), "not a generator"),
        ([["a"], "b"], "not a list"),
        (float("nan"), "invalid number nan"),
        ([1, float("inf")], "invalid number inf"),
        ("\udcff", "'.udcff' is not valid Unicode"),
        (["a", "\ud800"], "'.ud800' is not valid Unicode"),
    ],
)
def test_value_that_is_none_is_told_before_anything_is_sent(
    perform: Both, value: Any, says: str
) -> None:
    with serve() as server, pytest.raises(ArgumentError, match=f"photos.search: tags: .*{says}"):
        perform(lambda f: f.photos.search(tags=value), {"api_key": KEY, "base_url": server.url})
    assert server.asked == []
