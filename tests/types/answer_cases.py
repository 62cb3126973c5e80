"""Answers to check types with: invented, recorded and wrong ones."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from compiler.answers.parse import read_answers
from tests.support import recordings
from tests.support.answer_types import find_mismatches

INVENTED = Path(__file__).parent / "answers"
TYPES = read_answers()
_WRAPPED = re.compile(r"[\w$.]+\((.*)\);?", re.S)


@dataclass(frozen=True)
class Case:
    """An answer to a method, with a name."""

    name: str
    method: str
    answer: Any

    @property
    def mismatches(self) -> list[str]:
        """The differences between the answer and its type."""
        return find_mismatches(TYPES, self.method, self.answer)


def list_invented() -> Iterator[Case]:
    """Yield the answers in the folder `answers`, which fit their types."""
    for path in sorted(INVENTED.glob("*.json")):
        yield Case(f"invented/{path.stem}", path.stem, json.loads(path.read_text("utf-8")))


def list_recorded() -> Iterator[Case]:
    """Yield the successful answers in JSON of all recordings."""
    for method in TYPES.methods:
        for path in recordings.files(method):
            answer = _parse_answer(recordings.body(path))
            if answer is not None:
                yield Case(f"{method}/{path.stem}", method, answer)


def _parse_answer(body: str) -> Any:
    """Return the JSON of a body if it is an ok answer, else None."""
    text = body.strip()
    wrapped = _WRAPPED.fullmatch(text)
    try:
        answer = json.loads(wrapped[1] if wrapped else text)
    except json.JSONDecodeError:
        return None
    return answer if isinstance(answer, dict) and answer.get("stat") == "ok" else None


_PHOTOS = {"page": 1, "pages": 1, "perpage": 100, "total": "0", "photo": []}
_TICKET = {"id": "1", "complete": "1"}
_CONTEXT = {"count": {"_content": "1"}, "prevphoto": {"id": "1"}, "nextphoto": {"id": 0}}


def _photos(**fields: Any) -> dict[str, Any]:
    return {"photos": _PHOTOS | fields}


_WRONG: list[tuple[str, str, dict[str, Any]]] = [
    ("text for a list", "photos.search", _photos(photo="0")),
    ("object for a list", "photos.search", _photos(photo={})),
    ("item without its fields", "photos.search", _photos(photo=[{"id": "1"}])),
    ("text for an integer", "photos.search", _photos(page="1")),
    ("null for a number", "photos.search", _photos(total=None)),
    ("unknown field", "photos.search", _photos(sum=0)),
    ("field missing", "photos.search", {}),
    ("failure", "photos.search", _photos() | {"stat": "fail"}),
    ("text for an object", "panda.getList", {"pandas": {"panda": ["a"]}}),
    ("number for a text", "photosets.create", {"photoset": {"id": 1, "url": ""}}),
    ("text for a flag", "photos.upload.checkTickets", {"uploader": {"ticket": [_TICKET]}}),
    ("neither of two objects", "photos.getContext", _CONTEXT),
    ("text for an argument", "test.echo", {"boat": "paper"}),
    ("field of an empty answer", "photos.delete", {"photo": {}}),
]
WRONG = [Case(name, f"flickr.{method}", {"stat": "ok"} | answer) for name, method, answer in _WRONG]
