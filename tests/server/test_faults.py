"""Test the client's reaction to each fault of the sandbox."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from flickr_sandbox import Fault, Sandbox
from pyflickr_web.errors import (
    FlickrError,
    LoginError,
    NetworkError,
    PermissionRefused,
    RateLimitError,
    TimedOut,
    UnavailableError,
)
from tests.server.clients import Both
from tests.support.account import options_of

OUTCOMES: dict[str, type[FlickrError]] = {
    "429": RateLimitError,
    "500": UnavailableError,
    "502": UnavailableError,
    "503": UnavailableError,
    "105": UnavailableError,
    "201": UnavailableError,
    "empty": UnavailableError,
    "truncated": UnavailableError,
    "wrong-format": UnavailableError,
    "drop": NetworkError,
    "drop-midway": NetworkError,
    "slow": TimedOut,
    "latency": TimedOut,
}
METHOD = "flickr.photos.getRecent"


@pytest.fixture(scope="module")
def shared_sandbox() -> Iterator[Sandbox]:
    with Sandbox(photos=10) as sandbox:
        yield sandbox


@pytest.fixture
def sandbox(shared_sandbox: Sandbox) -> Iterator[Sandbox]:
    """The sandbox without faults of an earlier test."""
    shared_sandbox.faults.clear()
    yield shared_sandbox
    shared_sandbox.faults.clear()


@pytest.fixture
def options(sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """A client's options; pauses between attempts take no time."""
    monkeypatch.setattr("random.uniform", lambda least, most: 0.0)
    return options_of(sandbox)


def _fault(kind: str, options: dict[str, Any], timeout: float) -> Fault:
    if kind in ("slow", "latency"):
        options["request_options"] = {"timeout": timeout}
        # Longer than the client waits.
        return Fault(kind, seconds=timeout + 2)
    return Fault(kind, retry_after=1) if kind == "429" else Fault(kind)


@pytest.mark.parametrize("kind", OUTCOMES)
def test_fault_is_told(perform: Both, sandbox: Sandbox, options: dict[str, Any], kind: str) -> None:
    sandbox.faults.add(_fault(kind, options, 0.2), method=METHOD)
    with pytest.raises(FlickrError) as caught:
        perform(lambda f: f.photos.getRecent(), options)
    assert type(caught.value) is OUTCOMES[kind]
    assert caught.value.method == METHOD


@pytest.mark.parametrize("kind", OUTCOMES)
def test_fault_that_passes_is_outlived(
    perform: Both, sandbox: Sandbox, options: dict[str, Any], kind: str
) -> None:
    # A busy sandbox has to answer within the timeout.
    sandbox.faults.add(_fault(kind, options, 1.0), method=METHOD, times=1)
    answer = perform(
        lambda f: f.photos.getRecent(), options | {"retry_queries": 3, "force_auth": True}
    )
    assert answer["photos"]["photo"]


def test_expired_token_is_told_at_once(
    perform: Both, sandbox: Sandbox, options: dict[str, Any]
) -> None:
    sandbox.faults.add(Fault("expired-token"))
    before = sandbox.calls["flickr.test.login"]
    with pytest.raises(LoginError, match="sign in again"):
        perform(lambda f: f.test.login(), options | {"retry_queries": 3})
    assert sandbox.calls["flickr.test.login"] == before + 1


def test_rate_limit_is_told(perform: Both, sandbox: Sandbox, options: dict[str, Any]) -> None:
    sandbox.faults.limit(0)
    try:
        with pytest.raises(RateLimitError):
            perform(lambda f: f.photos.getRecent(), options)
    finally:
        sandbox.faults.limit(None)


def test_declared_error_is_told(perform: Both, sandbox: Sandbox, options: dict[str, Any]) -> None:
    sandbox.fail("flickr.photos.getSizes", 2)
    with pytest.raises(PermissionRefused) as caught:
        perform(lambda f: f.photos.getSizes(photo_id="1"), options)
    assert caught.value.code == 2
