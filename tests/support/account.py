"""Options of clients that are signed in."""

from __future__ import annotations

from typing import Any

from flickr_sandbox import Sandbox

KEY = "k" * 32
LOGIN: dict[str, Any] = {
    "api_key": KEY,
    "secret": "s" * 16,
    "access_token": "72157-token",
    "access_token_secret": "t" * 16,
}


def options_of(sandbox: Sandbox) -> dict[str, Any]:
    """Return the options of a client that is signed in as the sandbox's person."""
    account = sandbox.account
    return {
        "api_key": account.api_key,
        "secret": account.secret,
        "access_token": account.access_token,
        "access_token_secret": account.access_token_secret,
        "base_url": sandbox.url,
    }
