"""The REST address: errors for keys, methods and levels."""

from __future__ import annotations

import pytest

from tests.support.sandbox_client import Client


def test_echo_returns_its_arguments(reader: Client) -> None:
    answer = reader.call_public("test.echo", word="grüße & <b>")
    assert answer["word"] == {"_content": "grüße & <b>"}
    assert answer["stat"] == "ok"


@pytest.mark.parametrize(
    ("key", "message"),
    [
        ("", "Invalid API Key (Key has invalid format)"),
        ("none", "Invalid API Key (Key has invalid format)"),
        ("0" * 32, "Invalid API Key (Key not found)"),
    ],
)
def test_invalid_key_is_refused(reader: Client, key: str, message: str) -> None:
    answer = reader.call_public("test.echo", api_key=key)
    assert answer == {"stat": "fail", "code": 100, "message": message}


def test_unknown_method_is_refused(reader: Client) -> None:
    answer = reader.call_public("photos.serch")
    assert answer == {
        "stat": "fail",
        "code": 112,
        "message": 'Method "flickr.photos.serch" not found',
    }


def test_login_is_needed(reader: Client) -> None:
    answer = reader.call_public("test.null")
    assert answer["code"] == 99
    assert answer["message"] == (
        "Insufficient permissions. Method requires read privileges; none granted."
    )


def test_post_of_a_form_is_answered(reader: Client) -> None:
    form = {
        "method": "flickr.test.echo",
        "api_key": reader.sandbox.account.api_key,
        "format": "json",
        "nojsoncallback": "1",
        "a": "1",
    }
    assert reader.raw("POST", data=form).json()["a"] == {"_content": "1"}
