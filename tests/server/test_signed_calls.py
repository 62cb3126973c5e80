"""The rule by which calls are signed, and the errors of unsigned ones."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from flickr_sandbox import Sandbox
from pyflickr_web import Flickr
from pyflickr_web._generated.table import TABLE
from pyflickr_web.errors import (
    ArgumentError,
    FlickrError,
    LoginError,
    MethodNotFoundError,
    NotFoundError,
    TokenOnlyError,
    UnavailableError,
)
from tests.server.clients import Both
from tests.support.account import options_of
from tests.support.scripted_server import Answer, arguments_of, serve

KEY = "k" * 32
NSID = "10000000@N00"
LOGIN: dict[str, Any] = {
    "api_key": KEY,
    "secret": "s" * 16,
    "access_token": "72157-token",
    "access_token_secret": "t" * 16,
    "user_id": NSID,
}
CALLER_METHODS = (
    "flickr.collections.getTree",
    "flickr.favorites.getList",
    "flickr.galleries.getList",
    "flickr.photos.getPopular",
    "flickr.photosets.getList",
    "flickr.tags.getListUser",
    "flickr.tags.getListUserPopular",
    "flickr.tags.getListUserRaw",
    "flickr.urls.getUserPhotos",
    "flickr.urls.getUserProfile",
)
SEARCH = "flickr.photos.search"
UNKNOWN = "flickr.video.getStreamInfo"


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    with Sandbox() as sandbox:
        yield sandbox


def _fail(code: int, message: str) -> Answer:
    return Answer(json.dumps({"stat": "fail", "code": code, "message": message}).encode())


def _method(client: Any, name: str) -> Callable[..., Any]:
    for part in name.split(".")[1:]:
        client = getattr(client, part)
    method: Callable[..., Any] = client
    return method


def _make_call(name: str) -> Callable[[Any], Any]:
    return lambda client: _method(client, name)()


def test_methods_that_mean_the_caller_are_these() -> None:
    assert sorted(TABLE.caller_methods) == sorted(CALLER_METHODS)
    assert {TABLE.levels[method] for method in CALLER_METHODS} == {0}


@pytest.mark.parametrize(
    ("options", "method", "arguments", "signed"),
    [
        ({}, SEARCH, {}, False),
        ({}, SEARCH, {"authenticated": True}, True),
        ({}, SEARCH, {"authenticated": "1"}, True),
        ({}, SEARCH, {"user_id": "me"}, True),
        ({}, SEARCH, {"user_id": NSID}, False),
        ({}, SEARCH, {"user_id": NSID, "authenticated": True}, True),
        ({"force_auth": True}, SEARCH, {}, True),
        ({"force_auth": True}, SEARCH, {"authenticated": False}, False),
        ({}, SEARCH, {"user_id": "me", "authenticated": False}, False),
        *(({}, method, {}, True) for method in CALLER_METHODS),
        *(({}, method, {"authenticated": False}, False) for method in CALLER_METHODS),
        ({}, "flickr.photosets.getList", {"user_id": ""}, True),
        ({}, "flickr.photosets.getList", {"user_id": None}, True),
        ({}, "flickr.photosets.getList", {"user_id": "20000000@N00"}, False),
        ({"secret": ""}, "flickr.photosets.getList", {}, False),
        ({"secret": ""}, SEARCH, {"user_id": "me"}, False),
        ({"access_token": ""}, "flickr.photosets.getList", {}, False),
    ],
    ids=str,
)
def test_call_is_signed_by_the_rule(
    perform: Both, options: dict[str, Any], method: str, arguments: dict[str, Any], signed: bool
) -> None:
    with serve() as server:
        perform(
            lambda f: _method(f, method)(**arguments), LOGIN | {"base_url": server.url} | options
        )
    assert ("Authorization" in server.asked[0].headers) == signed
    assert "authenticated" not in arguments_of(server.asked[0])


def test_call_that_must_be_signed_cannot_say_that_it_is_not(perform: Both) -> None:
    with serve() as server, pytest.raises(ArgumentError, match="leave out authenticated=False"):
        perform(lambda f: f.test.login(authenticated=False), LOGIN | {"base_url": server.url})
    assert not server.asked


def test_authenticated_is_a_yes_or_no(perform: Both) -> None:
    with serve() as server, pytest.raises(ArgumentError, match="authenticated must be 1 or 0"):
        perform(lambda f: f.photos.search(authenticated="maybe"), LOGIN | {"base_url": server.url})
    assert not server.asked


def test_wish_for_a_signature_goes_to_the_proxy(perform: Both) -> None:
    with serve() as server:
        options = {"endpoint": f"{server.url}/services/rest/"}
        perform(lambda f: f.photos.search(text="x", authenticated=True), options)
    assert json.loads(server.asked[0].body)["authenticated"] == "1"


def test_own_id_alone_is_not_signed_and_the_log_says_once_how_to(
    perform: Both, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "pyflickr_web")
    with serve() as server:
        options = LOGIN | {"base_url": server.url}
        perform(lambda f: f.people.getPhotos(user_id="20000000@N00"), options)
        assert not caplog.messages
        perform(_twice_about_oneself, options)
    (message,) = caplog.messages
    assert "authenticated=True" in message and 'user_id="me"' in message


def _twice_about_oneself(flickr: Any) -> Any:
    views = [flickr.with_options(retries=retries) for retries in (0, 1)]
    first = views[0].people.getPhotos(user_id=NSID)
    if isinstance(first, dict):
        return views[1].people.getPhotos(user_id=NSID)

    async def both() -> Any:
        await first
        return await views[1].people.getPhotos(user_id=NSID)

    return both()


@pytest.mark.parametrize("message", ["Photo not found", "Permission denied"])
@pytest.mark.parametrize(
    ("options", "arguments", "explained"),
    [
        ({}, {}, True),
        ({}, {"authenticated": True}, False),
        ({"secret": ""}, {}, False),
        ({"access_token": ""}, {}, False),
    ],
)
def test_unsigned_call_that_finds_nothing_says_how_to_sign_it(
    perform: Both, message: str, options: Any, arguments: Any, explained: bool
) -> None:
    with serve(_fail(1, message)) as server, pytest.raises(FlickrError) as caught:
        perform(
            lambda f: f.photos.getSizes(photo_id=1, **arguments),
            LOGIN | {"base_url": server.url} | options,
        )
    says = "the call was not signed; authenticated=True signs it"
    assert (says in str(caught.value)) == explained
    assert (caught.value.code, caught.value.status) == (1, 200)
    assert caught.value.method == "flickr.photos.getSizes"


@pytest.mark.parametrize(
    ("code", "options", "explained"),
    [(99, {}, True), (100, {}, False), (99, {"access_token": ""}, False)],
)
def test_call_about_me_that_is_told_not_to_be_signed_says_so(
    perform: Both, code: int, options: Any, explained: bool
) -> None:
    with serve(_fail(code, "User not logged in")) as server, pytest.raises(LoginError) as caught:
        perform(
            lambda f: f.people.getPhotos(user_id="me", authenticated=False),
            LOGIN | {"base_url": server.url} | options,
        )
    assert ("authenticated=True signs it" in str(caught.value)) == explained


def test_other_failures_of_an_unsigned_call_say_nothing_of_signing(perform: Both) -> None:
    for answer in (_fail(105, "Service unavailable"), _fail(112, "Method not found")):
        with serve(answer) as server, pytest.raises(FlickrError) as caught:
            perform(lambda f: f.photos.getSizes(photo_id=1), LOGIN | {"base_url": server.url})
        assert "signed" not in str(caught.value)


@pytest.mark.parametrize(
    ("options", "signed"), [({}, True), ({"secret": ""}, False), ({"access_token": ""}, False)]
)
def test_unknown_method_is_signed_if_there_is_a_token(
    perform: Both, options: dict[str, Any], signed: bool
) -> None:
    with serve() as server:
        perform(
            lambda f: f.call("video.getStreamInfo", photo_id=1),
            LOGIN | {"base_url": server.url} | options,
        )
    assert arguments_of(server.asked[0])["method"] == UNKNOWN
    assert ("Authorization" in server.asked[0].headers) == signed


def test_unknown_method_is_never_retried_as_a_read(perform: Both) -> None:
    with serve(Answer(status=503), Answer()) as server, pytest.raises(UnavailableError):
        perform(lambda f: f.call(UNKNOWN), LOGIN | {"base_url": server.url, "retry_queries": 3})
    assert len(server.asked) == 1


def test_method_called_by_name_is_not_checked(perform: Both) -> None:
    with serve() as server:
        perform(lambda f: f.call("photos.getInfo"), {"api_key": KEY, "base_url": server.url})
        with pytest.raises(ArgumentError, match="missing photo_id"):
            perform(lambda f: f.photos.getInfo(), {"api_key": KEY, "base_url": server.url})
    assert len(server.asked) == 1


def test_method_called_by_name_is_refused_without_a_token_if_it_needs_one() -> None:
    with (
        serve() as server,
        Flickr.token_only(**LOGIN, base_url=server.url) as flickr,
        pytest.raises(TokenOnlyError, match=r"flickr\.photos\.delete needs signing"),
    ):
        flickr.call("photos.delete", photo_id=1)
    assert not server.asked


@pytest.mark.parametrize(
    ("code", "method", "arguments"),
    [
        (112, "flickr.photos.serach", {}),
        (1, "flickr.reflection.getMethodInfo", {"method_name": "flickr.photos.serach"}),
    ],
)
def test_missing_method_is_an_error_of_its_own_with_the_nearest_name(
    perform: Both, code: int, method: str, arguments: dict[str, str]
) -> None:
    options = {"api_key": KEY}
    with (
        serve(_fail(code, "Method not found")) as server,
        pytest.raises(MethodNotFoundError) as caught,
    ):
        perform(lambda f: f.call(method, **arguments), options | {"base_url": server.url})
    assert "did you mean flickr.photos.search?" in str(caught.value)
    assert not isinstance(caught.value, NotFoundError)
    assert (caught.value.code, caught.value.method) == (code, method)


def test_signed_in_person_is_asked_about_as_that_person(sandbox: Sandbox, perform: Both) -> None:
    account = sandbox.account
    options = options_of(sandbox) | {"user_id": account.user_id}
    for method in CALLER_METHODS:
        assert perform(_make_call(method), options)["stat"] == "ok"
    own = perform(lambda f: f.people.getPhotos(user_id=account.user_id), options)["photos"]
    mine = perform(lambda f: f.people.getPhotos(user_id="me", per_page=500), options)["photos"]
    assert int(own["total"]) < int(mine["total"])
    private = next(photo for photo in mine["photo"] if not photo["ispublic"])
    with pytest.raises(FlickrError, match="authenticated=True signs it"):
        perform(lambda f: f.photos.getSizes(photo_id=private["id"]), options)
    sizes = perform(
        lambda f: f.photos.getSizes(photo_id=private["id"], authenticated=True), options
    )
    assert sizes["sizes"]["size"]
