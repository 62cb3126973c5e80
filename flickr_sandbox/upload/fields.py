"""What the fields beside a file say about the photo that it becomes."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from flickr_sandbox.call import TRUE
from flickr_sandbox.store import Row

# Public, friend and family, by the default of a person's settings (1 to 5).
_PRIVACY = {1: (1, 0, 0), 2: (0, 1, 0), 3: (0, 0, 1), 4: (0, 1, 1), 5: (0, 0, 0)}


def title(fields: Mapping[str, str], name: str) -> str:
    """The title: the field, or else the file's name without its folder and extension."""
    if "title" in fields:
        return fields["title"].strip()
    return re.sub(r"(?<=.)\.[^.]*$", "", name.rpartition("/")[2]).strip()


def columns(fields: Mapping[str, str], person: Row) -> dict[str, Any]:
    """The columns of `photos` that fields tell, or else the person's settings."""
    public, friend, family = _privacy(fields, person["default_privacy"])
    return {
        "description": fields.get("description", "").strip(),
        "ispublic": public,
        "isfriend": friend,
        "isfamily": family,
        "safety_level": _choice(fields, "safety_level", person["default_safety_level"], 3) - 1,
        "content_type": _choice(fields, "content_type", person["default_content_type"], 4) - 1,
        "hidden": _choice(fields, "hidden", person["default_hidden"], 2) - 1,
    }


def _privacy(fields: Mapping[str, str], default: int) -> tuple[int, int, int]:
    names = ("is_public", "is_friend", "is_family")
    given = [fields.get(name, "").strip().lower() for name in names]
    if not any(given):
        return _PRIVACY.get(default, _PRIVACY[1])
    public, friend, family = (int(value in TRUE) for value in given)
    return public, friend * (1 - public), family * (1 - public)


def _choice(fields: Mapping[str, str], name: str, default: int, most: int) -> int:
    given = fields.get(name, "").strip()
    is_one = len(given) == 1 and given in "1234"[:most]
    return int(given) if is_one else min(max(default, 1), most)
