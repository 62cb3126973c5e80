"""PyPI `requests-oauthlib`: the three-legged OAuth flow; random requests signed by oauthlib."""

from __future__ import annotations

from typing import Any, Literal
from urllib.parse import urlencode

import pytest
import requests
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from oauthlib import oauth1
from requests_oauthlib import OAuth1Session
from requests_oauthlib.oauth1_session import TokenRequestDenied

from flickr_sandbox import Sandbox
from tests.support.oauth_client import code_in
from tests.support.sandbox_client import Client
from tests.support.timeouts import TIMEOUT

LOGIN = {"method": "flickr.test.login", "format": "json", "nojsoncallback": "1"}
ECHO = [("method", "flickr.test.echo"), ("format", "json"), ("nojsoncallback", "1")]


def _begin(sandbox: Sandbox, callback: str) -> tuple[OAuth1Session, requests.Response]:
    account = sandbox.account
    oauth = sandbox.url + "/services/oauth/"
    session = OAuth1Session(account.api_key, account.secret, callback_uri=callback)
    assert (
        session.fetch_request_token(oauth + "request_token")["oauth_callback_confirmed"] == "true"
    )
    address = session.authorization_url(oauth + "authorize", perms="write")
    page = requests.post(address, {"answer": "allow"}, allow_redirects=False, timeout=TIMEOUT)
    return session, page


def _login(sandbox: Sandbox, session: OAuth1Session) -> Any:
    return session.get(sandbox.url + "/services/rest/", params=LOGIN, timeout=TIMEOUT).json()


def test_flow_with_a_code(sandbox: Sandbox) -> None:
    session, page = _begin(sandbox, "oob")
    token = session.fetch_access_token(
        sandbox.url + "/services/oauth/access_token", verifier=code_in(page.text)
    )
    assert token["user_nsid"] == sandbox.account.user_id
    assert _login(sandbox, session)["user"]["username"] == {"_content": token["username"]}


def test_flow_with_a_callback(sandbox: Sandbox) -> None:
    session, page = _begin(sandbox, "http://127.0.0.1:9/back?a=%20%25&b=ü")
    session.parse_authorization_response(page.headers["Location"])
    token = session.fetch_access_token(sandbox.url + "/services/oauth/access_token")
    assert _login(sandbox, session)["user"]["id"] == token["user_nsid"]


def test_wrong_code_raises(sandbox: Sandbox) -> None:
    session, _ = _begin(sandbox, "oob")
    with pytest.raises(TokenRequestDenied, match="401"):
        session.fetch_access_token(sandbox.url + "/services/oauth/access_token", verifier="1")


_TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)


def _pairs(prefix: str) -> st.SearchStrategy[list[tuple[str, str]]]:
    return st.lists(st.tuples(_TEXT.map(f"{prefix}{{}}".format), _TEXT), max_size=6)


_PLACES = st.sampled_from(
    [
        ("GET", oauth1.SIGNATURE_TYPE_AUTH_HEADER),
        ("GET", oauth1.SIGNATURE_TYPE_QUERY),
        ("POST", oauth1.SIGNATURE_TYPE_AUTH_HEADER),
        ("POST", oauth1.SIGNATURE_TYPE_BODY),
        ("POST", oauth1.SIGNATURE_TYPE_QUERY),
    ]
)


@settings(
    max_examples=300,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
# Names differ: Flickr counts a parameter of both query and form once, oauthlib twice.
@given(query=_pairs("q"), form=_pairs("f"), place=_PLACES)
def test_signatures_of_oauthlib_verify(
    reader: Client,
    query: list[tuple[str, str]],
    form: list[tuple[str, str]],
    place: tuple[Literal["GET", "POST"], str],
) -> None:
    verb, signature_type = place
    account = reader.sandbox.account
    client = oauth1.Client(
        account.api_key,
        account.secret,
        account.access_token,
        account.access_token_secret,
        signature_type=signature_type,
    )
    form = [("form", "1"), *form] if verb == "POST" else []
    headers = {"Content-Type": "application/x-www-form-urlencoded"} if form else None
    url, headers, body = client.sign(
        f"{reader.rest}?{urlencode([*ECHO, *query])}", verb, urlencode(form) or None, headers
    )
    # Keep the signed URL; requests would encode it differently.
    prepared = requests.Request(verb, reader.rest, headers=headers, data=body).prepare()
    prepared.url = url
    answer = reader.session.send(prepared, timeout=TIMEOUT).json()
    for name, value in dict(reversed([*query, *form])).items():
        assert answer[name] == {"_content": value}
