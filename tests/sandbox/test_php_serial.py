"""`format=php_serial`: answers have the structure of those in JSON."""

from __future__ import annotations

from typing import Any

import pytest

from flickr_sandbox.php_serial import serialize
from tests.support.sandbox_client import Client

TYPE = "text/plain; charset=utf-8"


def unserialize(text: bytes) -> Any:
    """Parse a serialized value; arrays become mappings."""
    value, end = _parse(text, 0)
    assert end == len(text)
    return value


def _parse(text: bytes, at: int) -> tuple[Any, int]:
    kind = text[at : at + 1]
    if kind == b"N":
        assert text[at : at + 2] == b"N;"
        return None, at + 2
    end = text.index(b":" if kind in b"sa" else b";", at + 2)
    head = text[at + 2 : end]
    if kind in b"ibd":
        number = float(head) if kind == b"d" else int(head)
        return bool(number) if kind == b"b" else number, end + 1
    start, size = end + 2, int(head)
    if kind == b"s":
        assert text[end + 1 : start] == b'"'
        assert text[start + size : start + size + 2] == b'";'
        return text[start : start + size].decode(), start + size + 2
    found, at = {}, start
    for _ in range(size):
        key, at = _parse(text, at)
        found[key], at = _parse(text, at)
    assert text[at : at + 1] == b"}"
    return found, at + 1


def as_arrays(value: Any) -> Any:
    """Convert a value of JSON to what `unserialize` returns for it."""
    if isinstance(value, list):
        value = dict(enumerate(value))
    if not isinstance(value, dict):
        return value
    return {key: as_arrays(item) for key, item in value.items()}


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, "N;"),
        (True, "b:1;"),
        (-5, "i:-5;"),
        (0.5, "d:0.5;"),
        ("é", 's:2:"é";'),
        ('"\ud800;', 's:3:""?;";'),
        (["a"], 'a:1:{i:0;s:1:"a";}'),
        ({"7": 1, "07": 2, "-0": 3}, 'a:3:{i:7;i:1;s:2:"07";i:2;s:2:"-0";i:3;}'),
    ],
)
def test_value_is_serialized_as_by_php(value: Any, text: str) -> None:
    assert serialize(value) == text


@pytest.mark.parametrize("method", ["photos.search", "photos.getInfo", "test.echo"])
def test_answer_has_the_structure_of_json(reader: Client, method: str) -> None:
    found = reader.call_public("photos.search", text="lake", extras="geo,description")
    photo = found["photos"]["photo"][0]["id"]
    arguments = {"text": "lake", "extras": "geo,description", "photo_id": photo}
    response = reader.raw(
        params={
            "method": f"flickr.{method}",
            "api_key": reader.sandbox.account.api_key,
            "format": "php_serial",
            "nojsoncallback": "1",
            **arguments,
        }
    )
    expected = as_arrays(reader.call_public(method, **arguments))
    if method == "test.echo":
        expected["format"] = {"_content": "php_serial"}
    assert response.headers["Content-Type"] == TYPE
    assert unserialize(response.content) == expected


def test_failure_has_code_and_message(reader: Client) -> None:
    response = reader.raw(params={"method": "flickr.test.echo", "format": "php_serial"})
    answer = unserialize(response.content)
    assert response.headers["Content-Type"] == TYPE
    assert (answer["stat"], answer["code"]) == ("fail", 100)
    assert answer["message"].startswith("Invalid API Key")
