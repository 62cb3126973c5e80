"""A client's options for a scripted Flickr, and the package's warnings."""

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
    """Return the messages that the package has logged."""
    records = caplog.records
    return [record.getMessage() for record in records if record.name == "pyflickr_web"]
