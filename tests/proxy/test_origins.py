"""Pages of other sites: which may call, and what no page can have signed."""

from __future__ import annotations

from typing import Any

import pytest

from pyflickr_web.errors import OptionError
from pyflickr_web.sandbox import Sandbox
from tests.proxy.authenticators import BADGE
from tests.proxy.caller import FORM, Caller, refusal
from tests.proxy.conftest import Open

SEARCH = {"method": "flickr.photos.search", "text": "red panda"}
LOGIN = {"method": "flickr.test.login"}
JSON_AND_FORM: tuple[dict[str, Any], ...] = (
    {"json": LOGIN},
    {"data": {**LOGIN, "format": "json", "nojsoncallback": "1"}},
)
FRIEND = "https://friend.example"
STRANGERS = (
    "https://stranger.example", "http://friend.example", "https://friend.example.evil.example",
    "https://friend.example:8443", "https://a.friend.example", "null", "", "file://",
    "https://friend.example, https://friend.example",
)  # fmt: skip


def own(proxy: Caller) -> str:
    """The origin of the proxy's own pages."""
    return "/".join(proxy.url.split("/")[:3])


def cors(answer: Any) -> dict[str, str]:
    prefix = "access-control-allow-"
    headers = {name.lower(): value for name, value in answer.headers.items()}
    return {n.removeprefix(prefix): value for n, value in headers.items() if n.startswith(prefix)}


@pytest.mark.parametrize("origin", STRANGERS)
def test_page_of_a_strange_origin_gets_nothing(
    open_proxy: Open, options: Any, flickr: Sandbox, origin: str
) -> None:
    proxy = open_proxy(options, origins=[FRIEND]).wearing(Origin=origin)
    answers = [proxy.ask(json=SEARCH), proxy.ask(data=SEARCH), proxy.ask("GET", params=SEARCH)]
    preflight = proxy.ask("OPTIONS", headers={"Access-Control-Request-Method": "POST"})
    for answer in (*answers, preflight):
        assert refusal(answer) == (403, 403)
        assert not cors(answer)
    assert not flickr.calls


def test_own_origin_needs_no_leave(open_proxy: Open, options: Any) -> None:
    proxy = open_proxy(options)
    proxy.wearing(Origin=own(proxy))
    answer = proxy.ask(json=SEARCH)
    assert answer.status_code == 200
    assert not cors(answer)


def test_page_of_an_allowed_origin_may_read_answers_and_refusals(
    open_proxy: Open, options: Any
) -> None:
    proxy = open_proxy(options, origins=FRIEND).wearing(Origin=FRIEND)
    for answer in (proxy.ask(json=SEARCH), proxy.call("flickr.nothing"), proxy.ask("PUT")):
        assert cors(answer) == {"origin": FRIEND}
        assert answer.headers["Vary"] == "Origin"
    assert proxy.wearing().ask(json=SEARCH).headers["Vary"] == "Origin"


def test_preflight_is_answered_once_for_hours(open_proxy: Open, options: Any) -> None:
    proxy = open_proxy(options, "raises", origins=FRIEND).wearing(Origin=FRIEND)
    answer = proxy.ask("OPTIONS", headers={"Access-Control-Request-Method": "POST"})
    assert answer.status_code == 204
    assert not answer.content
    assert int(answer.headers["Access-Control-Max-Age"]) >= 3600
    assert cors(answer) == {
        "origin": FRIEND,
        "methods": "GET, POST, OPTIONS",
        "headers": "Content-Type, Authorization",
        "credentials": "true",
    }


def test_any_origin_may_read_what_needs_no_login(open_proxy: Open, options: Any) -> None:
    proxy = open_proxy(options, origins="*").wearing(Origin="null")
    assert cors(proxy.ask(json=SEARCH)) == {"origin": "*"}


def test_any_origin_and_an_authenticator_are_refused_at_start(open_one: Open, options: Any) -> None:
    with pytest.raises(OptionError, match="origins"):
        open_one(options, "raises", origins="*")


@pytest.mark.parametrize(
    "origin", ["example.org", "https://", "https://a/b", "https://*.a", "ftp://a"]
)
def test_what_is_no_origin_is_told_at_start(open_one: Open, options: Any, origin: str) -> None:
    with pytest.raises(OptionError, match="is no origin"):
        open_one(options, origins=origin)


def test_cookie_without_an_origin_signs_nothing(
    open_proxy: Open, options: Any, flickr: Sandbox
) -> None:
    proxy = open_proxy(options, "raises").wearing(Authorization=BADGE, Cookie="session=1")
    for call in JSON_AND_FORM:
        assert refusal(proxy.ask(**call)) == (403, 403)
    assert not flickr.calls
    assert proxy.ask(json=SEARCH).status_code == 200


def test_signed_call_passes_from_own_page_or_without_cookie(open_proxy: Open, options: Any) -> None:
    proxy = open_proxy(options, "raises")
    proxy.wearing(Authorization=BADGE, Cookie="session=1", Origin=own(proxy))
    for call in JSON_AND_FORM:
        assert proxy.ask(**call).json()["stat"] == "ok"
    proxy.wearing(Authorization=BADGE)
    for call in JSON_AND_FORM:
        assert proxy.ask(**call).json()["stat"] == "ok"


def test_get_is_never_signed(open_proxy: Open, options: Any, flickr: Sandbox) -> None:
    proxy = open_proxy(options, "raises").wearing(Authorization=BADGE)
    image = proxy.ask("GET", params=LOGIN)
    assert refusal(image) == (405, 405)
    assert image.headers["Allow"] == "POST, OPTIONS"
    assert not flickr.calls
    mine = {
        "method": "flickr.people.getPhotos",
        "user_id": flickr.account.user_id,
        "authenticated": 1,
    }
    script = {"format": "json", "nojsoncallback": "1"}
    public = proxy.ask("GET", params={**mine, **script, "authenticated": 0}).json()
    assert proxy.ask("GET", params={**mine, **script}).json() == public


def test_signed_answer_is_in_no_functions_call(open_proxy: Open, options: Any) -> None:
    proxy = open_proxy(options, "raises").wearing(Authorization=BADGE)
    form = {**LOGIN, "format": "json", "jsoncallback": "steal"}
    calls: tuple[dict[str, Any], ...] = ({"data": form}, {"json": form})
    for call in calls:
        answer = proxy.ask(**call)
        assert answer.headers["Content-Type"] == "application/json"
        assert answer.json()["stat"] == "ok"


def test_form_of_a_strange_page_deletes_nothing(
    open_proxy: Open, options: Any, flickr: Sandbox
) -> None:
    proxy = open_proxy(options, "raises", perms="delete")
    for headers in (
        {"Origin": "https://stranger.example", "Cookie": "session=1"},
        {"Origin": "null", "Cookie": "session=1"},
        {"Cookie": "session=1"},
    ):
        proxy.wearing(Authorization=BADGE, **headers)
        form = "method=flickr.photos.delete&photo_id=1"
        assert proxy.post(form, FORM).status_code == 403
        assert proxy.post(
            '{"method":"flickr.photos.delete","photo_id":"1"}', "text/plain"
        ).status_code in (403, 415)
        assert proxy.ask("GET", params=form).status_code in (403, 405)
    assert not flickr.calls
