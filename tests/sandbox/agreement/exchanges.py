"""Recorded answers, with their facts, their sources and their days."""

from __future__ import annotations

from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from functools import cache
from pathlib import Path
from typing import Any

from tests.sandbox.agreement.facts import XML, Fact, facts_of, format_of
from tests.support import recordings

_KINDS = {"vcr": "cassette", "fixture": "payload", "pasted": "test body"}


@dataclass(frozen=True)
class Recording:
    """A recorded answer. `day` is YYYY-MM-DD or its beginning: of the answer, or of the commit."""

    file: Path
    format: str
    source: str
    day: str
    facts: frozenset[Fact]


def recorded_methods() -> list[str]:
    """Return the methods with recorded answers, in full names."""
    return sorted({file.parent.name for file in recordings.files("flickr.*", "*-ok-*.json")})


@cache
def find_recordings(method: str) -> list[Recording]:
    """Return the recorded answers of a method that are not failures, oldest first."""
    found = [_read(file) for file in recordings.files(method, "*-ok-*.json")]
    return sorted(found, key=lambda recording: recording.day)


def _read(file: Path) -> Recording:
    exchange = recordings.load(file)
    body = exchange["response"]["body"]
    return Recording(
        file, format_of(body), _source(exchange), _day(exchange), frozenset(facts_of(body))
    )


def _source(exchange: dict[str, Any]) -> str:
    """Return a short name of a recording's source, such as `flickr-photos-api cassette`."""
    address = exchange["source"].partition(" ")[0]
    project = address.partition("/")[2] or "public"
    owner = "Flickr Foundation " if address.startswith("Flickr-Foundation") else ""
    return f"{owner or project + ' '}{_KINDS.get(exchange['provenance'], 'fixture')}"


def _day(exchange: dict[str, Any]) -> str:
    headers = {k.lower(): v for k, v in (exchange["response"].get("headers") or {}).items()}
    if exchange.get("recorded"):
        return str(exchange["recorded"])
    if headers.get("date"):
        first = headers["date"][0] if isinstance(headers["date"], list) else headers["date"]
        return parsedate_to_datetime(first).date().isoformat()
    return str(exchange.get("commit_date") or "")[:10].partition("..")[0]


def neutral(fact: Fact, form: str) -> str:
    """Return a key in the same words for JSON and XML: `photos.photo.id`, without types."""
    path, _ = fact
    if form == XML:
        return path.removeprefix("rsp").lstrip(".@").replace("@", ".")
    return path.replace("[]", "").removesuffix("._content")


def neutral_keys(method: str) -> set[str]:
    """Return the keys of all recorded answers of a method, in any format."""
    return {neutral(fact, each.format) for each in find_recordings(method) for fact in each.facts}
