"""`flickr.auth.*`: OAuth tokens and legacy tokens."""

from __future__ import annotations

import hashlib
from typing import Any

import pytest
import requests

from tests.support.oauth_client import code_in, fields_of
from tests.support.sandbox_client import Client
from tests.support.signing import Signer, send
from tests.support.timeouts import TIMEOUT

JSON = {"format": "json", "nojsoncallback": "1"}


class LegacyAuthClient:
    """An application that signs with `api_sig`, as before OAuth."""

    def __init__(self, flickr: Client) -> None:
        self.flickr = flickr
        self.account = flickr.sandbox.account

    def sign(self, **arguments: str) -> dict[str, str]:
        """Add `api_key` and `api_sig` to arguments."""
        arguments["api_key"] = self.account.api_key
        text = "".join(name + value for name, value in sorted(arguments.items()))
        digest = hashlib.md5((self.account.secret + text).encode()).hexdigest()
        return arguments | {"api_sig": digest}

    def call(self, method: str, **arguments: str) -> dict[str, Any]:
        """Send a signed call, and return the answer."""
        query = self.sign(method=f"flickr.{method}", **JSON, **arguments)
        answer: dict[str, Any] = self.flickr.raw(params=query).json()
        return answer

    def frob(self) -> str:
        """Request a new frob."""
        return str(self.call("auth.getFrob")["frob"]["_content"])

    def allow(self, frob: str, perms: str = "write", answer: str = "allow") -> str:
        """Press a button of the consent page; return the next page."""
        address = self.flickr.sandbox.url + "/services/auth/"
        query = self.sign(perms=perms, frob=frob)
        page = requests.get(address, query, timeout=TIMEOUT)
        assert page.status_code == 200, page.text
        fields = fields_of(page.text) | {"answer": answer}
        return requests.post(address, fields, timeout=TIMEOUT).text

    def token(self) -> str:
        """Get an `auth_token` with a new frob."""
        frob = self.frob()
        self.allow(frob)
        return str(self.call("auth.getToken", frob=frob)["auth"]["token"]["_content"])


@pytest.fixture
def legacy(flickr: Client) -> LegacyAuthClient:
    return LegacyAuthClient(flickr)


def test_access_token_is_described(reader: Client) -> None:
    account = reader.sandbox.account
    answer = reader.call_signed("auth.oauth.checkToken", oauth_token=account.access_token)
    user = answer["oauth"].pop("user")
    assert answer["oauth"] == {
        "token": {"_content": account.access_token},
        "perms": {"_content": "delete"},
    }
    assert user["nsid"] == account.user_id
    assert set(user) == {"nsid", "username", "fullname"}


def test_access_token_is_described_in_xml(reader: Client) -> None:
    token = reader.sandbox.account.access_token
    call = (("method", "flickr.auth.oauth.checkToken"), ("oauth_token", token))
    text = send(Signer.of(reader.sandbox, token=False), reader.rest, call).text
    assert f"<oauth>\t<token>{token}</token>\n\t<perms>delete</perms>\n\t<user nsid=" in text


def test_unknown_access_token_is_refused(reader: Client) -> None:
    answer = reader.call_signed("auth.oauth.checkToken", oauth_token="1-2")
    assert (answer["code"], answer["message"]) == (98, "Login failed / Invalid auth token")


def test_unsigned_check_of_a_token_is_refused(reader: Client) -> None:
    token = reader.sandbox.account.access_token
    assert reader.call_public("auth.oauth.checkToken", oauth_token=token)["code"] == 97


def test_frob_becomes_a_token(legacy: LegacyAuthClient) -> None:
    frob = legacy.frob()
    assert legacy.call("auth.getToken", frob=frob)["code"] == 108
    legacy.allow(frob, "write")
    answer = legacy.call("auth.getToken", frob=frob)["auth"]
    token = answer["token"]["_content"]
    assert answer["perms"] == {"_content": "write"}
    assert answer["user"]["nsid"] == legacy.account.user_id
    assert legacy.call("auth.getToken", frob=frob)["code"] == 108
    assert legacy.call("auth.checkToken", auth_token=token)["auth"] == answer
    assert legacy.call("test.login", auth_token=token)["user"]["id"] == legacy.account.user_id


def test_digits_become_a_token(legacy: LegacyAuthClient) -> None:
    digits = code_in(legacy.allow(legacy.frob(), "read"))
    answer = legacy.call("auth.getFullToken", mini_token=digits)
    assert answer["auth"]["perms"] == {"_content": "read"}
    refused = legacy.call("auth.getFullToken", mini_token=digits)
    assert (refused["code"], refused["message"]) == (1, "Mini-token not found")


def test_denied_frob_gets_no_token(legacy: LegacyAuthClient) -> None:
    frob = legacy.frob()
    legacy.allow(frob, answer="deny")
    assert legacy.call("auth.getToken", frob=frob)["code"] == 108


def test_old_token_becomes_an_access_token(legacy: LegacyAuthClient) -> None:
    token = legacy.token()
    found = legacy.call("auth.oauth.getAccessToken", auth_token=token)["auth"]["access_token"]
    signer = Signer(
        legacy.account.api_key,
        legacy.account.secret,
        found["oauth_token"],
        found["oauth_token_secret"],
    )
    answer = send(signer, legacy.flickr.rest, [("method", "flickr.test.login"), *JSON.items()])
    assert answer.json()["user"]["id"] == legacy.account.user_id
    assert legacy.call("test.echo", auth_token=token)["code"] == 98


def test_old_token_has_its_level(legacy: LegacyAuthClient) -> None:
    answer = legacy.call("photos.delete", auth_token=legacy.token(), photo_id="1")
    assert answer["code"] == 99


def test_old_token_without_signature_is_refused(legacy: LegacyAuthClient) -> None:
    answer = legacy.flickr.call_public("test.echo", auth_token=legacy.token())
    assert (answer["code"], answer["message"]) == (97, "Missing signature")


@pytest.mark.parametrize(
    ("method", "arguments"),
    [
        ("getFrob", {}),
        ("getToken", {"frob": "1"}),
        ("getFullToken", {"mini_token": "123-456-789"}),
    ],
)
def test_unsigned_call_is_refused(reader: Client, method: str, arguments: dict[str, str]) -> None:
    assert reader.call_public(f"auth.{method}", **arguments)["code"] == 97


@pytest.mark.parametrize("changes", [{"api_sig": "0" * 32}, {"api_sig": ""}, {"frob": "1"}])
def test_page_for_a_frob_must_be_signed(legacy: LegacyAuthClient, changes: dict[str, str]) -> None:
    query = legacy.sign(perms="read", frob=legacy.frob()) | changes
    page = requests.get(legacy.flickr.sandbox.url + "/services/auth/", query, timeout=TIMEOUT)
    assert page.status_code == 400
    del query["api_sig"]
    page = requests.get(legacy.flickr.sandbox.url + "/services/auth/", query, timeout=TIMEOUT)
    assert page.status_code == 400
