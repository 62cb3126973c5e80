"""The options of a client that is signed in to a sandbox."""

from __future__ import annotations

from typing import Any

from flickr_sandbox import Sandbox


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
