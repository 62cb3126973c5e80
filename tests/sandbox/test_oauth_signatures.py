"""Verification of signed requests, and refusals."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
import requests

from flickr_sandbox.messages import RequestData
from flickr_sandbox.oauth.signature import TIMESTAMP_WINDOW, OAuthProblem, SignedRequest
from flickr_sandbox.oauth.verify import identify
from flickr_sandbox.store import Store
from tests.sandbox.json_recordings import differences
from tests.support import recordings
from tests.support.sandbox_client import Client
from tests.support.signing import NO_CHANGES, Changes, Pairs, Signer, send
from tests.support.timeouts import TIMEOUT

JSON = (("format", "json"), ("nojsoncallback", "1"))
LOGIN = (("method", "flickr.test.login"), *JSON)
ECHO = (("method", "flickr.test.echo"), *JSON)


def _ask(
    flickr: Client,
    arguments: Pairs = LOGIN,
    verb: str = "GET",
    place: str = "header",
    changes: Changes = NO_CHANGES,
) -> requests.Response:
    return send(Signer.of(flickr.sandbox), flickr.rest, arguments, verb, place, changes)


def _refusal(response: requests.Response) -> tuple[int, str]:
    assert response.headers["Content-Type"] == "text/plain;charset=UTF-8"
    return response.status_code, response.text


def test_signed_call_is_made_as_the_token_owner(reader: Client) -> None:
    answer = reader.call_signed("test.login")
    assert answer["user"]["id"] == reader.sandbox.account.user_id
    assert differences("test.login", answer) == []


@pytest.mark.parametrize(
    ("verb", "place"),
    [
        ("GET", "header"),
        ("GET", "query"),
        ("POST", "header"),
        ("POST", "query"),
        ("POST", "form"),
    ],
)
def test_protocol_parameters_in_header_query_or_form(reader: Client, verb: str, place: str) -> None:
    answer = _ask(reader, verb=verb, place=place).json()
    assert answer["user"]["id"] == reader.sandbox.account.user_id


@pytest.mark.parametrize(
    "arguments",
    [
        (("a", "2"), ("a", "1"), ("a", "")),
        (("empty", ""), ("", "nameless")),
        (("plus", "1+1"), ("space", "a b"), ("percent", "%2B %20 100%")),
        (("ü", "grüße 🌲"), ("tilde", "~-._"), ("stars", "!*'()")),
        (("a b", "1"), ("a%20b", "2"), ("a+b", "3")),
        (("url", "http://example.org/?a=1&b=2#c"), ("oauthish_token", "1")),
        (("oauth_callback", "http://example.org/?a=%20%25"),),
    ],
    ids=lambda arguments: arguments[0][0],
)
@pytest.mark.parametrize("verb", ["GET", "POST"])
def test_signature_of_every_text_verifies(reader: Client, arguments: Pairs, verb: str) -> None:
    answer = _ask(reader, (*ECHO, *arguments), verb).json()
    for name, value in dict(reversed(arguments)).items():
        assert answer[name] == {"_content": value}


def test_echo_of_a_signed_call_is_as_recorded(reader: Client) -> None:
    arguments = (*ECHO, ("api_key", reader.sandbox.account.api_key))
    assert differences("test.echo", _ask(reader, arguments).json()) == []


def test_space_can_be_a_plus_or_percent_20(reader: Client) -> None:
    signer = Signer.of(reader.sandbox)
    for text in ("a+b", "a%20b"):
        pairs = [*ECHO, *signer.protocol({}).items(), ("word", "a b")]
        signature = signer.signature(signer.base_string("GET", reader.rest, pairs))
        response = requests.get(
            f"{reader.rest}?word={text}",
            params=[*pairs[:-1], ("oauth_signature", signature)],
            timeout=TIMEOUT,
        )
        assert response.json()["word"] == {"_content": "a b"}


def _vectors() -> list[Any]:
    return [row for row in recordings.oauth_vectors() if row["signature_method"] == "HMAC-SHA1"]


@pytest.mark.parametrize("vector", _vectors(), ids=lambda vector: vector["id"])
def test_published_examples_verify(vector: dict[str, Any]) -> None:
    pairs = tuple((name, value) for name, value in vector["params"])
    signed = SignedRequest(RequestData(vector["method"], vector["url"], pairs))
    assert signed.base_string == vector["base_string"]
    signature = ("oauth_signature", vector["signature"])
    secrets = vector["consumer_secret"], vector["token_secret"]
    SignedRequest(replace(signed.request, form=(signature,))).check_signature(*secrets)
    with pytest.raises(OAuthProblem, match="signature_invalid"):
        SignedRequest(replace(signed.request, form=(signature,))).check_signature(
            "other", secrets[1]
        )


@pytest.mark.parametrize("signature", ["d3Jvbmc=", "none", "ü"])
def test_wrong_signature_returns_the_base_string(reader: Client, signature: str) -> None:
    signer = Signer.of(reader.sandbox)
    fixed = signer.protocol({})
    base = signer.base_string("GET", reader.rest, [*LOGIN, *fixed.items()])
    response = _ask(reader, changes={"oauth_signature": signature, **fixed})
    assert _refusal(response) == (401, f"oauth_problem=signature_invalid&debug_sbs={base}")
    assert base.startswith("GET&http%3A%2F%2F127.0.0.1")


def test_changed_argument_no_longer_verifies(reader: Client) -> None:
    signer = Signer.of(reader.sandbox)
    protocol = signer.protocol({})
    base = signer.base_string("GET", reader.rest, [*LOGIN, *protocol.items()])
    other = [("method", "flickr.test.null"), *JSON]
    response = _ask(reader, other, changes=protocol | {"oauth_signature": signer.signature(base)})
    assert response.text.startswith("oauth_problem=signature_invalid&debug_sbs=")


@pytest.mark.parametrize(
    ("changes", "status", "body"),
    [
        ({"oauth_token": None}, 400, "parameter_absent&oauth_parameters_absent=oauth_token"),
        ({"oauth_nonce": None}, 400, "parameter_absent&oauth_parameters_absent=oauth_nonce"),
        (
            {"oauth_nonce": "", "oauth_signature": ""},
            400,
            "parameter_absent&oauth_parameters_absent=oauth_nonce%26oauth_signature",
        ),
        (
            {"oauth_timestamp": None},
            400,
            "parameter_absent&oauth_parameters_absent=oauth_timestamp",
        ),
        ({"oauth_token": ""}, 401, "token_rejected"),
        ({"oauth_token": "72157700000000000-0"}, 401, "token_rejected"),
        ({"oauth_consumer_key": "0" * 32}, 401, "consumer_key_unknown"),
        ({"oauth_version": "2.0"}, 401, "version_rejected"),
        ({"oauth_signature_method": "PLAINTEXT"}, 401, "signature_method_rejected"),
        ({"oauth_signature_method": "HMAC-SHA256"}, 401, "signature_method_rejected"),
        ({"oauth_timestamp": "yesterday"}, 401, "timestamp_refused"),
        ({"oauth_timestamp": "-5"}, 401, "timestamp_refused"),
        ({"oauth_timestamp": "9" * 5000}, 401, "timestamp_refused"),
    ],
    ids=lambda value: str(value)[:60],
)
def test_refusal(reader: Client, changes: dict[str, str | None], status: int, body: str) -> None:
    assert _refusal(_ask(reader, changes=changes)) == (status, f"oauth_problem={body}")


@pytest.mark.parametrize("age", [TIMESTAMP_WINDOW + 5, 86400, 10**9])
def test_stale_timestamp_is_refused(reader: Client, age: int) -> None:
    changes: dict[str, str | None] = {"oauth_timestamp": str(int(time.time()) - age)}
    assert _refusal(_ask(reader, changes=changes)) == (401, "oauth_problem=timestamp_refused")


@pytest.mark.parametrize(
    "moment",
    [
        lambda now: now - TIMESTAMP_WINDOW + 60,
        lambda now: now + TIMESTAMP_WINDOW + 60,
        lambda now: now * 1000,
        lambda now: now * 1_000_000,
    ],
    ids=["a bit old", "future", "milliseconds", "microseconds"],
)
def test_timestamp_in_the_future_passes(flickr: Client, moment: Callable[[int], int]) -> None:
    changes: dict[str, str | None] = {
        "oauth_timestamp": str(moment(int(time.time()))),
        "oauth_nonce": "once",
    }
    assert _ask(flickr, changes=changes).json()["stat"] == "ok"
    assert _refusal(_ask(flickr, changes=changes)) == (401, "oauth_problem=nonce_used")


def _post_twice(flickr: Client, form: dict[str, str], *, signed: str) -> requests.Response:
    """Send the same parameters in query and form; `form` replaces some of the form's."""
    signer = Signer.of(flickr.sandbox)
    query = [*ECHO, ("title", "it%27s"), *signer.protocol({}).items()]
    pairs = query if signed == "once" else [*query, *query]
    query.append(
        ("oauth_signature", signer.signature(signer.base_string("POST", flickr.rest, pairs)))
    )
    return flickr.raw("POST", params=query, data=dict(query) | form)


def test_parameter_of_query_and_form_counts_once(reader: Client) -> None:
    assert _post_twice(reader, {}, signed="once").json()["stat"] == "ok"
    assert "signature_invalid" in _post_twice(reader, {}, signed="twice").text


def test_signature_of_the_query_counts(reader: Client) -> None:
    form = {"oauth_signature": "%3D", "oauth_nonce": "another", "oauth_token": "1-2"}
    assert _post_twice(reader, form, signed="once").json()["stat"] == "ok"


def test_repeated_parameter_of_the_form_counts_each_time(reader: Client) -> None:
    arguments = (*ECHO, ("word", "b"), ("word", "a"))
    assert _ask(reader, arguments, verb="POST").json()["word"] == {"_content": "b"}


def test_version_may_be_left_out(reader: Client) -> None:
    assert _ask(reader, changes={"oauth_version": None}).json()["stat"] == "ok"


def test_nonce_counts_once(flickr: Client) -> None:
    same: dict[str, str | None] = {"oauth_nonce": "one", "oauth_timestamp": str(int(time.time()))}
    assert _ask(flickr, changes=same).json()["stat"] == "ok"
    assert _refusal(_ask(flickr, changes=same)) == (401, "oauth_problem=nonce_used")
    same["oauth_nonce"] = "two"
    assert _ask(flickr, changes=same).json()["stat"] == "ok"


def test_nonce_of_a_wrong_signature_can_be_used_again(flickr: Client) -> None:
    same: dict[str, str | None] = {"oauth_nonce": "one", "oauth_timestamp": str(int(time.time()))}
    assert _ask(flickr, changes=same | {"oauth_signature": "wrong"}).status_code == 401
    assert _ask(flickr, changes=same).json()["stat"] == "ok"


@pytest.mark.parametrize("key", ["", "none", "é" * 32])
def test_invalid_key_is_refused_in_the_requested_format(reader: Client, key: str) -> None:
    answer = _ask(reader, changes={"oauth_consumer_key": key}).json()
    assert answer == {
        "stat": "fail",
        "code": 100,
        "message": "Invalid API Key (Key has invalid format)",
    }


def test_signature_without_its_key_is_refused(reader: Client) -> None:
    arguments = (*LOGIN, ("api_key", reader.sandbox.account.api_key))
    assert _refusal(_ask(reader, arguments, changes={"oauth_consumer_key": None})) == (
        400,
        "oauth_problem=parameter_absent&oauth_parameters_absent=oauth_consumer_key",
    )


def test_call_signed_without_a_token_may_use_public_methods(reader: Client) -> None:
    signer = Signer.of(reader.sandbox, token=False)
    assert send(signer, reader.rest, ECHO).json()["stat"] == "ok"


def test_only_protocol_parameters_beside_the_signature_count(reader: Client) -> None:
    answer = _ask(reader, (*ECHO, ("oauth_token", "another"))).json()
    assert answer["oauth_token"] == {"_content": "another"}


def test_token_belongs_to_one_key() -> None:
    store = Store()
    for key in ("a" * 32, "b" * 32):
        store.insert("api_keys", key=key, secret="secret")
    store.insert("access_tokens", token="1-2", secret="", api_key="a" * 32, nsid="1@N00", perms=1)
    url = "http://127.0.0.1/services/rest/"
    for key, outcome in (("a" * 32, "1@N00"), ("b" * 32, "token_rejected")):
        signer = Signer(key, "secret", "1-2")
        pairs = tuple(signer.protocol({}).items())
        signature = signer.signature(signer.base_string("GET", url, pairs))
        received = RequestData("GET", url, (*pairs, ("oauth_signature", signature)))
        try:
            assert identify(store, received).nsid == outcome
        except OAuthProblem as refused:
            assert str(refused) == outcome
    store.close()


def test_token_as_an_argument_does_not_sign(reader: Client) -> None:
    answer = reader.call_public("test.echo", oauth_token="72157700000000000-0")
    assert answer["oauth_token"] == {"_content": "72157700000000000-0"}


def test_broken_bytes_are_answered(reader: Client) -> None:
    for authorization in (b"OAuth", b"OAuth ,,=", b'OAuth oauth_consumer_key="\xff\xfe"', b"\xff"):
        response = reader.raw(params=dict(ECHO), headers={"Authorization": authorization})
        assert response.json()["code"] == 100
    assert reader.raw(params=b"method=%ff&oauth_consumer_key=%ed%a0%80").status_code == 200
    header = _ask(reader, changes={"oauth_token": "X"}).request.headers["Authorization"]
    broken = header.encode().replace(b'"X"', b'"\xff"')
    answer = reader.raw(params=dict(LOGIN), headers={"Authorization": broken})
    assert answer.text == "oauth_problem=token_rejected"


class TestBeforeOAuth:
    """`api_sig` and `auth_token`."""

    def _ask(self, flickr: Client, **changes: str) -> dict[str, Any]:
        account = flickr.sandbox.account
        arguments = {"api_key": account.api_key, **dict(ECHO), "b": "2", "a": "1 ü"}
        text = "".join(name + value for name, value in sorted(arguments.items()))
        arguments["api_sig"] = hashlib.md5((account.secret + text).encode()).hexdigest()
        answer: dict[str, Any] = flickr.raw(params=arguments | changes).json()
        return answer

    def test_right_signature_passes(self, reader: Client) -> None:
        assert self._ask(reader)["a"] == {"_content": "1 ü"}

    @pytest.mark.parametrize("changes", [{"api_sig": "0" * 32}, {"api_sig": "é"}, {"a": "2"}])
    def test_wrong_signature_is_refused(self, reader: Client, changes: dict[str, str]) -> None:
        assert self._ask(reader, **changes) == {
            "stat": "fail",
            "code": 96,
            "message": "Invalid signature",
        }

    def test_unknown_token_is_refused(self, reader: Client) -> None:
        account = reader.sandbox.account
        arguments = {"api_key": account.api_key, "auth_token": "1-2", **dict(ECHO)}
        text = "".join(name + value for name, value in sorted(arguments.items()))
        arguments["api_sig"] = hashlib.md5((account.secret + text).encode()).hexdigest()
        assert reader.raw(params=arguments).json() == {
            "stat": "fail",
            "code": 98,
            "message": "Login failed / Invalid auth token",
        }

    def test_unknown_format_is_refused_before_the_signature(self, reader: Client) -> None:
        assert (
            'code="111"'
            in reader.raw(
                params={
                    "api_key": reader.sandbox.account.api_key,
                    "api_sig": "0",
                    "format": "none",
                }
            ).text
        )
