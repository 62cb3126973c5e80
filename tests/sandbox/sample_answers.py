"""Sample answers of Flickr's methods, from its reflection."""

from __future__ import annotations

import json
import os
from pathlib import Path
from xml.etree import ElementTree as ET

_AROUND = ("rsp", "sample")


def load_sample(method: str) -> ET.Element | None:
    """Return a method's sample answer in the reflection in FLICKR_REFLECTION, or None."""
    file = Path(os.environ["FLICKR_REFLECTION"]) / "2018-09-01" / "methods" / f"{method}.json"
    if not file.exists():
        return None
    text = json.loads(file.read_bytes())["method"].get("response", {}).get("_content", "").strip()
    if text.startswith("<?xml"):
        text = text.partition("?>")[2]
    return ET.fromstring(f"<sample>{text}</sample>") if text else None


def names_in(answer: ET.Element) -> set[str]:
    """Return each element of an answer as `<photo>`, and each attribute as `photo@id`."""
    elements = [element for element in answer.iter() if element.tag not in _AROUND]
    return {f"<{element.tag}>" for element in elements} | {
        f"{element.tag}@{name}" for element in elements for name in element.attrib
    }
