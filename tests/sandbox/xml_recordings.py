"""Which keys recorded XML has, as recordings of some methods are in XML alone."""

from __future__ import annotations

import json
import os
from pathlib import Path
from xml.etree import ElementTree as ET

Keys = dict[str, set[str]]


def differences(method: str, text: str) -> list[str]:
    """Where an answer in XML differs from all that is recorded of its method.

    Told are keys that every recorded element of a kind has and ours lacks, and keys that none has.
    """
    recorded = [_kinds(root) for root in _recorded_answers(method)]
    always: Keys = {}
    known: Keys = {}
    for path, each in (pair for kinds in recorded for pair in kinds):
        known[path] = known.get(path, set()) | each
        always[path] = always.get(path, each) & each
    told = []
    for path, each in _kinds(ET.fromstring(text)):
        told += [f"{path} lacks {key}" for key in always.get(path, set()) - each]
        told += [f"{path} has {key}, as recorded nowhere" for key in each - known.get(path, each)]
    return sorted(set(told)) if recorded else []


def _recorded_answers(method: str) -> list[ET.Element]:
    folder = Path(os.environ.get("FLICKR_RECORDINGS", "none")) / f"flickr.{method}"
    files = sorted(folder.glob("*-xml-ok-*.json"))
    return [ET.fromstring(json.loads(file.read_bytes())["response"]["body"]) for file in files]


def _kinds(element: ET.Element, path: str = "") -> list[tuple[str, set[str]]]:
    """Every element by its path, with its attributes and the elements inside."""
    here = f"{path}.{element.tag}".lstrip(".")
    inside = {*element.keys(), *(f"<{part.tag}>" for part in element)}
    return [(here, inside), *(pair for part in element for pair in _kinds(part, here))]
