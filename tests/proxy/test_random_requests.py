"""Random requests: the answer is the proxy's or Flickr's, never a 500, and never has a secret."""

from __future__ import annotations

import http.client
import json
from collections.abc import Iterator
from contextlib import ExitStack
from typing import Any
from urllib.parse import urlencode, urlsplit

import pytest
from hypothesis import HealthCheck, event, given, settings
from hypothesis import strategies as st

from flickr_sandbox import Sandbox
from tests.proxy.proxies import open_on_adapter
from tests.proxy.servers import ADAPTERS
from tests.support.account import options_of
from tests.support.timeouts import TIMEOUT

# In `make soak`, as many as one process can send in a few minutes.
REQUESTS = min(10_000, max(500, settings().max_examples))
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
# Calls of well-behaved clients with odd values; and `wild` calls, which no client sends.
plausible = st.fixed_dictionaries(
    {"method": st.sampled_from([name for name in METHODS if name.startswith("flickr.")])},
    optional={
        name: st.sampled_from(TEXTS) | st.text(max_size=30)
        for name in ("text", "user_id", "photo_id", "api_key", "secret", "tags")
    }
    | {"format": st.sampled_from(["json", "rest"]), "nojsoncallback": st.just("1")}
    | {"per_page": st.integers(), "authenticated": st.booleans()},
)
wild = st.dictionaries(
    st.sampled_from(NAMES) | st.text(max_size=12), value, max_size=6
) | st.builds(
    lambda method, more: {**more, "method": method},
    st.sampled_from(METHODS),
    st.dictionaries(st.sampled_from(NAMES), value, max_size=4),
)
arguments = plausible | plausible | wild
JSON, FORM = "application/json", "application/x-www-form-urlencoded"
in_json = arguments.map(lambda given: (json.dumps(given).encode(), JSON))
in_parts = arguments.map(
    lambda given: (
        "".join(
            f'--a\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{text}\r\n'
            for name, text in given.items()
        ).encode("utf-8", "replace")
        + b"--a--",
        "multipart/form-data; boundary=a",
    )
)
in_form = arguments.map(lambda given: (urlencode(given, errors="replace").encode(), FORM))
# Bodies with their content types; `odd` headers replace some of these.
bodies = in_json | in_form | in_parts | st.binary(max_size=200).map(lambda body: (body, JSON))
odd = st.fixed_dictionaries(
    {},
    optional={
        "Content-Type": st.sampled_from(
            ["", JSON, FORM, "text/plain", "a/b; charset=x", f"{JSON}; charset=utf-8",
             f"{JSON}; charset=utf-16", ";", "é", "multipart/form-data; boundary=a"]
        ),
        "Sec-Fetch-Site": st.sampled_from(["cross-site", "same-site", "none", "é"]),
        "Origin": st.sampled_from(["null", "https://a.example", "http://127.0.0.1", "é", ""]),
        "Content-Encoding": st.sampled_from(["gzip", "identity"]),
        "X-Forwarded-For": st.just("1.2.3.4"),
    },
)  # fmt: skip
headers = st.builds(
    lambda plain, odd: {**plain, **odd},
    st.fixed_dictionaries(
        {},
        optional={
            "Cookie": st.just("a=b"),
            "Authorization": st.sampled_from(["badge ada", "badge ada", "Basic Og=="]),
            "If-None-Match": st.sampled_from(["*", '"a"', ",,"]),
        },
    ),
    st.just({}) | st.just({}) | odd,
)
verbs = st.sampled_from([*["POST"] * 8, *["GET"] * 4, "OPTIONS", "PUT", "DELETE", "HEAD"])


@pytest.fixture(scope="module")
def proxies(sandbox: Sandbox) -> Iterator[list[Any]]:
    """Proxies on all adapters, for the same Flickr; every other one has an authenticator."""
    with ExitStack() as stack, pytest.MonkeyPatch.context() as patch:
        for name in ("FLICKR_PERMISSIONS", "FLICKR_ENDPOINT"):
            patch.delenv(name, raising=False)
        options = options_of(sandbox)
        yield [
            stack.enter_context(
                open_on_adapter(adapter, options, "raises" if number % 2 else None, {})
            )
            for number, adapter in enumerate(sorted(ADAPTERS))
        ]


@settings(
    max_examples=REQUESTS,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(st.integers(0, len(ADAPTERS) - 1), verbs, bodies, headers, st.just({}) | arguments)
def test_random_request_never_gives_a_500(
    proxies: list[Any],
    number: int,
    verb: str,
    body: tuple[bytes, str],
    headers: dict[str, str],
    query: dict[str, Any],
) -> None:
    proxy = proxies[number]
    address = urlsplit(proxy.url)
    connection = http.client.HTTPConnection(address.netloc, timeout=TIMEOUT)
    # Servers refuse longer addresses themselves.
    address_query = urlencode(query, errors="replace")[:4000]
    try:
        content, kind = body
        raw = {
            name: text.encode("latin-1") for name, text in {"Content-Type": kind, **headers}.items()
        }
        connection.request(verb, f"{address.path}?{address_query}", content, raw)
        answer = connection.getresponse()
        content = answer.read()
    finally:
        connection.close()
    event(f"HTTP {answer.status}")
    assert answer.status in EXPECTED | {401}, content
    received = content + repr(answer.getheaders()).encode()
    assert not [text for text in proxy.hidden if text.encode() in received]
