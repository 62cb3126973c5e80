"""Compare the shape of answers in JSON, their keys and types of values, with recorded ones."""

from __future__ import annotations

import json
import re
from typing import Any

from tests.support import recordings

OK = "*-json*-ok-*.json"
Shape = dict[str, set[str]]
_WRAPPED = re.compile(r"^\w+\((.*)\);?$", re.S)


def shape(value: Any, path: str = "") -> Shape:
    """Return the types of all values by path, such as `photos.photo[].id`."""
    found: Shape = {path: {type(value).__name__}}
    inside: list[tuple[str, Any]] = []
    if isinstance(value, dict):
        inside = [(f"{path}.{key}".lstrip("."), part) for key, part in value.items()]
    elif isinstance(value, list):
        inside = [(f"{path}[]", part) for part in value]
    for where, part in inside:
        for name, types in shape(part, where).items():
            found.setdefault(name, set()).update(types)
    return found


def recorded_answers(method: str) -> list[dict[str, Any]]:
    """Return Flickr's own answers to a method in JSON."""
    texts = (recordings.body(file).strip() for file in recordings.files(f"flickr.{method}", OK))
    return [json.loads(_WRAPPED.sub(r"\1", text)) for text in texts]


def differences(method: str, answer: dict[str, Any], absent: set[str] = frozenset()) -> list[str]:  # type: ignore[assignment]
    """List differences in shape between an answer and all recorded ones.

    These are missing keys that each recorded answer with the same parent has (unless in `absent`), keys
    that no recorded answer has, and values of types that no recorded answer has there.
    """
    answers = recorded_answers(method)
    if not answers:
        return []
    ours = shape(answer)
    theirs = [shape(other) for other in answers]
    recorded: Shape = {}
    for other in theirs:
        for path, types in other.items():
            recorded.setdefault(path, set()).update(types)
    found = [
        f"{path} is {sorted(types)}, recorded as {sorted(recorded[path])}"
        for path, types in ours.items()
        if path in recorded and not types <= recorded[path]
    ]
    always = {
        path
        for path in recorded
        if all(path in other for other in theirs if path.rpartition(".")[0] in other)
    }
    found += [
        f"{path} is missing"
        for path in sorted(always - set(ours) - absent)
        if path.rpartition(".")[0] in ours
    ]
    return found + [
        f"{path} is in no recorded answer" for path in sorted(set(ours) - set(recorded))
    ]
