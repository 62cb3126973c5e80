"""Uploads through the proxy, on every adapter: the form that Flickr gets, and the answer."""

from __future__ import annotations

import random
from typing import Any

import pytest

from flickr_sandbox import Sandbox
from pyflickr_web import Flickr
from tests.proxy.authenticators import BADGE, with_credentials
from tests.proxy.caller import Caller, refusal
from tests.proxy.proxies import Open
from tests.proxy.uploading import (
    BOUNDARY,
    KIND,
    WRITES,
    closed,
    field,
    form,
    in_pieces,
    line,
    part,
    photo,
    sent_to,
)
from tests.proxy.upstream import options_for
from tests.support.scripted_server import Answer, serve
from tests.support.uploader import file_of, image

FIELDS = {
    "title": 'Grüße "fox" | ` ^ ~ % + & =',
    "description": "one\r\ntwo\r\n\r\nthree --",
    "tags": '"happy fox" x',
    "is_public": "0",
}
OK = Answer(
    b'<?xml version="1.0" encoding="utf-8" ?>\n<rsp stat="ok">\n<photoid>7</photoid>\n</rsp>\n'
)


@pytest.fixture
def proxy(open_proxy: Open, options: Any) -> Caller:
    """The caller of a proxy that accepts uploads."""
    return open_proxy(options, "names", **WRITES).wearing(Authorization=BADGE)


def upload(proxy: Caller, body: bytes, kind: str = KIND) -> Any:
    return proxy.ask(path="upload", data=body, headers={"Content-Type": kind})


@pytest.mark.parametrize("path", ["upload", "upload/"])
def test_photo_arrives_byte_for_byte_with_its_fields(
    proxy: Caller, flickr: Sandbox, path: str
) -> None:
    noise = random.Random(1).randbytes(300_000)
    content = image() + noise + b"\r\n--\r\n\r\n----WebKitForm\r\n" + noise
    files = {name: (None, value) for name, value in FIELDS.items()}
    answer = proxy.ask(path=path, files={**files, "photo": ("fox.jpg", content, "image/jpeg")})
    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == "application/json"
    assert answer.headers["Cache-Control"] == "no-store"
    result = answer.json()
    assert result == {"stat": "ok", "photoid": result["photoid"]}
    assert file_of(flickr, result["photoid"]).read_bytes() == content
    info = proxy.call("flickr.photos.getInfo", photo_id=result["photoid"], authenticated=True)
    assert info.json()["photo"]["title"]["_content"] == FIELDS["title"]
    assert info.json()["photo"]["description"]["_content"] == FIELDS["description"]
    assert [tag["raw"] for tag in info.json()["photo"]["tags"]["tag"]] == ["happy fox", "x"]
    assert info.json()["photo"]["visibility"]["ispublic"] == 0
    assert flickr.calls["upload"] == 1


@pytest.mark.parametrize("size", [1, 7, 100_000])
def test_pieces_of_any_size_are_the_same_form(proxy: Caller, flickr: Sandbox, size: int) -> None:
    content = image(size=(9, 9)) + b"\r\n\r\n--" + BOUNDARY[:-1].encode() + b"\r\n\r\n\r"
    body = form(content, FIELDS)
    with line(proxy.url, len(body)) as connection:
        for piece in in_pieces(body, size):
            connection.send(piece)
        status, result = connection.answer()
    assert (status, result["stat"]) == (200, "ok")
    assert file_of(flickr, result["photoid"]).read_bytes() == content


@pytest.mark.parametrize("after", [b"", b"\r\n"])
def test_line_end_after_the_form_is_not_part_of_the_photo(
    proxy: Caller, flickr: Sandbox, after: bytes
) -> None:
    content = image() + b"\r\n"
    result = upload(proxy, closed(photo(content), after=after)).json()
    assert file_of(flickr, result["photoid"]).read_bytes() == content


def test_asynchronous_upload_returns_a_ticket(proxy: Caller, flickr: Sandbox) -> None:
    result = upload(proxy, form(image(), {"async": "1"})).json()
    assert result == {"stat": "ok", "ticketid": result["ticketid"]}
    tickets = proxy.call("flickr.photos.upload.checkTickets", tickets=result["ticketid"]).json()
    assert tickets["uploader"]["ticket"][0]["id"] == result["ticketid"]


@pytest.mark.parametrize(("content", "code"), [(b"", 4), (b"no picture at all", 5)])
def test_flickrs_refusal_is_passed_on(proxy: Caller, content: bytes, code: int) -> None:
    answer = upload(proxy, form(content))
    assert answer.status_code == 200
    assert (answer.json()["stat"], answer.json()["code"]) == ("fail", code)
    assert answer.json()["message"]


def test_upload_is_sent_signed_with_a_content_length(open_proxy: Open) -> None:
    with serve(OK) as script:
        proxy = open_proxy(options_for(script.url), "names", **WRITES).wearing(Authorization=BADGE)
        assert upload(proxy, form(b"JPEG", {"title": "ä"})).json() == {"stat": "ok", "photoid": "7"}
        asked = script.asked[0]
        assert (asked.verb, asked.path) == ("POST", "/services/upload/")
        assert asked.headers["Content-Type"].startswith("multipart/form-data; boundary=")
        assert int(asked.headers["Content-Length"]) == len(asked.body)
        assert asked.headers["Authorization"].startswith("OAuth ")
        assert "Transfer-Encoding" not in asked.headers
        assert sent_to(asked) == form(b"JPEG", {"title": "ä"})


def test_credentials_and_arguments_of_the_proxy_are_dropped(open_proxy: Open) -> None:
    dropped = {
        "api_key": "mine", "API_SIG": "mine", "oauth_token": "mine", "auth_token": "mine",
        "secret": "mine", "format": "json", "nojsoncallback": "1", "authenticated": "1",
        "method": "flickr.photos.delete",
    }  # fmt: skip
    with serve(OK) as script:
        proxy = open_proxy(options_for(script.url), "names", **WRITES).wearing(Authorization=BADGE)
        upload(proxy, form(b"JPEG", {**dropped, "title": "t", "license": "4"}))
        assert sent_to(script.asked[0]) == form(b"JPEG", {"title": "t", "license": "4"})


@pytest.mark.parametrize(
    ("name", "kind", "expected"),
    [
        ("Füchse.jpg", "image/jpeg", 'filename="Füchse.jpg"\r\nContent-Type: image/jpeg'),
        ("C:\\\\me\\\\fox.jpg", "image/jpeg", 'filename="fox.jpg"\r\nContent-Type: image/jpeg'),
        ("../../etc/fox", "text/html", 'filename="fox"\r\nContent-Type: application/octet-stream'),
        ('a\\"b%0d.jpg', "image/png; a=b", 'filename="a%22b%0d.jpg"\r\nContent-Type: image/png'),
        ("", "", 'filename="photo"\r\nContent-Type: application/octet-stream'),
        ("a;b.mp4", "video/mp4", 'filename="a;b.mp4"\r\nContent-Type: video/mp4'),
        ("x" * 300, "image/", 'filename="' + "x" * 255 + '"\r\nContent-Type: application/'),
        ("fox.jpg", "image/a\nX-More: 1", "Content-Type: application/octet-stream\r\n\r\n"),
    ],
)
def test_file_name_and_type_are_sanitized(
    open_one: Open, name: str, kind: str, expected: str
) -> None:
    with serve(OK) as script:
        proxy = open_one(options_for(script.url), "names", **WRITES).wearing(Authorization=BADGE)
        assert upload(proxy, closed(photo(b"JPEG", name, kind))).status_code == 200
        assert expected.encode() in script.asked[0].body


def test_boundary_may_contain_punctuation(open_one: Open) -> None:
    kind = 'multipart/form-data; boundary="a b=(c)"'
    body = form(b"JPEG").replace(BOUNDARY.encode(), b"a b=(c)")
    with serve(OK) as script:
        proxy = open_one(options_for(script.url), "names", **WRITES).wearing(Authorization=BADGE)
        assert upload(proxy, body, kind).status_code == 200
        assert sent_to(script.asked[0]) == form(b"JPEG")


@pytest.mark.parametrize("before", ["", "a\n"])
def test_text_that_looks_like_a_part_is_not_parsed_as_one(
    proxy: Caller, flickr: Sandbox, before: str
) -> None:
    # Some parsers accept such text as a part, at the start or after a bare line feed.
    part = f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="title"\r\n\r\nb'
    text, content = before + part, image() + b"\n" + part.encode()
    result = upload(proxy, form(content, {"description": text})).json()
    assert file_of(flickr, result["photoid"]).read_bytes() == content
    info = proxy.call("flickr.photos.getInfo", photo_id=result["photoid"], authenticated=True)
    assert info.json()["photo"]["description"]["_content"] == text


def test_visitors_own_credentials_sign(open_proxy: Open, options: Any, flickr: Sandbox) -> None:
    application = {**options, "access_token": None, "access_token_secret": None}
    with_credentials(lambda: Flickr(**options))
    proxy = open_proxy(application, "own", **WRITES).wearing(Authorization=BADGE)
    proxy.hidden += [options["access_token"], options["access_token_secret"]]
    number = upload(proxy, form(image())).json()["photoid"]
    owner = flickr.store.value("SELECT owner FROM photos WHERE id = :id", id=number)
    assert owner == flickr.account.user_id
    with_credentials(lambda: Flickr.token_only(**application))
    proxy = open_proxy(options, "own", **WRITES).wearing(Authorization=BADGE)
    assert refusal(upload(proxy, form(image()))) == (403, 403)
    assert flickr.calls["upload"] == 1


def test_part_with_8bit_transfer_encoding_is_accepted(open_one: Open) -> None:
    with serve(OK) as script:
        proxy = open_one(options_for(script.url), "names", **WRITES).wearing(Authorization=BADGE)
        more = "\r\nContent-Type: text/plain; charset=UTF-8\r\nContent-Transfer-Encoding: 8bit"
        text = part(f'form-data; name="title"{more}', "ä".encode())
        assert upload(proxy, closed(text, photo(b"JPEG"))).status_code == 200
        assert field("title", "ä".encode()) in sent_to(script.asked[0])
