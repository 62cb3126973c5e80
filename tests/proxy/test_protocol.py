"""The proxy's protocol, on every adapter."""

from __future__ import annotations

import json
from typing import Any
from xml.etree import ElementTree

import pytest

from flickr_sandbox import Sandbox
from tests.proxy.authenticators import BADGE
from tests.proxy.caller import FORM, refusal
from tests.proxy.proxies import Open

SEARCH = {"method": "flickr.photos.search", "text": "red panda", "per_page": "2"}
ECHO = {"method": "flickr.test.echo", "text": "red panda"}


@pytest.mark.parametrize("path", ["", "/"])
def test_json_is_answered_with_flickrs_answer_with_and_without_last_slash(
    open_proxy: Open, options: Any, path: str
) -> None:
    proxy = open_proxy(options)
    proxy.url = proxy.url.rstrip("/") + path
    answer = proxy.ask(json=SEARCH)
    assert answer.status_code == 200
    assert answer.json()["photos"]["perpage"] == 2
    assert answer.headers["Content-Type"] == "application/json"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize("verb", ["GET", "POST"])
def test_form_and_query_are_answered_in_the_format_asked_for(
    open_proxy: Open, options: Any, verb: str
) -> None:
    proxy = open_proxy(options)

    def ask(**more: str) -> Any:
        given = {**SEARCH, **more}
        where: Any = {"params" if verb == "GET" else "data": given}
        return proxy.ask(verb, **where)

    xml = ask()
    assert xml.headers["Content-Type"] == "text/xml; charset=utf-8"
    assert ElementTree.fromstring(xml.content)[0].get("perpage") == "2"
    assert ask(format="json", nojsoncallback="1").json()["stat"] == "ok"
    wrapped = ask(format="json")
    # With this content type, no page runs it as a script.
    assert wrapped.headers["Content-Type"] == "application/json"
    assert wrapped.headers["X-Content-Type-Options"] == "nosniff"
    assert json.loads(wrapped.text.removeprefix("jsonFlickrApi(").removesuffix(")"))
    named = ask(format="json", jsoncallback="page.show")
    assert refusal(named) == (400, 400)
    assert "setting jsonp" in named.text
    assert refusal(ask(format="soap")) == (400, 111)


def test_json_body_names_its_format_and_its_query_is_ignored(
    open_proxy: Open, options: Any
) -> None:
    proxy = open_proxy(options)
    both = proxy.ask(json={**SEARCH, "format": "json"}, params={"method": "a", "format": "rest"})
    assert both.json()["stat"] == "ok"
    assert proxy.ask(json={**SEARCH, "format": "rest"}).text.startswith("<?xml")
    assert refusal(proxy.ask(json={**SEARCH, "jsoncallback": "show"})) == (400, 400)


def test_failure_of_flickr_is_passed_on(open_proxy: Open, options: Any) -> None:
    answer = open_proxy(options).call("flickr.photos.getInfo", photo_id="1")
    assert answer.status_code == 200
    assert answer.json()["stat"] == "fail"
    assert answer.json()["code"] == 1


def test_methods_with_login_are_refused_without_an_authenticator(
    open_proxy: Open, options: Any, flickr: Sandbox
) -> None:
    proxy = open_proxy(options, perms="delete")
    for method in ("flickr.test.login", "flickr.photos.delete", "flickr.photos.addTags"):
        for authenticated in (None, True):
            answer = proxy.call(method, photo_id="1", tags="a", authenticated=authenticated)
            assert refusal(answer) == (403, 403)
    assert not flickr.calls


def test_page_cannot_have_a_call_signed_without_an_authenticator(
    open_proxy: Open, options: Any, flickr: Sandbox
) -> None:
    proxy = open_proxy(options)
    own: Any = {"user_id": flickr.account.user_id, "per_page": 500}
    public = proxy.call("flickr.people.getPhotos", **own).json()["photos"]["total"]
    signed = proxy.call("flickr.people.getPhotos", authenticated=True, **own).json()
    assert signed["photos"]["total"] == public
    behind = open_proxy(options, "names").wearing(Authorization=BADGE)
    more = behind.call("flickr.people.getPhotos", authenticated=True, **own).json()
    assert int(more["photos"]["total"]) > int(public)


def test_policy_holds(open_proxy: Open, options: Any, flickr: Sandbox) -> None:
    proxy = open_proxy(options, allow=["flickr.photos.*"], deny="flickr.photos.get*")
    assert proxy.ask(json=SEARCH).status_code == 200
    assert refusal(proxy.call("flickr.photos.getInfo", photo_id="1")) == (403, 403)
    assert refusal(proxy.call("flickr.people.getInfo", user_id="1")) == (403, 403)
    assert sum(flickr.calls.values()) == 1


@pytest.mark.parametrize("method", ["flickr.nothing", "constructor", "toString", "__proto__"])
def test_unknown_method_gets_flickrs_code(
    open_proxy: Open, options: Any, flickr: Sandbox, method: str
) -> None:
    assert refusal(open_proxy(options).call(method)) == (404, 112)
    assert not flickr.calls


def test_echo_is_the_clients_own_arguments(open_proxy: Open, options: Any, flickr: Sandbox) -> None:
    proxy = open_proxy(options)
    credentials = {"api_key": "mine", "oauth_token": "mine", "secret": "mine", "API_SIG": "mine"}
    answer = proxy.ask(json={**ECHO, "quote": "<&>", **credentials})
    assert answer.json() == {
        "method": {"_content": "flickr.test.echo"},
        "text": {"_content": "red panda"},
        "quote": {"_content": "<&>"},
        "stat": "ok",
    }
    assert b"<" not in answer.content
    xml = ElementTree.fromstring(proxy.ask(data={**ECHO, "quote": "<&>\r"}).content)
    assert [(row.tag, row.text) for row in xml] == [*ECHO.items(), ("quote", "<&>\r")]
    assert not flickr.calls


def test_sign_in_never_passes(open_proxy: Open, options: Any, flickr: Sandbox) -> None:
    proxy = open_proxy(options, "names", perms="delete").wearing(Authorization=BADGE)
    for method in ("flickr.auth.oauth.checkToken", "flickr.auth.getFrob"):
        answer = proxy.call(method, oauth_token="a")
        assert refusal(answer) == (403, 403)
    assert not flickr.calls


@pytest.mark.parametrize("verb", ["PUT", "DELETE", "PATCH"])
def test_other_verbs_are_refused_with_an_allow_header(
    open_proxy: Open, options: Any, verb: str
) -> None:
    answer = open_proxy(options).ask(verb, params=SEARCH)
    assert refusal(answer) == (405, 405)
    assert answer.headers["Allow"] == "GET, POST, OPTIONS"


def test_body_beyond_the_limit_is_refused(open_proxy: Open, options: Any) -> None:
    proxy = open_proxy(options)
    assert refusal(proxy.post(b'{"method":"a","b":"' + b"x" * 1_000_000 + b'"}')) == (413, 413)


@pytest.mark.parametrize(
    "kind",
    ["text/plain", "", "multipart/form-data", "multipart/mixed; boundary=a", "a/b",
     "application/json; charset=latin-1"],
)  # fmt: skip
def test_body_of_another_kind_is_refused(open_proxy: Open, options: Any, kind: str) -> None:
    assert refusal(open_proxy(options).post(json.dumps(ECHO), kind)) == (415, 415)


@pytest.mark.parametrize(
    "body",
    [
        "", "[]", "null", "7", "{", "{'method': 1}", '{"method": "flickr.test.echo"}x',
        '{"method": ["flickr.test.echo"]}', '{"method": "flickr.test.echo", "a": {}}',
        '{"method": "flickr.test.echo", "a": [1]}', '{"method": "flickr.test.echo", "a": NaN}',
        '{"method": "flickr.test.echo", "method": "flickr.test.echo"}',
        '{"method": "flickr.test.echo", "a": 1, "a": 1}', '{"a": 1}',
        '{"method": "flickr.test.echo", "a": "\\u0000"}',
        '{"method": "flickr.test.echo", "a": "\\ud800"}',
        '{"method": "flickr.test.echo", "__proto__": "1"}',
        '{"method": "flickr.test.echo", "a-b": "1"}', "[" * 100_000, '{"a":' * 100_000,
        '{"method": "flickr.test.echo", "jsoncallback": "alert(1)//"}',
    ],
)  # fmt: skip
def test_malformed_json_is_refused(open_proxy: Open, options: Any, body: str) -> None:
    assert refusal(open_proxy(options).post(body)) == (400, 400)


@pytest.mark.parametrize(
    "form",
    [
        "", "a=1", "method=flickr.test.echo&method=flickr.test.echo", "method=flickr.test.echo&a=%ff",
        "method=flickr.test.echo&a=%00", "method=flickr.test.echo&a[]=1", "method=flickr.test.echo&=1",
        "method=flickr.test.echo&format=json&jsoncallback=%3Cscript%3E",
        "method=flickr.test.echo&format=json&jsoncallback=a%0d%0ab",
    ],
)  # fmt: skip
def test_malformed_forms_and_queries_are_refused(open_proxy: Open, options: Any, form: str) -> None:
    proxy = open_proxy(options)
    assert refusal(proxy.post(form, FORM)) == (400, 400)
    assert refusal(proxy.ask("GET", params=form)) == (400, 400)


def test_method_in_both_form_and_query_is_refused(open_proxy: Open, options: Any) -> None:
    assert refusal(open_proxy(options).ask(data=ECHO, params=ECHO)) == (400, 400)


def test_body_that_is_not_utf8_is_refused(open_proxy: Open, options: Any) -> None:
    assert refusal(open_proxy(options).post(b'{"method":"\xff"}')) == (400, 400)
