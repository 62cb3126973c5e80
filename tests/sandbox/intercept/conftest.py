"""Fixtures: a sandbox that is a proxy, and a session of requests that uses it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import requests

from flickr_sandbox import Sandbox


@pytest.fixture(scope="module")
def proxy() -> Iterator[Sandbox]:
    """A sandbox that is also a proxy."""
    with Sandbox(photos=60, plain_consent=True, intercept=True) as sandbox:
        yield sandbox


@pytest.fixture
def session(proxy: Sandbox) -> Iterator[requests.Session]:
    """A session that sends everything to the proxy."""
    with requests.Session() as session:
        session.trust_env = False
        session.proxies = {"http": proxy.url, "https": proxy.url}
        session.verify = proxy.proxy_environ["SSL_CERT_FILE"]
        yield session
