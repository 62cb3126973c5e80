"""Compare answers in XML with recorded ones, as some methods are recorded only in XML."""

from __future__ import annotations

from xml.etree import ElementTree as ET

from tests.support import recordings

Keys = dict[str, set[str]]


def differences(method: str, text: str) -> list[str]:
    """List keys that every recorded element of a kind has and ours lacks, and keys that none has."""
    answers = [_kinds(root) for root in _recorded_answers(method)]
    always: Keys = {}
    recorded: Keys = {}
    for path, each in (pair for kinds in answers for pair in kinds):
        recorded[path] = recorded.get(path, set()) | each
        always[path] = always.get(path, each) & each
    found = []
    for path, each in _kinds(ET.fromstring(text)):
        found += [f"{path} lacks {key}" for key in always.get(path, set()) - each]
        found += [
            f"{path} has {key}, which is in no recorded answer"
            for key in each - recorded.get(path, each)
        ]
    return sorted(set(found)) if answers else []


def _recorded_answers(method: str) -> list[ET.Element]:
    files = recordings.files(f"flickr.{method}", "*-xml-ok-*.json")
    return [ET.fromstring(recordings.body(file)) for file in files]


def _kinds(element: ET.Element, path: str = "") -> list[tuple[str, set[str]]]:
    """Return the path of each element, with its attributes and child elements."""
    here = f"{path}.{element.tag}".lstrip(".")
    inside = {*element.keys(), *(f"<{part.tag}>" for part in element)}
    return [(here, inside), *(pair for part in element for pair in _kinds(part, here))]
