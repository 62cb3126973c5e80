"""Small reflections in node-flickrapi's layout, which tests write, change and build."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

Answer = dict[str, Any]


def method(name: str, **changes: Any) -> Answer:
    """Return an answer of `flickr.reflection.getMethodInfo`, with Flickr's inconsistent types."""
    answer: Answer = {
        "method": {
            "name": name,
            "needslogin": 0,
            "needssigning": "0",
            "requiredperms": 0,
            "description": {"_content": f"About {name}."},
        },
        "arguments": {
            "argument": [
                {"name": "api_key", "optional": 0, "_content": "A key."},
                {"name": "page", "optional": 1, "_content": "A page."},
                {"name": "thing_id", "optional": "0", "_content": "A thing."},
            ]
        },
        "errors": {
            "error": [
                {"code": "1", "message": "No thing", "_content": "It does not exist."},
                {"code": 105, "message": "Service currently unavailable", "_content": "Later."},
            ]
        },
        "stat": "ok",
    }
    for key, value in changes.items():
        part, _, field = key.partition("__")
        if field:
            answer[part][field] = value
        else:
            answer[part] = value
    return answer


def write(folder: Path, *answers: Answer) -> Path:
    """Write answers and their listing into a folder; return the folder."""
    names = [answer["method"]["name"] for answer in answers]
    listing = {"methods": {"method": [{"_content": name} for name in names]}, "stat": "ok"}
    (folder / "methods").mkdir(parents=True, exist_ok=True)
    (folder / "flickr.reflection.getMethods.json").write_text(json.dumps(listing), "utf-8")
    for name, answer in zip(names, answers, strict=True):
        (folder / "methods" / f"{name}.json").write_text(json.dumps(answer), "utf-8")
    return folder
