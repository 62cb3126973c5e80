"""The sample answers that a reflection of Flickr's methods holds, as far as they can be compared."""

from __future__ import annotations

import json
import os
from pathlib import Path
from xml.etree import ElementTree as ET

_AROUND = ("rsp", "sample")


def load_sample(method: str) -> ET.Element | None:
    """What the reflection in FLICKR_REFLECTION shows as a method's answer; None where it shows none."""
    file = Path(os.environ["FLICKR_REFLECTION"]) / "2018-09-01" / "methods" / f"{method}.json"
    if not file.exists():
        return None
    text = json.loads(file.read_bytes())["method"].get("response", {}).get("_content", "").strip()
    if text.startswith("<?xml"):
        text = text.partition("?>")[2]
    return ET.fromstring(f"<sample>{text}</sample>") if text else None


def names_in(answer: ET.Element) -> set[str]:
    """Every element of an answer, as `<photo>`, and every attribute, as `photo@id`."""
    elements = [element for element in answer.iter() if element.tag not in _AROUND]
    return {f"<{element.tag}>" for element in elements} | {
        f"{element.tag}@{name}" for element in elements for name in element.attrib
    }
