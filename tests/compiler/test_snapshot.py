"""The snapshot has a description of every method and argument, in our own words."""

from __future__ import annotations

import json
import os
import re
from dataclasses import replace
from pathlib import Path

from compiler.check import find_undescribed
from compiler.reflect import parse

RUN = 6


def _runs(text: str) -> set[tuple[str, ...]]:
    words = re.findall(r"[a-z0-9']+", re.sub(r"<[^>]+>", " ", text).lower())
    return {tuple(words[i : i + RUN]) for i in range(len(words) - RUN + 1)}


def _sentences() -> dict[str, str]:
    api = parse.read_snapshot()
    texts = {method.name: method.description for method in api.methods}
    for method in api.methods:
        texts |= {f"{method.name} {a.name}": a.description for a in method.arguments}
    return texts | {f"error {e.code}": e.explanation for e in api.shared_errors}


def test_everything_has_a_description() -> None:
    assert list(find_undescribed(parse.read_snapshot())) == []


def test_description_of_the_names_own_words_is_found() -> None:
    api = parse.read_snapshot()
    lazy = replace(api.methods[0], description="The user comments of an activity.")
    assert list(find_undescribed(replace(api, methods=(lazy,)))) == ["flickr.activity.userComments"]


def test_no_sentence_is_copied_from_a_reflection() -> None:
    """Compare with the reflections in the folder FLICKR_REFLECTION; without it, nothing is compared."""
    folder = Path(os.environ.get("FLICKR_REFLECTION", "none"))
    theirs: set[tuple[str, ...]] = set()
    for file in folder.glob("*/methods/*.json"):
        for text in re.findall(r'"_content": ?"((?:[^"\\]|\\.)*)"', file.read_text("utf-8")):
            theirs |= _runs(json.loads(f'"{text}"'))
    copied = {name for name, text in _sentences().items() if _runs(text) & theirs}
    assert copied == set()
