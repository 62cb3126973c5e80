"""Authenticators in each framework: admission, refusal, and the credentials that sign."""

from __future__ import annotations

from typing import Any

import pytest

from flickr_sandbox import Sandbox
from pyflickr_web import AsyncFlickr, Flickr
from pyflickr_web.errors import LoginError, NetworkError, PermissionRefused
from pyflickr_web.oauth.credentials import Credentials
from pyflickr_web.proxy import proxy_asgi
from pyflickr_web.proxy.adapters.authenticators import (
    framework_refusal,
    refusal_for_error,
    visitor_of,
)
from pyflickr_web.proxy.calls.message import ProxyRequest
from tests.proxy.authenticators import BADGE, with_credentials
from tests.proxy.caller import Caller, refusal
from tests.proxy.proxies import Open
from tests.proxy.servers import ADAPTERS

PUBLIC = "flickr.photos.getRecent"
LOGIN = "flickr.test.login"


@pytest.mark.parametrize("kind", ["raises", "names", "awaited"])
def test_stranger_gets_the_frameworks_refusal_as_an_answer(
    open_proxy: Open, options: Any, flickr: Sandbox, adapter: str, kind: str
) -> None:
    proxy = open_proxy(options, kind)
    status = 403 if adapter == "django" else 401
    for method in (PUBLIC, LOGIN, "flickr.nothing"):
        answer = proxy.call(method)
        assert refusal(answer) == (status, status)
        assert answer.json()["message"] == "show your badge"
    assert not flickr.calls


@pytest.mark.parametrize("kind", ["raises", "names", "awaited", "answers"])
def test_visitor_with_a_badge_is_admitted(open_proxy: Open, options: Any, kind: str) -> None:
    proxy = open_proxy(options, kind).wearing(Authorization=BADGE)
    assert proxy.call(PUBLIC).json()["stat"] == "ok"
    assert proxy.call(LOGIN).json()["user"]["username"]["_content"] == "sandbox"


def test_answer_of_the_authenticator_is_the_answer(
    open_proxy: Open, options: Any, flickr: Sandbox, adapter: str
) -> None:
    origin = "https://friend.example"
    proxy = open_proxy(options, "answers", origins=origin).wearing(Origin=origin)
    answer = proxy.call(LOGIN)
    if adapter in ("asgi", "wsgi"):
        assert refusal(answer) == (403, 403)
    else:
        assert (answer.status_code, answer.text) == (401, "no badge")
    assert answer.headers["Access-Control-Allow-Origin"] == origin
    assert not flickr.calls


def test_policy_keeps_its_level_behind_an_authenticator(
    open_proxy: Open, options: Any, flickr: Sandbox
) -> None:
    proxy = open_proxy(options, "raises").wearing(Authorization=BADGE)
    for method in ("flickr.photos.delete", "flickr.photos.addTags"):
        assert refusal(proxy.call(method, photo_id="1", tags="a")) == (403, 403)
    assert not flickr.calls
    none = open_proxy(options, "raises", perms="none").wearing(Authorization=BADGE)
    assert refusal(none.call(LOGIN)) == (403, 403)


def test_level_is_the_clients_own_unless_the_policy_names_one(
    open_proxy: Open, options: Any
) -> None:
    proxy = open_proxy({**options, "permissions": "write"}, "raises")
    proxy.wearing(Authorization=BADGE)
    # Flickr's failure, so the call was passed on.
    assert proxy.call("flickr.photos.addTags", photo_id="1", tags="a").status_code == 200
    assert refusal(proxy.call("flickr.photos.delete", photo_id="1")) == (403, 403)


def test_client_without_a_login_signs_nothing_for_visitors(open_proxy: Open, options: Any) -> None:
    proxy = open_proxy({**options, "secret": None, "access_token": None}, "raises")
    proxy.wearing(Authorization=BADGE)
    assert refusal(proxy.call(LOGIN)) == (403, 403)
    assert proxy.call(PUBLIC, authenticated=True).json()["stat"] == "ok"


@pytest.mark.parametrize("kind", [Flickr, AsyncFlickr, Credentials])
def test_visitors_own_credentials_sign(
    open_proxy: Open, options: Any, flickr: Sandbox, kind: Any
) -> None:
    application = {**options, "access_token": None, "access_token_secret": None}
    own = {name: options[name] for name in options if kind is not Credentials or name != "base_url"}
    with_credentials(lambda: kind(**own))
    proxy = open_proxy(application, "own").wearing(Authorization=BADGE)
    proxy.hidden += [options["access_token"], options["access_token_secret"]]
    assert proxy.call(LOGIN).json()["user"]["id"] == flickr.account.user_id


OWN_SETS = "flickr.photosets.getList"
OWN_PHOTOS = "flickr.people.getPhotos"


def _is_signed(proxy: Caller, method: str, **arguments: Any) -> bool:
    """Return True if a call was signed: without a signature it fails, for lack of a user."""
    answer = proxy.call(method, **arguments)
    assert answer.status_code == 200
    return bool(answer.json()["stat"] == "ok")


def test_absent_user_is_a_visitor_with_a_token_and_not_the_sites_owner(
    open_proxy: Open, options: Any
) -> None:
    site = open_proxy(options, "raises").wearing(Authorization=BADGE)
    assert not _is_signed(site, OWN_SETS)
    assert _is_signed(site, OWN_SETS, authenticated=True)
    with_credentials(lambda: Flickr(**options))
    visitor = open_proxy(options, "own").wearing(Authorization=BADGE)
    assert _is_signed(visitor, OWN_SETS)
    assert not _is_signed(visitor, OWN_SETS, authenticated=False)


def test_me_is_signed_only_behind_an_authenticator(open_proxy: Open, options: Any) -> None:
    assert _is_signed(
        open_proxy(options, "raises").wearing(Authorization=BADGE), OWN_PHOTOS, user_id="me"
    )
    assert not _is_signed(open_proxy(options), OWN_PHOTOS, user_id="me")
    none = open_proxy(options, "raises", perms="none").wearing(Authorization=BADGE)
    assert not _is_signed(none, OWN_PHOTOS, user_id="me")
    assert not _is_signed(none, OWN_SETS, authenticated=True)


def test_force_auth_signs_with_a_visitors_token_and_not_with_the_sites(
    open_proxy: Open, options: Any, flickr: Sandbox
) -> None:
    about = {"user_id": flickr.account.user_id, "per_page": 1}
    forced = {**options, "force_auth": True}
    with_credentials(lambda: Flickr(**options))

    def total(kind: str) -> int:
        answer = open_proxy(forced, kind).wearing(Authorization=BADGE).call(OWN_PHOTOS, **about)
        return int(answer.json()["photos"]["total"])

    assert total("raises") < total("own")


def test_visitor_without_a_login_does_not_get_the_sites(
    open_proxy: Open, options: Any, flickr: Sandbox
) -> None:
    key = {"api_key": options["api_key"], "base_url": options["base_url"]}
    with_credentials(lambda: Flickr.token_only(**key))
    proxy = open_proxy(options, "own").wearing(Authorization=BADGE)
    assert refusal(proxy.call(LOGIN)) == (403, 403)
    assert not flickr.calls


@pytest.mark.parametrize("adapter", sorted(set(ADAPTERS) - {"flask", "django"}), indirect=True)
def test_invalid_result_of_an_authenticator_admits_nobody(
    open_proxy: Open, options: Any, flickr: Sandbox
) -> None:
    proxy = open_proxy(options, "nonsense").wearing(Authorization=BADGE)
    proxy.hidden.remove("Traceback")
    assert proxy.call(PUBLIC).status_code == 500
    assert not flickr.calls


@pytest.mark.parametrize("kind", ["raises", "answers"])
def test_preflight_needs_no_badge(open_proxy: Open, options: Any, kind: str) -> None:
    proxy = open_proxy(options, kind, origins="https://friend.example")
    proxy.wearing(Origin="https://friend.example")
    assert proxy.ask("OPTIONS").status_code == 204


def test_name_of_an_unnamed_visitor_does_not_contain_the_token() -> None:
    visitor = visitor_of(Credentials("key", "secret", "72157-token", "hidden"))
    assert visitor.name and "72157-token" not in repr(visitor)
    assert visitor.name != visitor_of(Credentials("key", "secret", "72157-other", "x")).name


def test_network_error_of_an_authenticator_is_502() -> None:
    assert refusal_for_error(NetworkError("no answer")).status == 502
    assert refusal_for_error(LoginError("no token")).status == 401
    assert refusal_for_error(PermissionRefused("no")).status == 403


def test_refusal_of_a_framework_does_not_set_the_answers_length() -> None:
    headers = {"Content-Length": "5", "WWW-Authenticate": "Basic"}
    assert (
        framework_refusal(401, "who are you", headers).reply().headers["www-authenticate"]
        == "Basic"
    )
    assert "content-length" not in framework_refusal(401, "who are you", headers).headers


def test_answer_of_an_authenticator_keeps_its_own_vary_header(options: Any) -> None:
    calls = proxy_asgi(Flickr(**options), origins="https://example.org").handlers.calls

    def vary(verb: str, **own: str) -> str:
        calls.add_shared_headers(ProxyRequest(verb), own)
        return own["vary"]

    assert vary("POST", vary="Cookie") == "Cookie, Origin"
    assert vary("POST") == "Origin"
    assert vary("GET", vary="Cookie") == "Cookie, Origin, Sec-Fetch-Site"
