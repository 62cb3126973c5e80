"""The OAuth flow, from a request token to a signed call."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from urllib.parse import parse_qs, parse_qsl, quote, urlsplit

import pytest

from flickr_sandbox import Sandbox
from flickr_sandbox.oauth import addresses, grants
from flickr_sandbox.store import Store
from tests.support.oauth_client import OAuthClient, code_in, fields_of
from tests.support.signing import Changes, Signer, send

CALLBACK = "http://127.0.0.1:9/back?own=a%20b&own=2#part"
LOGIN = (("method", "flickr.test.login"), ("format", "json"), ("nojsoncallback", "1"))


@pytest.fixture
def client(fresh_sandbox: Sandbox) -> OAuthClient:
    return OAuthClient(fresh_sandbox)


@pytest.mark.parametrize("verb", ["GET", "POST"])
@pytest.mark.parametrize("slash", ["", "/"])
def test_request_token_is_answered_as_recorded(client: OAuthClient, verb: str, slash: str) -> None:
    address = client.oauth + "request_token" + slash
    response = send(client.signer, address, verb=verb, changes={"oauth_callback": CALLBACK})
    assert response.headers["Content-Type"] == "text/plain;charset=UTF-8"
    token = r"\d{17}-[0-9a-f]{16}"
    assert re.fullmatch(
        f"oauth_callback_confirmed=true&oauth_token={token}&oauth_token_secret=[0-9a-f]{{16}}",
        response.text,
    )


def test_flow_with_a_code(client: OAuthClient) -> None:
    signer = client.begin()
    code = code_in(client.press_button(signer))
    response = client.access_token(signer, code)
    person = client.sandbox.account.user_id
    assert re.fullmatch(
        r"fullname=[\w%]+&oauth_token=[\d]+-[0-9a-f]{16}&oauth_token_secret=[0-9a-f]{16}"
        f"&user_nsid={quote(person)}&username=[\\w%]+",
        response.text,
    )
    found = dict(parse_qsl(response.text))
    signer = Signer(signer.key, signer.secret, found["oauth_token"], found["oauth_token_secret"])
    answer = send(signer, client.sandbox.url + "/services/rest/", LOGIN).json()
    assert (answer["user"]["id"], answer["user"]["username"]["_content"]) == (
        person,
        found["username"],
    )


def test_code_is_accepted_without_dashes(client: OAuthClient) -> None:
    signer = client.begin()
    code = code_in(client.press_button(signer)).replace("-", "")
    assert client.access_token(signer, code).status_code == 200


def test_callback_keeps_its_own_query(client: OAuthClient) -> None:
    signer = client.begin(CALLBACK)
    where = client.press_button(signer)
    assert where.startswith("http://127.0.0.1:9/back?own=a%20b&own=2&")
    parts = urlsplit(where)
    query = parse_qs(parts.query)
    assert parts.fragment == "part"
    assert query["own"] == ["a b", "2"]
    assert query["oauth_token"] == [signer.token]
    assert client.access_token(signer, query["oauth_verifier"][0]).status_code == 200


@pytest.mark.parametrize("callback", ["myapp://done", "http://127.0.0.1:9/a\r\nX-Bad: 1"])
def test_callback_can_have_any_scheme(client: OAuthClient, callback: str) -> None:
    fields = fields_of(client.page(client.begin(callback).token).text)
    response = client.post(fields | {"answer": "allow"})
    assert response.headers["Location"].startswith(callback[:12])
    assert "X-Bad" not in response.headers


@pytest.mark.parametrize(
    "callback", ["javascript:alert(1)", "data:text/html,x", "nowhere", "http://[bad"]
)
def test_invalid_callback_is_refused(client: OAuthClient, callback: str) -> None:
    response = client.request_token(callback)
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
def test_request_token_is_refused(
    client: OAuthClient, changes: Changes, status: int, body: str
) -> None:
    response = client.request_token(changes=changes)
    assert (response.status_code, response.text) == (status, f"oauth_problem={body}")


def test_request_token_with_a_wrong_secret_returns_the_base_string(client: OAuthClient) -> None:
    response = client.request_token(changes={"oauth_signature": "wrong"})
    assert response.status_code == 401
    assert response.text.startswith("oauth_problem=signature_invalid&debug_sbs=GET&http%3A%2F%2F")


def test_denial_is_reported_by_callback_and_by_access_token(client: OAuthClient) -> None:
    signer = client.begin(CALLBACK)
    query = parse_qs(urlsplit(client.press_button(signer, "deny")).query)
    assert query["oauth_problem"] == ["permission_denied"]
    assert "oauth_verifier" not in query
    response = client.access_token(signer, "123-456-789")
    assert (response.status_code, response.text) == (401, "oauth_problem=permission_denied")
    assert "Denied" in client.press_button(client.begin(), "deny")


@pytest.mark.parametrize("verifier", ["000", "", None])
def test_wrong_verifier_is_refused(client: OAuthClient, verifier: str | None) -> None:
    signer = client.begin()
    client.press_button(signer)
    response = client.access_token(signer, verifier)
    absent = "parameter_absent&oauth_parameters_absent=oauth_verifier"
    expected = (401, "verifier_invalid") if verifier else (400, absent)
    assert (response.status_code, response.text.removeprefix("oauth_problem=")) == expected


def test_access_token_needs_the_secret_of_the_request_token(client: OAuthClient) -> None:
    signer = client.begin()
    code = code_in(client.press_button(signer))
    response = client.access_token(replace(signer, token_secret="other"), code)
    assert response.status_code == 401
    assert response.text.startswith("oauth_problem=signature_invalid&debug_sbs=")
    assert client.access_token(signer, code).status_code == 200


def test_access_token_before_consent_is_refused(client: OAuthClient) -> None:
    response = client.access_token(client.begin(), "123-456-789")
    assert response.text == "oauth_problem=verifier_invalid"


def test_request_token_works_once(client: OAuthClient) -> None:
    signer = client.begin()
    code = code_in(client.press_button(signer))
    assert client.access_token(signer, code).status_code == 200
    assert client.access_token(signer, code).text == "oauth_problem=token_rejected"
    assert client.page(signer.token).status_code == 400


def test_request_token_is_refused_as_an_access_token(client: OAuthClient) -> None:
    signer = client.begin()
    client.press_button(signer)
    response = send(signer, client.sandbox.url + "/services/rest/", LOGIN)
    assert response.text == "oauth_problem=token_rejected"


@pytest.mark.parametrize("perms", ["read", "write", "delete"])
def test_token_has_the_requested_level(client: OAuthClient, perms: str) -> None:
    first = client.begin()
    signer = client.finish(first, code_in(client.press_button(first, perms=perms)))
    rest = client.sandbox.url + "/services/rest/"
    ask = (
        ("method", "flickr.auth.oauth.checkToken"),
        ("format", "json"),
        ("nojsoncallback", "1"),
    )
    assert send(signer, rest, ask).json()["oauth"]["perms"] == {"_content": perms}


def test_level_is_enforced(client: OAuthClient) -> None:
    first = client.begin()
    signer = client.finish(first, code_in(client.press_button(first, perms="read")))
    call = (("method", "flickr.photos.delete"), ("photo_id", "1"), *LOGIN[1:])
    assert send(signer, client.sandbox.url + "/services/rest/", call, "POST").json() == {
        "stat": "fail",
        "code": 99,
        "message": "Insufficient permissions. Method requires delete privileges; read granted.",
    }


class TestConsentPage:
    """The text of the consent page, and answers posted to it."""

    def test_page_shows_the_application_and_its_level(self, client: OAuthClient) -> None:
        page = client.page(client.begin().token, "delete")
        assert client.sandbox.account.api_key[:6] in page.text
        assert client.sandbox.account.api_key not in page.text
        assert '<strong id="perms">delete</strong>' in page.text
        assert page.headers["X-Frame-Options"] == "DENY"
        assert page.headers["Cache-Control"] == "no-store"
        assert "<script" not in page.text

    @pytest.mark.parametrize(
        ("changes", "message"),
        [
            ({"ticket": "0" * 32}, "This page is out of date"),
            ({"ticket": "é"}, "This page is out of date"),
            ({"ticket": ""}, "This page is out of date"),
            ({"answer": "perhaps"}, "Invalid answer: use allow or deny"),
            ({"oauth_token": "72157700000000000-<b>"}, "This request is unknown"),
        ],
    )
    def test_forged_answer_is_refused(
        self, client: OAuthClient, changes: dict[str, str], message: str
    ) -> None:
        signer = client.begin()
        fields = fields_of(client.page(signer.token).text) | {"answer": "allow"}
        response = client.post(fields | changes)
        assert response.status_code == 400
        assert message in response.text
        assert client.post(fields).status_code == 200

    def test_answer_before_any_page_is_refused(self, client: OAuthClient) -> None:
        fields = {"oauth_token": str(client.begin().token), "answer": "allow", "perms": "delete"}
        assert client.post(fields).status_code == 400

    def test_consent_is_answered_once(self, client: OAuthClient) -> None:
        fields = fields_of(client.page(client.begin().token).text)
        assert client.post(fields | {"answer": "deny"}).status_code == 200
        assert "This request was already answered" in client.post(fields | {"answer": "allow"}).text

    def test_answer_of_an_older_page_is_refused(self, client: OAuthClient) -> None:
        signer = client.begin()
        older = fields_of(client.page(signer.token, "delete").text)
        client.page(signer.token, "read")
        assert client.post(older | {"answer": "allow"}).status_code == 400

    def test_answer_cannot_raise_the_level(self, client: OAuthClient) -> None:
        signer = client.begin()
        fields = fields_of(client.page(signer.token, "read").text)
        client.post(fields | {"answer": "allow", "perms": "delete"})
        assert client.page(signer.token).status_code == 400

    @pytest.mark.parametrize("perms", ["none", "all", "<script>"])
    def test_unknown_level_is_refused(self, client: OAuthClient, perms: str) -> None:
        page = client.page(client.begin().token, perms)
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


def test_request_token_expires() -> None:
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
def plain_consent() -> Iterator[OAuthClient]:
    with Sandbox(photos=5, plain_consent=True) as sandbox:
        yield OAuthClient(sandbox)


def test_plain_consent_accepts_a_form_without_a_page(plain_consent: OAuthClient) -> None:
    signer = plain_consent.begin()
    fields = {"oauth_token": str(signer.token), "perms": "read", "answer": "allow"}
    code = code_in(plain_consent.post(fields).text)
    assert plain_consent.finish(signer, code).token
