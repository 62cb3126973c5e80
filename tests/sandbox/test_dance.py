"""The dance, from a request token to a call in somebody's name."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from urllib.parse import parse_qs, parse_qsl, quote, urlsplit

import pytest

from flickr_sandbox import Sandbox
from flickr_sandbox.oauth import addresses, grants
from flickr_sandbox.store import Store
from tests.support.dancer import Dancer, code_in, fields_of
from tests.support.signing import Changes, Signer, send

CALLBACK = "http://127.0.0.1:9/back?own=a%20b&own=2#part"
LOGIN = (("method", "flickr.test.login"), ("format", "json"), ("nojsoncallback", "1"))


@pytest.fixture
def dancer(fresh_sandbox: Sandbox) -> Dancer:
    return Dancer(fresh_sandbox)


@pytest.mark.parametrize("verb", ["GET", "POST"])
@pytest.mark.parametrize("slash", ["", "/"])
def test_request_token_is_answered_as_recorded(dancer: Dancer, verb: str, slash: str) -> None:
    address = dancer.oauth + "request_token" + slash
    response = send(dancer.signer, address, verb=verb, changes={"oauth_callback": CALLBACK})
    assert response.headers["Content-Type"] == "text/plain;charset=UTF-8"
    token = r"\d{17}-[0-9a-f]{16}"
    assert re.fullmatch(
        f"oauth_callback_confirmed=true&oauth_token={token}&oauth_token_secret=[0-9a-f]{{16}}",
        response.text,
    )


def test_dance_bycode_in(dancer: Dancer) -> None:
    signer = dancer.begin()
    code = code_in(dancer.answer(signer))
    response = dancer.access_token(signer, code)
    person = dancer.sandbox.account.user_id
    assert re.fullmatch(
        r"fullname=[\w%]+&oauth_token=[\d]+-[0-9a-f]{16}&oauth_token_secret=[0-9a-f]{16}"
        f"&user_nsid={quote(person)}&username=[\\w%]+",
        response.text,
    )
    found = dict(parse_qsl(response.text))
    signer = Signer(signer.key, signer.secret, found["oauth_token"], found["oauth_token_secret"])
    answer = send(signer, dancer.sandbox.url + "/services/rest/", LOGIN).json()
    assert answer["user"] == {"id": person, "username": {"_content": found["username"]}}


def test_code_may_be_typed_without_dashes(dancer: Dancer) -> None:
    signer = dancer.begin()
    code = code_in(dancer.answer(signer)).replace("-", "")
    assert dancer.access_token(signer, code).status_code == 200


def test_callback_keeps_its_own_query(dancer: Dancer) -> None:
    signer = dancer.begin(CALLBACK)
    where = dancer.answer(signer)
    assert where.startswith("http://127.0.0.1:9/back?own=a%20b&own=2&")
    parts = urlsplit(where)
    query = parse_qs(parts.query)
    assert parts.fragment == "part"
    assert query["own"] == ["a b", "2"]
    assert query["oauth_token"] == [signer.token]
    assert dancer.access_token(signer, query["oauth_verifier"][0]).status_code == 200


@pytest.mark.parametrize("callback", ["myapp://done", "http://127.0.0.1:9/a\r\nX-Bad: 1"])
def test_callback_may_be_any_address(dancer: Dancer, callback: str) -> None:
    fields = fields_of(dancer.page(dancer.begin(callback).token).text)
    response = dancer.post(fields | {"answer": "allow"})
    assert response.headers["Location"].startswith(callback[:12])
    assert "X-Bad" not in response.headers


@pytest.mark.parametrize(
    "callback", ["javascript:alert(1)", "data:text/html,x", "nowhere", "http://[bad"]
)
def test_callback_that_is_no_address_is_refused(dancer: Dancer, callback: str) -> None:
    response = dancer.request_token(callback)
    assert (response.status_code, response.text) == (
        400,
        "oauth_problem=parameter_rejected&oauth_parameters_rejected=oauth_callback",
    )


@pytest.mark.parametrize(
    ("changes", "status", "body"),
    [
        ({"oauth_callback": None}, 400, "parameter_absent&oauth_parameters_absent=oauth_callback"),
        ({"oauth_consumer_key": "none"}, 401, "consumer_key_unknown"),
        ({"oauth_version": "2"}, 401, "version_rejected"),
        ({"oauth_timestamp": "1"}, 401, "timestamp_refused"),
    ],
)
def test_request_token_is_refused(dancer: Dancer, changes: Changes, status: int, body: str) -> None:
    response = dancer.request_token(changes=changes)
    assert (response.status_code, response.text) == (status, f"oauth_problem={body}")


def test_request_token_with_a_wrong_secret_is_told_the_base_string(dancer: Dancer) -> None:
    response = dancer.request_token(changes={"oauth_signature": "wrong"})
    assert response.status_code == 401
    assert response.text.startswith("oauth_problem=signature_invalid&debug_sbs=GET&http%3A%2F%2F")


def test_denial_is_told_both_ways(dancer: Dancer) -> None:
    signer = dancer.begin(CALLBACK)
    query = parse_qs(urlsplit(dancer.answer(signer, "deny")).query)
    assert query["oauth_problem"] == ["permission_denied"]
    assert "oauth_verifier" not in query
    response = dancer.access_token(signer, "123-456-789")
    assert (response.status_code, response.text) == (401, "oauth_problem=permission_denied")
    assert "Denied" in dancer.answer(dancer.begin(), "deny")


@pytest.mark.parametrize("verifier", ["000", "", None])
def test_wrong_verifier_is_refused(dancer: Dancer, verifier: str | None) -> None:
    signer = dancer.begin()
    dancer.answer(signer)
    response = dancer.access_token(signer, verifier)
    absent = "parameter_absent&oauth_parameters_absent=oauth_verifier"
    expected = (401, "verifier_invalid") if verifier else (400, absent)
    assert (response.status_code, response.text.removeprefix("oauth_problem=")) == expected


def test_access_token_takes_the_secret_of_the_request_token(dancer: Dancer) -> None:
    signer = dancer.begin()
    code = code_in(dancer.answer(signer))
    response = dancer.access_token(replace(signer, token_secret="other"), code)
    assert response.status_code == 401
    assert response.text.startswith("oauth_problem=signature_invalid&debug_sbs=")
    assert dancer.access_token(signer, code).status_code == 200


def test_nobody_is_let_in_before_somebody_said_yes(dancer: Dancer) -> None:
    response = dancer.access_token(dancer.begin(), "123-456-789")
    assert response.text == "oauth_problem=verifier_invalid"


def test_tokens_work_once(dancer: Dancer) -> None:
    signer = dancer.begin()
    code = code_in(dancer.answer(signer))
    assert dancer.access_token(signer, code).status_code == 200
    assert dancer.access_token(signer, code).text == "oauth_problem=token_rejected"
    assert dancer.page(signer.token).status_code == 400


def test_request_token_is_no_access_token(dancer: Dancer) -> None:
    signer = dancer.begin()
    dancer.answer(signer)
    response = send(signer, dancer.sandbox.url + "/services/rest/", LOGIN)
    assert response.text == "oauth_problem=token_rejected"


@pytest.mark.parametrize("perms", ["read", "write", "delete"])
def test_token_has_the_level_that_was_asked_for(dancer: Dancer, perms: str) -> None:
    first = dancer.begin()
    signer = dancer.finish(first, code_in(dancer.answer(first, perms=perms)))
    rest = dancer.sandbox.url + "/services/rest/"
    ask = (
        ("method", "flickr.auth.oauth.checkToken"),
        ("format", "json"),
        ("nojsoncallback", "1"),
    )
    assert send(signer, rest, ask).json()["oauth"]["perms"] == {"_content": perms}


def test_level_is_enforced(dancer: Dancer) -> None:
    first = dancer.begin()
    signer = dancer.finish(first, code_in(dancer.answer(first, perms="read")))
    call = (("method", "flickr.photos.delete"), ("photo_id", "1"), *LOGIN[1:])
    assert send(signer, dancer.sandbox.url + "/services/rest/", call, "POST").json() == {
        "stat": "fail",
        "code": 99,
        "message": "Insufficient permissions. Method requires delete privileges; read granted.",
    }


class TestConsentPage:
    """What may be posted to it, and what it shows."""

    def test_page_tells_who_asks_and_how_far(self, dancer: Dancer) -> None:
        page = dancer.page(dancer.begin().token, "delete")
        assert dancer.sandbox.account.api_key[:6] in page.text
        assert dancer.sandbox.account.api_key not in page.text
        assert '<strong id="perms">delete</strong>' in page.text
        assert page.headers["X-Frame-Options"] == "DENY"
        assert page.headers["Cache-Control"] == "no-store"
        assert "<script" not in page.text

    @pytest.mark.parametrize(
        ("changes", "told"),
        [
            ({"ticket": "0" * 32}, "This page is out of date"),
            ({"ticket": "é"}, "This page is out of date"),
            ({"ticket": ""}, "This page is out of date"),
            ({"answer": "perhaps"}, "Invalid answer: use allow or deny"),
            ({"oauth_token": "72157700000000000-<b>"}, "This request is unknown"),
        ],
    )
    def test_forged_answer_is_refused(
        self, dancer: Dancer, changes: dict[str, str], told: str
    ) -> None:
        signer = dancer.begin()
        fields = fields_of(dancer.page(signer.token).text) | {"answer": "allow"}
        response = dancer.post(fields | changes)
        assert response.status_code == 400
        assert told in response.text
        assert dancer.post(fields).status_code == 200

    def test_answer_before_any_page_is_refused(self, dancer: Dancer) -> None:
        fields = {"oauth_token": str(dancer.begin().token), "answer": "allow", "perms": "delete"}
        assert dancer.post(fields).status_code == 400

    def test_answer_counts_once(self, dancer: Dancer) -> None:
        fields = fields_of(dancer.page(dancer.begin().token).text)
        assert dancer.post(fields | {"answer": "deny"}).status_code == 200
        assert "This request was already answered" in dancer.post(fields | {"answer": "allow"}).text

    def test_older_page_no_longer_counts(self, dancer: Dancer) -> None:
        signer = dancer.begin()
        older = fields_of(dancer.page(signer.token, "delete").text)
        dancer.page(signer.token, "read")
        assert dancer.post(older | {"answer": "allow"}).status_code == 400

    def test_answer_cannot_raise_the_level(self, dancer: Dancer) -> None:
        signer = dancer.begin()
        fields = fields_of(dancer.page(signer.token, "read").text)
        dancer.post(fields | {"answer": "allow", "perms": "delete"})
        assert dancer.page(signer.token).status_code == 400

    @pytest.mark.parametrize("perms", ["none", "all", "<script>"])
    def test_unknown_level_is_told(self, dancer: Dancer, perms: str) -> None:
        page = dancer.page(dancer.begin().token, perms)
        assert page.status_code == 400
        assert "read, write or delete" in page.text
        assert "<script>" not in page.text

    def test_texts_are_escaped(self) -> None:
        store = Store()
        store.insert("people", nsid="1@N00", username="<b>&", realname='"<i>', joined=0)
        token, _ = grants.create_grant(store, "<u>key", "oob")
        text = addresses.consent_page(grants.open_consent(store, token, 1), "oauth_token")
        store.close()
        assert not re.search("<[biu]>", text)
        assert "&lt;b&gt;&amp;" in text


def test_request_token_grows_too_old() -> None:
    clock = 1_000_000
    store = Store(clock=lambda: clock)
    store.insert("people", nsid="1@N00", username="a", joined=0)
    token, _ = grants.create_grant(store, "key", "oob")
    clock += grants.LIFETIME - 1
    ticket = grants.open_consent(store, token, 1).ticket
    clock += 1
    assert grants.find_grant(store, token) is None
    with pytest.raises(grants.GrantClosed, match="This request is unknown"):
        grants.decide(store, token, ticket, True)
    grants.create_grant(store, "key", "oob")
    assert store.value("SELECT count(*) FROM request_tokens") == 1
    store.close()


@pytest.fixture
def plain_consent() -> Iterator[Dancer]:
    with Sandbox(photos=5, plain_consent=True) as sandbox:
        yield Dancer(sandbox)


def test_plain_form_allows_where_it_is_switched_on(plain_consent: Dancer) -> None:
    signer = plain_consent.begin()
    fields = {"oauth_token": str(signer.token), "perms": "read", "answer": "allow"}
    code = code_in(plain_consent.post(fields).text)
    assert plain_consent.finish(signer, code).token
