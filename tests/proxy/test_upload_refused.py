"""Uploads that the proxy refuses: Flickr gets none of them, and strangers' bodies are not read."""

from __future__ import annotations

from typing import Any

import pytest

from flickr_sandbox import Sandbox
from pyflickr_web.errors import OptionError
from tests.proxy.authenticators import BADGE
from tests.proxy.caller import Caller, refusal
from tests.proxy.proxies import Open
from tests.proxy.uploading import (
    BOUNDARY,
    KIND,
    WRITES,
    closed,
    field,
    form,
    line,
    part,
    photo,
    photos_of,
)
from tests.support.uploader import image

FRIEND = "https://friend.example"
HUGE = 150_000_000


@pytest.fixture
def proxy(open_proxy: Open, options: Any) -> Caller:
    """The caller of a proxy that accepts uploads."""
    return open_proxy(options, "names", **WRITES).wearing(Authorization=BADGE)


@pytest.fixture
def one(open_one: Open, options: Any) -> Caller:
    """Like `proxy`, on one adapter."""
    return open_one(options, "names", **WRITES).wearing(Authorization=BADGE)


def upload(proxy: Caller, body: bytes, kind: str = KIND, **headers: str) -> Any:
    return proxy.ask(path="upload", data=body, headers={"Content-Type": kind, **headers})


def nothing_uploaded(flickr: Sandbox) -> bool:
    return "upload" not in flickr.calls and photos_of(flickr) == 60


@pytest.mark.parametrize("kind", ["names", "awaited"])
def test_stranger_is_refused_before_anything_is_read(
    open_proxy: Open, options: Any, flickr: Sandbox, adapter: str, kind: str
) -> None:
    proxy = open_proxy(options, kind, **WRITES)
    with line(proxy.url, HUGE, Authorization="") as connection:
        status, content = connection.answer()
    assert status == (403 if adapter == "django" else 401)
    assert content == {"stat": "fail", "code": status, "message": "show your badge"}
    assert nothing_uploaded(flickr)


@pytest.mark.parametrize("adapter", ["starlette", "fastapi", "flask"], indirect=True)
def test_authenticator_that_would_read_the_form_fails(
    open_proxy: Open, options: Any, flickr: Sandbox
) -> None:
    proxy = open_proxy(options, "reads", **WRITES)
    with line(proxy.url, HUGE) as connection:
        assert connection.status() == 500
    assert nothing_uploaded(flickr)


@pytest.mark.parametrize("adapter", ["django"], indirect=True)
def test_authenticator_of_django_sees_an_empty_form(
    open_proxy: Open, options: Any, flickr: Sandbox
) -> None:
    proxy = open_proxy(options, "reads", **WRITES)
    assert upload(proxy, form(image())).json()["stat"] == "ok"


def test_answer_of_the_authenticator_is_the_answer(
    open_proxy: Open, options: Any, flickr: Sandbox, adapter: str
) -> None:
    proxy = open_proxy(options, "answers", origins=FRIEND, **WRITES).wearing(Origin=FRIEND)
    answer = upload(proxy, form(image()))
    if adapter in ("asgi", "wsgi"):
        assert refusal(answer) == (403, 403)
    else:
        assert (answer.status_code, answer.text) == (401, "no badge")
    assert answer.headers["Access-Control-Allow-Origin"] == FRIEND
    assert nothing_uploaded(flickr)


@pytest.mark.parametrize(
    "headers",
    [{"Origin": "https://evil.example"}, {"Origin": "null"}, {"Cookie": "session=1"}],
)
def test_form_of_another_sites_page_is_refused(
    proxy: Caller, flickr: Sandbox, headers: dict[str, str]
) -> None:
    with line(proxy.url, HUGE, **headers) as connection:
        status, content = connection.answer()
    assert (status, content["code"]) == (403, 403)
    assert nothing_uploaded(flickr)


def test_form_of_an_own_or_allowed_page_is_accepted(open_proxy: Open, options: Any) -> None:
    proxy = open_proxy(options, "names", origins=FRIEND, **WRITES).wearing(Authorization=BADGE)
    own = proxy.url.partition("/service")[0]
    assert upload(proxy, form(image()), Origin=own, Cookie="session=1").json()["stat"] == "ok"
    answer = upload(proxy, form(image()), Origin=FRIEND, Cookie="session=1")
    assert answer.json()["stat"] == "ok"
    assert answer.headers["Access-Control-Allow-Origin"] == FRIEND
    assert answer.headers["Access-Control-Allow-Credentials"] == "true"


def test_preflight_needs_no_badge(open_proxy: Open, options: Any) -> None:
    proxy = open_proxy(options, "names", origins=FRIEND, **WRITES)
    answer = proxy.ask("OPTIONS", "upload", headers={"Origin": FRIEND})
    assert answer.status_code == 204
    assert answer.headers["Access-Control-Allow-Origin"] == FRIEND
    assert refusal(proxy.ask("OPTIONS", "upload", headers={"Origin": "https://a.example"})) == (
        403,
        403,
    )


@pytest.mark.parametrize("path", ["upload", "upload/"])
def test_disabled_upload_gets_404(
    open_proxy: Open, options: Any, flickr: Sandbox, path: str
) -> None:
    proxy = open_proxy(options, "names", perms="write").wearing(Authorization=BADGE)
    for answer in (
        proxy.ask(path=path, files={"photo": ("a.jpg", image())}),
        proxy.ask(path=path, json={"method": "flickr.test.echo"}),
        proxy.ask("GET", path, params={"method": "flickr.test.echo"}),
    ):
        assert refusal(answer) == (404, 404)
        assert "upload" in answer.json()["message"]
    assert nothing_uploaded(flickr)


@pytest.mark.parametrize(
    ("kind", "policy", "message"),
    [
        (None, {"upload": True, "perms": "write"}, "needs an authenticator"),
        ("names", {"upload": True}, 'needs perms="write"'),
        ("names", {"upload": True, "perms": "none"}, 'needs perms="write"'),
        ("names", {"upload": 1, "perms": "write"}, "invalid upload 1: use True or False"),
        ("names", {"max_upload": 0}, "more than 0"),
    ],
)
def test_invalid_upload_setting_is_an_error_at_start(
    open_proxy: Open, options: Any, kind: str, policy: dict[str, Any], message: str
) -> None:
    with pytest.raises(OptionError, match=message):
        open_proxy(options, kind, **policy)


def test_too_large_photo_is_refused_by_its_content_length(
    open_proxy: Open, options: Any, flickr: Sandbox
) -> None:
    proxy = open_proxy(options, "names", **WRITES)
    for length in (201 * 1024 * 1024, 10**17):
        with line(proxy.url, length) as connection:
            assert connection.answer()[0] == 413
    assert nothing_uploaded(flickr)


def test_photo_is_measured_without_its_form(
    open_proxy: Open, options: Any, flickr: Sandbox
) -> None:
    fits = image()
    proxy = open_proxy(options, "names", max_upload=len(fits), **WRITES)
    proxy.wearing(Authorization=BADGE)
    assert refusal(upload(proxy, form(fits + b"x", {"title": "t"}))) == (413, 413)
    assert refusal(upload(proxy, closed(photo(fits + b"x"), after=b""))) == (413, 413)
    assert nothing_uploaded(flickr)
    assert upload(proxy, form(fits, {"title": "t" * 2000})).json()["stat"] == "ok"
    assert upload(proxy, closed(photo(fits), after=b"")).json()["stat"] == "ok"


@pytest.mark.parametrize("size", [10, 300_000])
@pytest.mark.parametrize("after", [field("title", b"t"), photo(b"JPEG"), part("form-data", b"")])
def test_photo_that_is_not_last_is_not_uploaded(
    proxy: Caller, flickr: Sandbox, size: int, after: bytes
) -> None:
    answer = upload(proxy, closed(photo(image() + b"x" * size), after))
    assert refusal(answer) == (400, 400)
    assert "last" in answer.json()["message"]
    assert photos_of(flickr) == 60


@pytest.mark.parametrize(
    "body",
    [
        closed(), closed(field("title", b"t")), closed(field("photo", b"undefined")),
        closed(part('form-data; name="photo"\r\nContent-Type: image/jpeg', b"JPEG")),
    ],
)  # fmt: skip
def test_form_without_a_photo_is_refused_with_flickrs_code(
    proxy: Caller, flickr: Sandbox, body: bytes
) -> None:
    assert refusal(upload(proxy, body)) == (400, 2)
    assert nothing_uploaded(flickr)


@pytest.mark.parametrize(
    "parts",
    [
        [field("title", b"a"), field("title", b"b")], [field("a-b", b"1")], [field("", b"1")],
        [field("__proto__", b"1")], [field("title", b"\xff")], [field("title", b"\0")],
        [field("title\xe9", b"a")], [part('form-data; name="file"; filename="a.jpg"', b"JPEG")],
        [part('form-data; name="a"\r\nContent-Transfer-Encoding: base64', b"YQ==")],
        [part('form-data; name="a"\r\nContent-Disposition: form-data; name="b"', b"1")],
        [part("form-data", b"1")], [part('attachment; name="a"', b"1")], [part("", b"1")],
        [part('form-data; name="a"' + "\r\nX: 1" * 20, b"1")],
        [part('form-data; name="' + "a" * 10_000 + '"', b"1")],
        [part('form-data; name="a"\r\nno header', b"1")],
        [b"no form\r\n"], [b"--\r\n"],
    ],
)  # fmt: skip
def test_malformed_field_is_refused(one: Caller, flickr: Sandbox, parts: list[bytes]) -> None:
    assert refusal(upload(one, closed(*parts, photo(image())))) == (400, 400)
    assert nothing_uploaded(flickr)


@pytest.mark.parametrize(
    "body",
    [
        b"", b"JPEG", form(b"JPEG")[:-3], form(b"JPEG")[:-6], form(b"JPEG")[:60],
        form(b"JPEG") + b"\r\n", closed(photo(b"JPEG"), after=b"x"),
        closed(photo(b"JPEG"), after=form(b"a")),
        form(b"JPEG").replace(BOUNDARY.encode(), b"other"), form(b"JPEG").replace(b"\r\n", b"\n"),
        b'{"photo": "JPEG"}', photo(b"JPEG") + b"--" + BOUNDARY.encode() + b"- ",
    ],
)  # fmt: skip
def test_broken_form_is_refused(proxy: Caller, flickr: Sandbox, body: bytes) -> None:
    assert refusal(upload(proxy, body)) == (400, 400)
    assert photos_of(flickr) == 60


def test_fields_are_counted_and_measured(open_one: Open, options: Any, flickr: Sandbox) -> None:
    limits = {"max_arguments": 3, "max_length": 10, "max_body": 2000}
    proxy = open_one(options, "names", **limits, **WRITES).wearing(Authorization=BADGE)
    for fields in (
        {"a": "1", "b": "2", "c": "3", "d": "4"},
        {"title": "ä" * 11},
        {"title": "x" * 41},
        {"a": "1" * 700, "b": "2" * 700, "c": "3" * 700},
    ):
        assert refusal(upload(proxy, form(image(), fields))) == (413, 413)
    empty = [part(f'form-data; name="a"\r\nX: {"x" * 900}', b"")] * 3
    assert refusal(upload(proxy, closed(*empty, photo(image())))) == (413, 413)
    assert nothing_uploaded(flickr)
    fits = form(image(), {"title": "ä" * 10, "b": "2", "c": "3"})
    assert upload(proxy, fits).json()["stat"] == "ok"


@pytest.mark.parametrize(
    "kind",
    [
        "", "application/json", "application/x-www-form-urlencoded", "multipart/form-data",
        "multipart/mixed; boundary=a", 'multipart/form-data; boundary=""',
        "multipart/form-data; boundary=" + "a" * 71, 'multipart/form-data; boundary="a\tb"',
        'multipart/form-data; boundary="a "',
    ],
)  # fmt: skip
def test_body_without_a_form_boundary_is_refused(proxy: Caller, kind: str) -> None:
    assert refusal(upload(proxy, form(image()), kind)) == (415, 415)


def test_body_without_length_or_compressed_is_refused(proxy: Caller, flickr: Sandbox) -> None:
    for headers, wanted in (
        ({"Content_Length": "", "Transfer_Encoding": "chunked"}, 411),
        ({"Content_Encoding": "gzip"}, 415),
    ):
        with line(proxy.url, 100, **headers) as connection:
            status, content = connection.answer()
            assert (status, content["code"]) == (wanted, wanted)
    assert nothing_uploaded(flickr)


@pytest.mark.parametrize("verb", ["GET", "PUT", "DELETE"])
def test_other_verbs_are_refused_with_an_allow_header(proxy: Caller, verb: str) -> None:
    answer = proxy.ask(verb, "upload")
    assert refusal(answer) == (405, 405)
    assert answer.headers["Allow"] == "POST, OPTIONS"


def test_uploads_count_as_calls_do(open_proxy: Open, options: Any, flickr: Sandbox) -> None:
    for limit in ({"rate": "1/day"}, {"key_rate": "1/day"}):
        proxy = open_proxy(options, "names", **limit, **WRITES).wearing(Authorization=BADGE)
        assert upload(proxy, form(image())).json()["stat"] == "ok"
        answer = upload(proxy, form(image()))
        assert refusal(answer) == (429, 429)
        assert answer.headers["Retry-After"]
    assert flickr.calls["upload"] == 2


def test_upload_without_a_login_is_refused(open_proxy: Open, options: Any) -> None:
    proxy = open_proxy({**options, "access_token": None}, "names", **WRITES)
    assert refusal(upload(proxy.wearing(Authorization=BADGE), form(image()))) == (403, 403)
