"""Whatever is sent, the proxy has an answer of its own or of Flickr's: never a 500, never a secret."""

from __future__ import annotations

import http.client
import json
from collections.abc import Iterator
from contextlib import ExitStack
from typing import Any
from urllib.parse import urlencode, urlsplit

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pyflickr_web.sandbox import Sandbox
from tests.proxy.conftest import opened, options_of
from tests.proxy.servers import ADAPTERS

EXPECTED = {200, 204, 304, 400, 403, 404, 405, 408, 413, 415}
NAMES = [
    "method", "text", "per_page", "format", "jsoncallback", "nojsoncallback", "authenticated",
    "api_key", "oauth_token", "secret", "__proto__", "constructor", "a[]", "", "user_id", "\0",
]  # fmt: skip
METHODS = [
    "flickr.photos.search", "flickr.test.echo", "flickr.test.login", "flickr.photos.delete",
    "flickr.auth.getToken", "__proto__", "constructor", "flickr.photos.getRecent", "flickr.*", "",
]  # fmt: skip
TEXTS = [
    "red panda",
    "1",
    "-1",
    "json",
    "rest",
    "\0",
    "\ud800",
    "🦊",
    "<script>",
    "a\r\nb: c",
    "x" * 70_000,
]
value = st.one_of(
    st.sampled_from(METHODS + TEXTS),
    st.text(max_size=30),
    st.integers(),
    st.floats(),
    st.booleans(),
    st.none(),
    st.lists(st.integers(), max_size=3),
    st.dictionaries(st.text(max_size=3), st.none(), max_size=2),
)
arguments = st.dictionaries(
    st.sampled_from(NAMES) | st.text(max_size=12), value, max_size=6
) | st.builds(
    lambda method, more: {**more, "method": method},
    st.sampled_from(METHODS),
    st.dictionaries(st.sampled_from(NAMES), value, max_size=4),
)
bodies = (
    st.binary(max_size=200)
    | arguments.map(lambda given: json.dumps(given).encode())
    | arguments.map(lambda given: urlencode(given, errors="replace").encode())
)
headers = st.fixed_dictionaries(
    {},
    optional={
        "Content-Type": st.sampled_from(
            ["application/json", "application/x-www-form-urlencoded", "text/plain", "a/b; charset=x",
             "application/json; charset=utf-8", "application/json; charset=utf-16", ";", "é"]
        ),
        "Origin": st.sampled_from(["null", "https://a.example", "http://127.0.0.1", "é", ""]),
        "Cookie": st.just("a=b"),
        "Authorization": st.sampled_from(["badge ada", "Basic Og=="]),
        "If-None-Match": st.sampled_from(["*", '"a"', ",,"]),
        "Content-Encoding": st.sampled_from(["gzip", "identity"]),
        "X-Forwarded-For": st.just("1.2.3.4"),
    },
)  # fmt: skip
verbs = st.sampled_from(["GET", "POST", "POST", "POST", "OPTIONS", "PUT", "DELETE", "HEAD"])


@pytest.fixture(scope="module")
def proxies(sandbox: Sandbox) -> Iterator[list[Any]]:
    """A proxy on each adapter, before the same Flickr; half of them ask for a badge."""
    with ExitStack() as stack, pytest.MonkeyPatch.context() as patch:
        for name in ("FLICKR_PERMISSIONS", "FLICKR_ENDPOINT"):
            patch.delenv(name, raising=False)
        options = options_of(sandbox)
        yield [
            stack.enter_context(opened(adapter, options, "raises" if number % 2 else None, {}))
            for number, adapter in enumerate(sorted(ADAPTERS))
        ]


@settings(
    max_examples=500, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.integers(0, len(ADAPTERS) - 1), verbs, bodies, headers, arguments)
def test_random_request_never_gives_a_500(
    proxies: list[Any],
    number: int,
    verb: str,
    body: bytes,
    headers: dict[str, str],
    query: dict[str, Any],
) -> None:
    proxy = proxies[number]
    address = urlsplit(proxy.url)
    connection = http.client.HTTPConnection(address.netloc, timeout=20)
    # Longer addresses are the server's own to refuse.
    told = urlencode(query, errors="replace")[:4000]
    try:
        raw = {name: text.encode("latin-1") for name, text in headers.items()}
        connection.request(verb, f"{address.path}?{told}", body, raw)
        answer = connection.getresponse()
        content = answer.read()
    finally:
        connection.close()
    assert answer.status in EXPECTED | {401}, content
    heard = content + repr(answer.getheaders()).encode()
    assert not [text for text in proxy.hidden if text.encode() in heard]
