"""PyPI `flickrapi`: calls in its formats, the OAuth flow, upload and replace.

Its addresses are attributes of its classes, not parameters, so a fixture sets them.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import flickrapi
import pytest
import requests
from flickrapi.auth import FlickrAccessToken, OAuthFlickrInterface

from flickr_sandbox import Sandbox
from tests.support.oauth_client import code_in
from tests.support.uploader import file_of

OAUTH = {"REQUEST_TOKEN_URL": "request_token", "AUTHORIZE_URL": "authorize"} | {
    "ACCESS_TOKEN_URL": "access_token"
}


@pytest.fixture(autouse=True)
def addresses(sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    """Set the addresses of the sandbox."""
    for kind in ("rest", "upload", "replace"):
        address = f"{sandbox.url}/services/{kind}/"
        monkeypatch.setattr(flickrapi.FlickrAPI, f"{kind.upper()}_URL", address)
    for name, path in OAUTH.items():
        monkeypatch.setattr(OAuthFlickrInterface, name, f"{sandbox.url}/services/oauth/{path}")


@pytest.fixture
def flickr(sandbox: Sandbox) -> Any:
    """A client with the account's token."""
    account = sandbox.account
    token = FlickrAccessToken(
        account.access_token, account.access_token_secret, "delete", "", "", account.user_id
    )
    return flickrapi.FlickrAPI(account.api_key, account.secret, token=token, format="parsed-json")


def test_parsed_json(flickr: Any, sandbox: Sandbox) -> None:
    assert flickr.test.login()["user"]["id"] == sandbox.account.user_id
    assert flickr.test.echo(text="grüße + 100%")["text"] == {"_content": "grüße + 100%"}
    with pytest.raises(flickrapi.FlickrError, match="Photo") as failed:
        flickr.photos.getInfo(photo_id="1")
    assert failed.value.code == 1


def test_etree_and_texts(flickr: Any, sandbox: Sandbox) -> None:
    tree = flickr.test.login(format="etree")
    assert tree.find("user").get("id") == sandbox.account.user_id
    with pytest.raises(flickrapi.FlickrError, match="1: Photo"):
        flickr.photos.getInfo(photo_id="1", format="etree")
    assert flickr.test.null(format="rest").startswith(b"<?xml")
    assert flickr.test.null(format="json") == b'{"stat":"ok"}'


def test_token_is_valid(flickr: Any) -> None:
    assert flickr.token_valid(perms="delete")


def test_wrong_secret_raises(flickr: Any, sandbox: Sandbox) -> None:
    flickr.flickr_oauth.oauth.client.client_secret = "wrong"
    with pytest.raises(flickrapi.FlickrError, match="401"):
        flickr.test.login()


def _send(send: Any, file: Path, *arguments: str, **fields: str) -> Any:
    # It does not close files that it opens itself.
    with file.open("rb") as opened:
        return send(str(file), *arguments, fileobj=opened, format="etree", **fields)


def test_upload_and_replace(flickr: Any, sandbox: Sandbox, picture: Path) -> None:
    answer = _send(flickr.upload, picture, title="Grüße & +", tags='sea "New York"')
    number = answer.findtext("photoid")
    photo = flickr.photos.getInfo(photo_id=number)["photo"]
    assert photo["title"] == {"_content": "Grüße & +"}
    assert [tag["raw"] for tag in photo["tags"]["tag"]] == ["sea", "New York"]
    assert _send(flickr.replace, picture, number).findtext("photoid") == number
    assert file_of(sandbox, number).read_bytes() == picture.read_bytes()


def test_upload_without_a_title_and_with_a_ticket(flickr: Any, picture: Path) -> None:
    ticket = _send(flickr.upload, picture, **{"async": "1"}).findtext("ticketid")
    flickr.photos.upload.checkTickets(tickets=ticket)
    (found,) = flickr.photos.upload.checkTickets(tickets=ticket)["uploader"]["ticket"]
    photo = flickr.photos.getInfo(photo_id=found["photoid"])["photo"]
    assert photo["title"] == {"_content": picture.name}


def test_refused_upload_raises(flickr: Any, tmp_path: Path) -> None:
    file = tmp_path / "a.txt"
    file.write_text("no picture")
    with pytest.raises(flickrapi.FlickrError, match="5: Filetype"):
        _send(flickr.upload, file)


@pytest.mark.parametrize("callback", ["oob", "http://127.0.0.1:9/back"])
def test_flow(sandbox: Sandbox, callback: str) -> None:
    account = sandbox.account
    flickr = flickrapi.FlickrAPI(
        account.api_key, account.secret, store_token=False, format="parsed-json"
    )
    flickr.get_request_token(oauth_callback=callback)
    page = requests.post(
        flickr.auth_url(perms="write"), {"answer": "allow"}, allow_redirects=False, timeout=20
    )
    query = dict(parse_qsl(urlsplit(page.headers.get("Location", "")).query))
    flickr.get_access_token(query.get("oauth_verifier") or code_in(page.text))
    assert flickr.test.login()["user"]["id"] == account.user_id
    assert flickr.token_valid(perms="write")
    assert not flickr.token_valid(perms="delete")
