"""Failures have the codes and messages of recorded ones, for calls about things that nobody has."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest

from tests.sandbox.library import Library, failure_of
from tests.support import recordings

# Failures of valid ids: of private, deleted and other people's things, and of users who exist.
EXISTING = {
    "23894553008", "35366357641", "48143042@N05", "53374767803", "12403504@N02", "80173751@N00",
}  # fmt: skip
# Of the caller, not of the arguments.
OF_CALLERS = {98, 99, 100}


def _load(file: Path) -> tuple[dict[str, str], int, str]:
    """Return the arguments of a recorded failure, its code and its message."""
    exchange = recordings.load(file)
    sent: dict[str, Any] = exchange["request"].get("params") or {}
    arguments = {k: v for k, v in sent.items() if k not in ("api_key", "format", "method")}
    body = exchange["response"]["body"]
    if body.startswith("<"):
        error = ET.fromstring(body).find("err")
        assert error is not None
        return arguments, int(error.attrib["code"]), error.attrib["msg"]
    answer = json.loads(body)
    return arguments, answer["code"], answer["message"]


def _is_repeatable(file: Path) -> bool:
    arguments, code, _ = _load(file)
    has_request = recordings.load(file).get("provenance") == "vcr"
    return has_request and code not in OF_CALLERS and not EXISTING & set(arguments.values())


FILES = [f for f in recordings.files("flickr.*", "*-fail*.json") if _is_repeatable(f)]


@pytest.mark.parametrize("file", FILES, ids=lambda file: f"{file.parent.name}/{file.stem}")
def test_failure_is_as_recorded(library: Library, file: Path) -> None:
    arguments, code, message = _load(file)
    answer = library.call_signed(file.parent.name.removeprefix("flickr."), **arguments)
    assert failure_of(answer) == (code, message)


@pytest.mark.parametrize("photo", ["does_not_exist", "-1", "12345678901234567890"])
@pytest.mark.parametrize("method", ["getSizes", "getExif", "getAllContexts", "people.getList"])
def test_photo_id_that_is_no_number_is_not_found(library: Library, method: str, photo: str) -> None:
    answer = library.call_public(f"photos.{method}", photo_id=photo)
    assert failure_of(answer) == (1, "Photo not found")
