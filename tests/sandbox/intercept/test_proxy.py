"""Requests to Flickr's own addresses through the proxy."""

from __future__ import annotations

from urllib.parse import urlsplit

import pytest
import requests
from requests_oauthlib import OAuth1, OAuth1Session

from flickr_sandbox import Sandbox
from tests.support.oauth_client import code_in
from tests.support.timeouts import TIMEOUT
from tests.support.uploader import image, number_in

API = "https://api.flickr.com"
JSON = {"format": "json", "nojsoncallback": "1"}
OAUTH = "https://www.flickr.com/services/oauth/"


def first_photo(session: requests.Session, proxy: Sandbox, base: str) -> dict[str, str]:
    query = {"method": "flickr.photos.getRecent", "extras": "url_m", "per_page": "1", **JSON}
    query["api_key"] = proxy.account.api_key
    answer = session.get(f"{base}/services/rest/", params=query, timeout=TIMEOUT).json()
    photo: dict[str, str] = answer["photos"]["photo"][0]
    return photo


def info(session: requests.Session, proxy: Sandbox, base: str, photo: str) -> dict[str, str]:
    query = {"method": "flickr.photos.getInfo", "photo_id": photo, **JSON}
    query["api_key"] = proxy.account.api_key
    answer = session.get(f"{base}/services/rest/", params=query, timeout=TIMEOUT).json()
    return {"page": answer["photo"]["urls"]["url"][0]["_content"]}


@pytest.mark.parametrize(
    "base",
    [
        "https://api.flickr.com",
        "http://api.flickr.com",
        "http://api.flickr.com:80",
        "https://www.flickr.com",
        "https://flickr.com",
    ],
)
def test_answers_under_flickrs_hosts_have_flickrs_addresses(
    session: requests.Session, proxy: Sandbox, base: str
) -> None:
    photo = first_photo(session, proxy, base)
    assert photo["url_m"].startswith("https://live.staticflickr.com/65535/")
    page = info(session, proxy, base, photo["id"])["page"]
    assert page.startswith("https://www.flickr.com/photos/")


def test_icons_in_answers_are_on_flickrs_hosts_of_files(session: requests.Session) -> None:
    with Sandbox(photos=20, intercept=True) as proxy:
        account = proxy.account
        session.proxies = {"https": proxy.url}
        session.verify = proxy.proxy_environ["SSL_CERT_FILE"]
        proxy.store.run(
            "UPDATE people SET iconserver = '7008' WHERE nsid = :me", me=account.user_id
        )
        photo = proxy.store.value("SELECT id FROM photos WHERE owner = :me", me=account.user_id)
        form = {"method": "flickr.photos.comments.addComment", "photo_id": str(photo), **JSON}
        form["comment_text"] = "Lovely!"
        tokens = (account.access_token, account.access_token_secret)
        signer = OAuth1(account.api_key, account.secret, *tokens)
        url = f"{API}/services/rest/"
        answer = session.post(url, data=form, auth=signer, timeout=TIMEOUT).json()
        for address in answer["comment"]["iconurls"].values():
            assert address.startswith("https://live.staticflickr.com/7008/buddyicons/")
            assert session.get(address, timeout=TIMEOUT).status_code == 200


def test_answers_under_the_sandboxs_own_address_keep_it(
    session: requests.Session, proxy: Sandbox
) -> None:
    for proxies in (session.proxies, {}):
        session.proxies = proxies
        photo = first_photo(session, proxy, proxy.url)
        assert photo["url_m"].startswith(f"{proxy.url}/65535/")
        page = info(session, proxy, proxy.url, photo["id"])["page"]
        assert page.startswith(f"{proxy.url}/photos/")


@pytest.mark.parametrize(
    "base",
    [
        "https://live.staticflickr.com",
        "https://farm66.staticflickr.com",
        "http://farm66.static.flickr.com",
        "https://c1.staticflickr.com/66",
    ],
)
def test_hosts_of_files_serve_pictures_and_nothing_else(
    session: requests.Session, proxy: Sandbox, base: str
) -> None:
    file = urlsplit(first_photo(session, proxy, "https://api.flickr.com")["url_m"]).path
    picture = session.get(base + file, timeout=TIMEOUT)
    assert (picture.status_code, picture.headers["Content-Type"]) == (200, "image/jpeg")
    assert picture.content.startswith(b"\xff\xd8")
    host = base.removesuffix("/66")
    if host != base:
        assert session.get(host + file, timeout=TIMEOUT).status_code == 200
    for path in ("/", "/services/rest/", "/sandbox/"):
        assert session.get(host + path, timeout=TIMEOUT).status_code == 404


def test_signatures_are_of_flickrs_addresses(session: requests.Session, proxy: Sandbox) -> None:
    account = proxy.account
    application = OAuth1Session(account.api_key, account.secret, callback_uri="oob")
    application.trust_env = False
    application.proxies, application.verify = session.proxies, session.verify
    token = application.fetch_request_token(OAUTH + "request_token")["oauth_token"]
    form = {"oauth_token": token, "perms": "write", "answer": "allow"}
    page = session.post(OAUTH + "authorize", form, timeout=TIMEOUT)
    application.fetch_access_token(OAUTH + "access_token", verifier=code_in(page.text))
    query = {"method": "flickr.test.login", **JSON}
    for base in ("https://api.flickr.com", "http://www.flickr.com"):
        answer = application.get(f"{base}/services/rest/", params=query, timeout=TIMEOUT)
        assert answer.json()["user"]["id"] == account.user_id
    application.auth.client.client_secret = "wrong"
    answer = application.get("https://api.flickr.com/services/rest/", params=query, timeout=TIMEOUT)
    assert answer.status_code == 401
    assert "https%3A%2F%2Fapi.flickr.com%2Fservices%2Frest%2F" in answer.text


def test_uploads_go_to_flickrs_host(session: requests.Session, proxy: Sandbox) -> None:
    account = proxy.account
    tokens = (account.access_token, account.access_token_secret)
    form = {"title": "Grüße"}
    url = "https://up.flickr.com/services/upload/"
    # The signature covers the fields of the form, not the file.
    signed = requests.Request("POST", url, data=form)
    signed.auth = OAuth1(account.api_key, account.secret, *tokens)
    head = {"Authorization": signed.prepare().headers["Authorization"]}
    files = {"photo": ("a.jpg", image())}
    answer = session.post(url, data=form, files=files, headers=head, timeout=TIMEOUT)
    number = number_in(answer.text, "photoid")
    title = proxy.store.value("SELECT title FROM photos WHERE id = :id", id=number)
    assert title == "Grüße"


@pytest.mark.parametrize("host", ["example.com", "www.flickr.com.example.com", "www.flickr.com:81"])
def test_other_hosts_are_refused_by_name_and_recorded(
    session: requests.Session, proxy: Sandbox, host: str
) -> None:
    proxy.requests.clear()
    answer = session.get(f"http://{host}/services/rest/", timeout=TIMEOUT)
    assert answer.status_code == 403
    text = f"the sandbox refused {host.removesuffix(':81')}: it only plays the hosts of Flickr\n"
    assert answer.text == text
    with pytest.raises(requests.exceptions.ProxyError, match=f"the sandbox refused {host}"):
        session.get(f"https://{host}/services/rest/", timeout=TIMEOUT)
    refused = [(request.verb, request.url) for request in proxy.requests.find("refused")]
    tunnel = host if ":" in host else f"{host}:443"
    assert refused == [("GET", host.removesuffix(":81")), ("CONNECT", tunnel)]


def test_client_without_the_certificate_refuses_the_proxy(
    session: requests.Session, proxy: Sandbox
) -> None:
    session.verify = True
    with pytest.raises(requests.exceptions.SSLError, match="CERTIFICATE_VERIFY_FAILED"):
        first_photo(session, proxy, "https://api.flickr.com")
    session.verify = proxy.proxy_environ["SSL_CERT_FILE"]
    assert first_photo(session, proxy, "https://api.flickr.com")


def test_sandbox_without_intercept_is_no_proxy(shared_sandbox: Sandbox) -> None:
    with pytest.raises(ValueError, match="start it with intercept=True"):
        _ = shared_sandbox.proxy_environ
    with requests.Session() as session:
        photo = first_photo(session, shared_sandbox, shared_sandbox.url)
        session.headers["Host"] = "www.flickr.com"
        assert first_photo(session, shared_sandbox, shared_sandbox.url) == photo
