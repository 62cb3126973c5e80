"""A client's options for a stand-in of Flickr, and the log of what went wrong there."""

from __future__ import annotations

from typing import Any

import pytest

from tests.support.scripted_server import Answer

KEY, SECRET = "0123456789abcdef0123456789abcdef", "fedcba9876543210"
TOKEN, TOKEN_SECRET = "72157600000000001-aaaabbbbccccdddd", "a1b2c3d4e5f60718"
OK = Answer(b'{"stat":"ok","photos":{}}')


def options_for(url: str) -> dict[str, Any]:
    return {
        "api_key": KEY,
        "secret": SECRET,
        "access_token": TOKEN,
        "access_token_secret": TOKEN_SECRET,
        "base_url": url,
    }


def package_warnings(caplog: pytest.LogCaptureFixture) -> list[str]:
    """What the package itself warns of."""
    records = caplog.records
    return [record.getMessage() for record in records if record.name == "pyflickr_web"]
