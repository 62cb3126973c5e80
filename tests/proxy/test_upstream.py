"""Errors of Flickr: refusals without secrets, timeouts, and retries of reads."""

from __future__ import annotations

import gzip
from collections.abc import Callable
from typing import Any

import pytest

from flickr_sandbox import Sandbox
from tests.proxy.authenticators import BADGE
from tests.proxy.caller import refusal
from tests.proxy.proxies import Open
from tests.proxy.upstream import KEY, OK, SECRET, TOKEN, TOKEN_SECRET, options_for, package_warnings
from tests.support.endless_server import DRIPPING_HEAD, HEAD, endless
from tests.support.scripted_server import Answer, serve

PUBLIC = "flickr.photos.getRecent"


@pytest.mark.parametrize(
    "answer",
    [
        Answer(b"<html>Bad, bad panda</html>", 200),
        Answer(b"", 200),
        Answer(b"[]", 200),
        Answer(b'{"stat":"maybe"}', 200),
        Answer(b'{"stat":"ok"', 200),
        Answer(b'{"stat":"ok","title":"\xff"}', 200),
        Answer(b'{"stat":"ok","views":01}', 200),
        Answer(b'{"stat":"ok"}{', 200),
        Answer(b'{"stat":"ok"}', 302, {"Location": "/elsewhere"}),
        Answer(b'{"stat":"ok"}', 302, {"Location": "/caf\xe9"}),
        Answer(b"", 302, {"Location": "http://["}),
        Answer(b"oauth_problem=signature_invalid&debug_sbs=" + KEY.encode(), 401),
        Answer(b"<html>" + KEY.encode(), 500),
        Answer(b'{"stat":"ok"}', 503),
        Answer(b'{"stat":"fail"}', 429),
        Answer(drop=True),
        Answer(b'{"stat":"ok","photos":{}}', cut=True),
        Answer(b"[" * 100_000),
        Answer(b"no gzip", headers={"Content-Encoding": "gzip"}),
    ],
    ids=lambda answer: f"{answer.status}-{answer.body[:20]!r}",
)
def test_invalid_answer_becomes_502(open_proxy: Open, answer: Answer) -> None:
    with serve(answer) as script:
        assert refusal(open_proxy(options_for(script.url)).call(PUBLIC)) == (502, 502)
        assert {asked.path for asked in script.asked} == {"/services/rest/"}


def test_unreachable_flickr_becomes_502_and_only_the_log_has_the_reason(
    open_proxy: Open, caplog: pytest.LogCaptureFixture
) -> None:
    answer = open_proxy(options_for("http://127.0.0.1:9")).call(PUBLIC)
    assert refusal(answer) == (502, 502)
    assert "listens" not in answer.text
    assert package_warnings(caplog) == [
        f"{PUBLIC}: Flickr is unreachable, or the connection was lost: "
        "connection refused; check base_url (FLICKR_BASE_URL)"
    ]


def test_wrong_secret_is_logged(open_proxy: Open, caplog: pytest.LogCaptureFixture) -> None:
    with serve(Answer(b"oauth_problem=signature_invalid&debug_sbs=x", 401)) as script:
        proxy = open_proxy(options_for(script.url), "raises").wearing(Authorization=BADGE)
        proxy.call("flickr.test.login")
    assert package_warnings(caplog) == [
        "flickr.test.login: Flickr rejects the signature (signature_invalid)"
    ]


@pytest.mark.parametrize("secret", [KEY, SECRET, TOKEN, TOKEN_SECRET])
def test_answer_with_a_credential_becomes_502_and_is_logged(
    open_proxy: Open, caplog: pytest.LogCaptureFixture, secret: str
) -> None:
    for stat in ("ok", "fail"):
        body = f'{{"stat":"{stat}","code":1,"message":"x{secret}x"}}'.encode()
        with serve(Answer(body)) as script:
            proxy = open_proxy(options_for(script.url), "raises").wearing(Authorization=BADGE)
            for method in (PUBLIC, "flickr.test.login"):
                assert refusal(proxy.call(method)) == (502, 502)
                assert (
                    package_warnings(caplog)[-1]
                    == f"{method}: Flickr's answer contains a credential"
                )


def percent(text: str, capital: bool = False) -> str:
    return "".join(f"%{ord(one):{'02X' if capital else '02x'}}" for one in text)


SPELLINGS: dict[str, Callable[[str], str]] = {
    "JSON": lambda text: "".join(f"\\u{ord(one):04x}" for one in text),
    "JSON, capitals": lambda text: "".join(f"\\u{ord(one):04X}" for one in text),
    "JSON, one letter": lambda text: f"{text[:3]}\\u{ord(text[3]):04x}{text[4:]}",
    "JSON in JSON": lambda text: "".join(f"\\\\u{ord(one):04x}" for one in text),
    "slashes": lambda text: text.replace("/", "\\/"),
    "slashes, twice": lambda text: text.replace("/", "\\\\\\/"),
    "percent": percent,
    "percent, capitals": lambda text: percent(text, True),
    "percent, twice": lambda text: percent(text).replace("%", "%25"),
    "percent in JSON": lambda text: percent(text).replace("%", "\\u0025"),
    "XML": lambda text: "".join(f"&#{ord(one)};" for one in text),
    "XML, hexadecimal": lambda text: "".join(f"&#x{ord(one):X};" for one in text),
}


@pytest.mark.parametrize("spelling", list(SPELLINGS))
def test_escaped_credential_is_found(open_one: Open, spelling: str) -> None:
    """The secret has characters that are always escaped, and others that may be."""
    secret = "fedc/ba98:7654+3210z"
    body = '{"stat":"ok","title":"x%sx"}' % SPELLINGS[spelling](secret)  # noqa: UP031
    with serve(Answer(body.encode())) as script:
        proxy = open_one({**options_for(script.url), "secret": secret})
        assert refusal(proxy.call(PUBLIC)) == (502, 502)


def test_escapes_without_a_credential_pass_as_they_are(open_one: Open) -> None:
    body = rb'{"stat":"ok","url":"https:\/\/a.example\/%C3%A9?100%","title":"\u00e9\u0041 &#65;"}'
    with serve(Answer(body)) as script:
        assert open_one(options_for(script.url)).call(PUBLIC).content == body


def test_short_secret_is_found_only_as_a_word(open_one: Open) -> None:
    options = {**options_for(""), "api_key": "k3y", "secret": "secret"}
    photo = b'{"stat":"ok","photo":{"secret":"0a1b","title":"secretary, k3ys"}}'
    leak = b'{"stat":"ok","photo":{"secret":"0a1b","title":"k3y"}}'
    with serve(Answer(photo), Answer(leak)) as script:
        proxy = open_one({**options, "base_url": script.url})
        assert proxy.call(PUBLIC).content == photo
        assert refusal(proxy.call(PUBLIC, page=2)) == (502, 502)


@pytest.mark.parametrize("failure", [Answer(drop=True), Answer(b"", 500), Answer(b"<p>", 503)])
def test_read_is_retried(open_proxy: Open, failure: Answer) -> None:
    with serve(failure, OK) as script:
        assert open_proxy(options_for(script.url)).call(PUBLIC).content == OK.body
        assert len(script.asked) == 2


def test_retry_of_a_signed_read_has_a_new_nonce(open_proxy: Open) -> None:
    with serve(Answer(drop=True), OK) as script:
        proxy = open_proxy(options_for(script.url), "raises").wearing(Authorization=BADGE)
        assert proxy.call("flickr.test.login").content == OK.body
        first, second = (asked.headers["Authorization"] for asked in script.asked)
        assert first != second


@pytest.mark.parametrize(
    "failure",
    [
        Answer(b"<html>Bad, bad panda</html>"),
        Answer(b'{"stat":"ok"'),
        Answer(b'{"stat":"fail","code":105,"message":"Service currently unavailable"}'),
        Answer(b'{"stat":"fail","code":201,"message":"Sorry"}'),
        Answer(b'{"stat":"fail","code":0,"message":"Sorry"}'),
    ],
    ids=["no answer", "cut short", "105", "201", "0"],
)
def test_temporary_failure_is_retried(open_proxy: Open, failure: Answer) -> None:
    with serve(failure, OK) as script:
        assert open_proxy(options_for(script.url)).call(PUBLIC).content == OK.body
        assert len(script.asked) == 2


def test_temporary_failure_in_xml_is_retried(open_proxy: Open) -> None:
    for code, attempts in ((105, 3), (1, 1), (1050, 1)):
        failure = f'<rsp stat="fail">\n\t<err code="{code}" msg="x" />\n</rsp>'
        body = b'<?xml version="1.0" encoding="utf-8" ?>\n' + failure.encode()
        with serve(Answer(body)) as script:
            answer = open_proxy(options_for(script.url)).ask("GET", params={"method": PUBLIC})
            assert answer.content == body
            assert len(script.asked) == attempts


def test_lasting_failure_is_passed_on(open_proxy: Open) -> None:
    down = Answer(b'{"stat":"fail","code":105,"message":"Service currently unavailable"}')
    with serve(down) as script:
        assert open_proxy(options_for(script.url)).call(PUBLIC).content == down.body
        assert len(script.asked) == 3


@pytest.mark.parametrize(
    ("problem", "expected"),
    [
        (b"token_rejected", (401, 98)),
        (b"token_expired", (401, 98)),
        (b"token_revoked", (401, 98)),
        (b"signature_invalid&debug_sbs=" + KEY.encode(), (502, 502)),
        (b"of_its_own", (502, 502)),
    ],
)
def test_rejected_token_becomes_401_and_other_oauth_problems_502(
    open_proxy: Open, problem: bytes, expected: tuple[int, int]
) -> None:
    with serve(Answer(b"oauth_problem=" + problem, 401)) as script:
        proxy = open_proxy(options_for(script.url), "raises").wearing(Authorization=BADGE)
        answer = proxy.call("flickr.test.login")
        assert refusal(answer) == expected
        assert len(script.asked) == 1
    message = answer.json()["message"]
    assert ("sign in again" in message) == (expected[0] == 401)
    assert "of_its_own" not in message


def test_write_is_sent_once(open_proxy: Open) -> None:
    with serve(Answer(drop=True)) as script:
        proxy = open_proxy(options_for(script.url), "raises", perms="write")
        proxy.wearing(Authorization=BADGE)
        answer = proxy.call("flickr.photos.addTags", photo_id="1", tags="a")
        assert refusal(answer) == (502, 502)
        assert len(script.asked) == 1


def test_flickrs_429_is_not_retried_and_keeps_retry_after(open_proxy: Open) -> None:
    with serve(Answer(b"", 429, {"Retry-After": "17"})) as script:
        answer = open_proxy(options_for(script.url)).call(PUBLIC)
        assert refusal(answer) == (502, 502)
        assert answer.headers["Retry-After"] == "17"
        assert len(script.asked) == 1


@pytest.mark.parametrize(
    ("drip", "head"),
    [(b"", HEAD), (b" ", HEAD), (b"a", DRIPPING_HEAD)],
    ids=["silent", "body drips", "head drips"],
)
def test_answer_that_does_not_end_becomes_504(open_proxy: Open, drip: bytes, head: bytes) -> None:
    with endless(drip, head) as url:
        answer = open_proxy(options_for(url), timeout=0.2).call(PUBLIC)
        assert refusal(answer) == (504, 504)


@pytest.mark.parametrize("packed", [False, True])
def test_answer_that_is_too_long_becomes_502(open_proxy: Open, packed: bool) -> None:
    body = b'{"stat":"ok","x":"' + b"x" * 200_000 + b'"}'
    answer = (
        Answer(gzip.compress(body), headers={"Content-Encoding": "gzip"})
        if packed
        else Answer(body)
    )
    with serve(answer) as script:
        proxy = open_proxy(options_for(script.url), max_answer=100_000)
        assert refusal(proxy.call(PUBLIC)) == (502, 502)
        assert open_proxy(options_for(script.url)).call(PUBLIC).content == body


def test_headers_are_passed_on_in_neither_direction(open_proxy: Open) -> None:
    leaky = {"Set-Cookie": "a=b", "Server": "inside.example", "X-Key": KEY, "Location": "/away"}
    with serve(Answer(OK.body, headers=leaky)) as script:
        proxy = open_proxy(options_for(script.url)).wearing(
            Cookie="session=1", Authorization="Bearer mine", X_Forwarded_For="1.2.3.4"
        )
        answer = proxy.call(PUBLIC)
        assert not {"Set-Cookie", "X-Key", "Location"} & set(answer.headers)
        assert answer.headers.get("Server") != "inside.example"
        sent = script.asked[0].headers
        assert not {"Cookie", "Authorization", "X-Forwarded-For"} & set(sent)


def test_key_is_sent_in_the_body(open_proxy: Open) -> None:
    with serve(OK) as script:
        open_proxy(options_for(script.url)).call(PUBLIC)
        assert script.asked[0].path == "/services/rest/"
        assert KEY.encode() in script.asked[0].body


def test_arguments_arrive_unchanged(open_proxy: Open, options: Any) -> None:
    with serve(OK) as script:
        proxy = open_proxy(options_for(script.url))
        proxy.call("flickr.photos.search", text="ä & b=c\n🦊", page=2, is_commons=True, lat=None)
        body = script.asked[0].body.decode()
        assert "text=%C3%A4%20%26%20b%3Dc%0A%F0%9F%A6%8A&page=2&is_commons=1&method=" in body
        assert "lat" not in body


def test_line_separators_are_escaped_in_jsonp(open_proxy: Open) -> None:
    with serve(Answer('{"stat":"ok","title":"a\u2028b"}'.encode())) as script:
        query = {"method": PUBLIC, "format": "json", "jsoncallback": "show"}
        proxy = open_proxy(options_for(script.url), origins="*", jsonp=True)
        answer = proxy.ask("GET", params=query)
        assert answer.content == b'show({"stat":"ok","title":"a\\u2028b"})'
        assert answer.headers["X-Content-Type-Options"] == "nosniff"


def test_fault_of_the_sandbox_becomes_502(open_proxy: Open, options: Any, flickr: Sandbox) -> None:
    flickr.faults.put(_fault("500"))
    assert refusal(open_proxy(options).call(PUBLIC)) == (502, 502)


def _fault(text: str) -> Any:
    from flickr_sandbox.faults import parse_rule

    return parse_rule(text)
