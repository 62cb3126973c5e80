"""Pages of other sites: allowed origins, and protection of signed calls."""

from __future__ import annotations

from typing import Any

import pytest

from flickr_sandbox import Sandbox
from pyflickr_web.errors import OptionError
from tests.proxy.authenticators import BADGE
from tests.proxy.caller import FORM, Caller, refusal
from tests.proxy.proxies import Open

SEARCH = {"method": "flickr.photos.search", "text": "red panda"}
LOGIN = {"method": "flickr.test.login"}
JSON_AND_FORM: tuple[dict[str, Any], ...] = (
    {"json": LOGIN},
    {"data": {**LOGIN, "format": "json", "nojsoncallback": "1"}},
)
FRIEND = "https://friend.example"
STRANGERS = (
    "https://stranger.example", "http://friend.example", "https://friend.example.evil.example",
    "https://friend.example:8443", "https://a.friend.example", "", "file://",
    "https://friend.example, https://friend.example",
)  # fmt: skip


def own(proxy: Caller) -> str:
    """Return the origin of the proxy's own pages."""
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


@pytest.mark.parametrize("origins", [FRIEND, "*"])
def test_page_opened_from_a_file_is_refused_with_advice(
    open_proxy: Open, options: Any, flickr: Sandbox, origins: str
) -> None:
    """Its preflight is allowed, so that the page can read the refusal."""
    proxy = open_proxy(options, origins=origins).wearing(Origin="null")
    for answer in (
        proxy.ask(json=SEARCH),
        proxy.ask("GET", params={**SEARCH, "format": "json"}),
        proxy.ask(path="upload", data=b"x"),
    ):
        assert refusal(answer) == (403, 403)
        assert "open the page over http" in answer.json()["message"]
        assert cors(answer) == {"origin": "null"}
    preflight = proxy.ask("OPTIONS", headers={"Access-Control-Request-Method": "POST"})
    assert preflight.status_code == 204
    assert preflight.headers["Access-Control-Allow-Origin"] == "null"
    assert "Access-Control-Allow-Credentials" not in preflight.headers
    assert not flickr.calls


def test_own_origin_is_allowed(open_proxy: Open, options: Any) -> None:
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


def test_any_origin_may_read_public_answers(open_proxy: Open, options: Any) -> None:
    proxy = open_proxy(options, origins="*").wearing(Origin=FRIEND)
    assert cors(proxy.ask(json=SEARCH)) == {"origin": "*"}


def test_any_origin_and_an_authenticator_are_refused_at_start(open_one: Open, options: Any) -> None:
    with pytest.raises(OptionError, match="origins"):
        open_one(options, "raises", origins="*")


@pytest.mark.parametrize(
    "origin", ["example.org", "https://", "https://a/b", "https://*.a", "ftp://a"]
)
def test_invalid_origin_is_an_error_at_start(open_one: Open, options: Any, origin: str) -> None:
    with pytest.raises(OptionError, match="invalid origin"):
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


def test_get_of_a_read_is_signed_without_origin_and_cookie(
    open_proxy: Open, options: Any, flickr: Sandbox
) -> None:
    proxy = open_proxy(options, "raises", perms="write").wearing(Authorization=BADGE)
    plain = {"format": "json", "nojsoncallback": "1"}
    answer = proxy.ask("GET", params={**LOGIN, **plain})
    assert answer.json()["user"]["id"] == flickr.account.user_id
    assert answer.headers["Cache-Control"] == "no-store"
    mine = {"method": "flickr.people.getPhotos", "user_id": flickr.account.user_id, **plain}
    public = proxy.ask("GET", params=mine).json()["photos"]["total"]
    private = proxy.ask("GET", params={**mine, "authenticated": "1"}).json()["photos"]["total"]
    assert int(private) > int(public)
    for headers in ({"Cookie": "session=1"}, {"Origin": own(proxy)}):
        proxy.wearing(Authorization=BADGE, **headers)
        unsigned = proxy.ask("GET", params={**mine, "authenticated": "1"})
        assert unsigned.json()["photos"]["total"] == public


@pytest.mark.parametrize("header", ["none", "cookie", "origin"])
def test_get_is_not_signed_for_a_page_and_never_for_a_write(
    open_proxy: Open, options: Any, flickr: Sandbox, header: str
) -> None:
    proxy = open_proxy(options, "raises", perms="write")
    headers = {"cookie": {"Cookie": "session=1"}, "origin": {"Origin": own(proxy)}}.get(header, {})
    proxy.wearing(Authorization=BADGE, **headers)
    write = {"method": "flickr.photos.addTags", "photo_id": "1", "tags": "a"}
    for call in [write] if header == "none" else [write, LOGIN]:
        answer = proxy.ask("GET", params=call)
        assert refusal(answer) == (405, 405)
        assert answer.headers["Allow"] == "POST, OPTIONS"
    assert not flickr.calls


def test_signed_answer_is_no_script(open_proxy: Open, options: Any) -> None:
    proxy = open_proxy(options, "raises").wearing(Authorization=BADGE)
    form = {**LOGIN, "format": "json"}
    for wrapped in (proxy.ask(data=form), proxy.ask("GET", params=form)):
        assert wrapped.text.startswith("jsonFlickrApi({")
        assert wrapped.headers["Content-Type"] == "application/json"
        assert wrapped.headers["X-Content-Type-Options"] == "nosniff"
    calls: tuple[dict[str, Any], ...] = (
        {"data": {**form, "jsoncallback": "steal"}},
        {"json": {**form, "jsoncallback": "steal"}},
    )
    for call in calls:
        answer = proxy.ask(**call)
        assert refusal(answer) == (400, 400)
        assert "jsonp" in answer.json()["message"]


@pytest.mark.parametrize("site", ["cross-site", "same-site"])
def test_script_image_and_link_of_another_site_get_nothing(
    open_proxy: Open, options: Any, flickr: Sandbox, site: str
) -> None:
    """Browsers send Sec-Fetch-Site with them, but no Origin."""
    script = {**SEARCH, "format": "json"}
    for policy in ({"origins": FRIEND}, {"origins": FRIEND, "authenticator": "raises"}, {}):
        proxy = open_proxy(options, **policy)
        proxy.wearing(Authorization=BADGE, Sec_Fetch_Site=site)
        for answer in (
            proxy.ask("GET", params=script),
            proxy.ask(data=script),
            proxy.ask(json=script),
            proxy.ask("GET", params={**LOGIN, "format": "json"}),
            proxy.ask("OPTIONS"),
            proxy.ask(path="upload", data=b"x"),
        ):
            assert refusal(answer) == (403, 403)
    assert not flickr.calls


@pytest.mark.parametrize("site", ["same-origin", "none"])
def test_own_page_and_address_bar_get_answers(open_proxy: Open, options: Any, site: str) -> None:
    proxy = open_proxy(options).wearing(Sec_Fetch_Site=site)
    assert proxy.ask("GET", params=SEARCH).status_code == 200


def test_any_site_may_get_if_any_origin_is_allowed(open_proxy: Open, options: Any) -> None:
    proxy = open_proxy(options, origins="*").wearing(Sec_Fetch_Site="cross-site")
    assert proxy.ask("GET", params=SEARCH).status_code == 200
    assert refusal(proxy.ask(data=SEARCH)) == (403, 403)


def test_page_of_another_site_may_fetch_if_its_origin_is_allowed(
    open_proxy: Open, options: Any
) -> None:
    proxy = open_proxy(options, origins=FRIEND)
    proxy.wearing(Origin=FRIEND, Sec_Fetch_Site="cross-site")
    assert proxy.ask("GET", params=SEARCH).status_code == 200
    assert proxy.ask(json=SEARCH).status_code == 200


def test_answer_to_a_get_varies_by_origin_and_site(open_proxy: Open, options: Any) -> None:
    proxy = open_proxy(options)
    for params in (SEARCH, {"method": "flickr.nothing"}):
        assert proxy.ask("GET", params=params).headers["Vary"] == "Origin, Sec-Fetch-Site"


def test_script_tags_get_answers_if_jsonp_is_on(open_proxy: Open, options: Any) -> None:
    proxy = open_proxy(options, origins="*", jsonp=True).wearing(Sec_Fetch_Site="cross-site")
    script = {**SEARCH, "format": "json"}
    for params, start in (
        (script, "jsonFlickrApi({"),
        ({**script, "jsoncallback": "page.show"}, "page.show({"),
    ):
        answer = proxy.ask("GET", params=params)
        assert answer.headers["Content-Type"] == "text/javascript; charset=utf-8"
        assert answer.text.startswith(start)


@pytest.mark.parametrize("name", ["<script>", "a\r\nb", "alert(1)//", "a b", "x" * 101])
def test_callback_must_be_a_name(open_proxy: Open, options: Any, name: str) -> None:
    proxy = open_proxy(options, origins="*", jsonp=True)
    params = {**SEARCH, "format": "json", "jsoncallback": name}
    assert refusal(proxy.ask("GET", params=params)) == (400, 400)


def test_jsonp_needs_any_origin_and_no_authenticator(open_one: Open, options: Any) -> None:
    for policy in ({}, {"origins": FRIEND}, {"authenticator": "raises"}):
        with pytest.raises(OptionError, match="jsonp"):
            open_one(options, jsonp=True, **policy)
    with pytest.raises(OptionError, match="authenticator"):
        open_one(options, "raises", jsonp=True, origins="*")


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
