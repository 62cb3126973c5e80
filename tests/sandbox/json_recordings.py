"""Compare the shape of answers in JSON, their keys and types of values, with recorded ones."""

from __future__ import annotations

import json
import re
from typing import Any

from tests.sandbox.agreement.evidence import additions, exemption_of
from tests.sandbox.agreement.exchanges import find_recordings, neutral, neutral_keys
from tests.sandbox.agreement.facts import JSON, XML, Fact, facts_of
from tests.support import recordings

_WRAPPED = re.compile(r"^\w+\((.*)\);?$", re.S)


def recorded_answers(method: str) -> list[dict[str, Any]]:
    """Return Flickr's own answers to a method in JSON."""
    files = recordings.files(f"flickr.{method}", "*-json*-ok-*.json")
    texts = (recordings.body(file).strip() for file in files)
    return [json.loads(_WRAPPED.sub(r"\1", text)) for text in texts]


def differences(method: str, answer: dict[str, Any], absent: set[str] = frozenset()) -> list[str]:  # type: ignore[assignment]
    """List differences in shape between an answer and all recorded ones.

    These are missing keys that each recorded answer with the same parent has (unless in `absent`), keys
    that no recorded answer has in any format, and values of types that no recorded answer has there.
    Facts and keys of `agreement/evidence.json` are no differences.
    """
    theirs = _recorded_facts(f"flickr.{method}")
    if not theirs:
        return []
    ours = facts_of(json.dumps(answer))
    known = neutral_keys(f"flickr.{method}")
    types: dict[str, set[str]] = {}
    for path, kind in set().union(*theirs):
        types.setdefault(path, set()).add(kind)
    found = [
        f"{path} is {kind}, recorded as {sorted(types[path])}"
        for path, kind in ours
        if path in types and kind not in types[path] and not _is_added(method, path)
    ]
    keys = {path for path, _ in ours}
    found += [
        f"{path} is missing"
        for path in _permanent_keys(theirs) - keys - absent
        if _parent(path) in keys | {""}
    ]
    found += [
        f"{path} is in no recorded answer"
        for path, _ in ours
        if not {neutral((path, ""), JSON), _neutral_attribute(path)} & known
        and not _is_added(method, path)
    ]
    return sorted(set(found))


def _is_added(method: str, path: str) -> bool:
    key = neutral((path, ""), JSON)
    return any(row.covers(f"flickr.{method}", key) for row in additions())


def _recorded_facts(method: str) -> list[set[Fact]]:
    answers = [each for each in find_recordings(method) if each.format == JSON]
    return [{fact for fact in each.facts if not exemption_of(method, fact)} for each in answers]


def _permanent_keys(answers: list[set[Fact]]) -> set[str]:
    """Return the keys that each answer with the key's parent has."""
    by_answer = [{path for path, _ in facts} for facts in answers]
    return {
        path
        for path in set().union(*by_answer)
        if all(path in keys for keys in by_answer if _parent(path) in keys | {""})
    }


def _parent(path: str) -> str:
    return path.rpartition(".")[0]


def _neutral_attribute(path: str) -> str:
    return neutral((f"rsp.{path.replace('[]', '')}", ""), XML)
