"""The REST address over its socket: verbs, encodings, formats of answers and CORS."""

from __future__ import annotations

import re
from urllib.parse import urlencode
from xml.etree import ElementTree

import pytest
import requests

from tests.support.sandbox_client import Client
from tests.support.timeouts import TIMEOUT

JSON = {"format": "json", "nojsoncallback": "1"}
MEGABYTE = 1024 * 1024


def _query(client: Client, method: str = "flickr.test.echo", **more: str) -> dict[str, str]:
    return {"method": method, "api_key": client.sandbox.account.api_key, **more}


def _echo_value(response: requests.Response, name: str) -> str:
    assert response.status_code == 200, response.text
    value: str = response.json()[name]["_content"]
    return value


def test_unknown_format_is_refused_in_xml(reader: Client) -> None:
    response = reader.raw(params=_query(reader, format="yaml"))
    (error,) = ElementTree.fromstring(response.content)
    assert error.attrib == {"code": "111", "msg": 'Format "yaml" not found'}
    assert response.headers["Content-Type"] == "text/xml; charset=utf-8"


@pytest.mark.parametrize("name", ["alert(1);//", "a b", "1a", "<script>", "a\n", "é"])
def test_invalid_jsoncallback_is_refused(reader: Client, name: str) -> None:
    response = reader.raw(params=_query(reader, format="json", jsoncallback=name))
    assert 'code="111"' in response.text
    assert name not in response.text


@pytest.mark.parametrize(
    ("parameters", "content_type", "start"),
    [
        ({}, "text/xml; charset=utf-8", "<?xml"),
        ({"format": "rest"}, "text/xml; charset=utf-8", "<?xml"),
        ({"format": "json"}, "text/javascript; charset=utf-8", "jsonFlickrApi({"),
        ({"format": "json", "jsoncallback": "a.b"}, "text/javascript; charset=utf-8", "a.b({"),
        (JSON, "application/json", "{"),
        ({**JSON, "jsoncallback": "a.b"}, "application/json", "{"),
    ],
)
def test_each_form_has_its_type(
    reader: Client, parameters: dict[str, str], content_type: str, start: str
) -> None:
    response = reader.raw(params=_query(reader, **parameters))
    assert response.headers["Content-Type"] == content_type
    assert response.text.startswith(start)


@pytest.mark.parametrize(
    ("parameters", "content_type"),
    [
        ({}, "text/xml; charset=utf-8"),
        (JSON, "text/plain; charset=utf-8"),
        ({"format": "json"}, "text/javascript; charset=utf-8"),
    ],
)
def test_failures_have_status_200_and_their_own_content_types(
    reader: Client, parameters: dict[str, str], content_type: str
) -> None:
    response = reader.raw(params=_query(reader, "flickr.photos.getInfo", **parameters))
    assert response.status_code == 200
    assert response.headers["Content-Type"] == content_type


@pytest.mark.parametrize("method", ["flickr.test.echo", "flickr.photos.getInfo", "flickr.none"])
def test_answer_has_the_headers_of_flickr(reader: Client, method: str) -> None:
    answers = [reader.raw(params=_query(reader, method, **JSON)).headers for _ in range(2)]
    for headers in answers:
        assert (headers["Server"], headers["X-Robots-Tag"]) == ("openresty", "noindex")
        assert headers["Vary"] == "Accept-Encoding"
        assert re.fullmatch(r"Root=1-[0-9a-f]{8}-[0-9a-f]{24}", headers["X-Flickr-Api-Request"])
    assert answers[0]["X-Flickr-Api-Request"] != answers[1]["X-Flickr-Api-Request"]


@pytest.mark.parametrize("method", ["flickr.test.echo", "flickr.photos.getInfo", "flickr.none"])
def test_simple_request_of_any_origin_may_read_the_answer(reader: Client, method: str) -> None:
    origin = {"Origin": "https://example.org"}
    response = reader.raw(params=_query(reader, method, **JSON), headers=origin)
    assert response.headers["Access-Control-Allow-Origin"] == "*"


def test_preflight_is_refused(reader: Client) -> None:
    response = reader.raw(
        "OPTIONS",
        params=_query(reader),
        headers={
            "Origin": "https://example.org",
            "Access-Control-Request-Method": "GET",
            "Access-Control-Request-Headers": "x-anything",
        },
    )
    assert response.status_code == 403
    assert not [name for name in response.headers if name.lower().startswith("access-control")]


def test_parameters_may_be_in_the_query_and_in_the_form(reader: Client) -> None:
    response = reader.raw("POST", params=_query(reader), data={**JSON, "word": "a b&c"})
    assert _echo_value(response, "word") == "a b&c"


def test_first_of_two_parameters_of_the_same_name_counts(reader: Client) -> None:
    query = urlencode([*_query(reader, **JSON).items(), ("a", "1"), ("a", "2")])
    response = reader.raw("POST", params=query, data={"a": "3"})
    assert _echo_value(response, "a") == "1"


def test_trailing_slash_of_the_address_is_optional(reader: Client) -> None:
    response = reader.session.get(
        reader.rest.rstrip("/"),
        params=_query(reader, **JSON),
        timeout=TIMEOUT,
        allow_redirects=False,
    )
    assert _echo_value(response, "method") == "flickr.test.echo"


@pytest.mark.parametrize("odd", [b"%ff", b"\xff", b"%ed%a0%80", b"\xed\xa0\x80", b"a%ffb\xfe"])
def test_invalid_utf_8_is_replaced(reader: Client, odd: bytes) -> None:
    for method in ("flickr.test.echo", "flickr.panda.getPhotos"):
        query = urlencode(_query(reader, method, **JSON)).encode() + b"&panda_name=" + odd
        form = {"Content-Type": "application/x-www-form-urlencoded"}
        answers = [reader.raw("POST", data=query, headers=form)]
        if odd.isascii():
            answers.append(reader.raw(params=query))
        for response in answers:
            if method == "flickr.test.echo":
                assert "\ufffd" in _echo_value(response, "panda_name")
            else:
                assert response.json()["code"] == 2


def test_form_larger_than_4_megabytes_is_refused(
    reader: Client,
) -> None:
    for size, status in ((3 * MEGABYTE, 200), (4 * MEGABYTE + 1, 413)):
        form = _query(reader, **JSON) | {"word": "x" * size}
        response = reader.raw("POST", data=form)
        assert response.status_code == status
    assert _echo_value(reader.raw(params=_query(reader, **JSON)), "method") == "flickr.test.echo"


def test_head_returns_no_body(reader: Client) -> None:
    response = reader.raw("HEAD", params=_query(reader, **JSON))
    assert (response.status_code, response.content) == (200, b"")
    assert response.headers["Content-Type"] == "application/json"


@pytest.mark.parametrize("verb", ["PUT", "DELETE", "PATCH"])
def test_other_verbs_are_refused(reader: Client, verb: str) -> None:
    response = reader.raw(verb, params=_query(reader, **JSON))
    assert response.status_code == 405
    assert response.headers["Allow"] == "GET,HEAD,POST"
