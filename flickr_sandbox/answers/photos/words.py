"""Texts, tags and machine tags that a search is given, as conditions on photos `p`."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field
from typing import Any

from flickr_sandbox.call import Call
from flickr_sandbox.store.library.photos import normalise

MOST_TAGS = 20
MOST_MACHINE_TAGS = {"any": 8, "all": 16}
_PARTS = re.compile(r'(-?)"([^"]*)"|(-?)([^\s"]+)')
_MACHINE_TAG = re.compile(
    r'(?P<namespace>\*|\w+):(?:(?P<predicate>\*|\w+)(?:="?(?P<value>[^"]*)"?)?)?'
)
# A namespace holds no colon, and neither it nor a predicate an equals sign: the first one counts.
_PARTS_OF_TAG = {
    "namespace": "substr(tag, 1, instr(tag, ':') - 1)",
    "predicate": "substr(tag, instr(tag, ':') + 1, instr(tag, '=') - instr(tag, ':') - 1)",
    "value": "substr(tag, instr(tag, '=') + 1)",
}


@dataclass(slots=True)
class Wanted:
    """What must and what must not be there."""

    present: list[str] = field(default_factory=list)
    absent: list[str] = field(default_factory=list)

    @property
    def nothing(self) -> bool:
        """Whether nothing of what was given can be looked for."""
        return not self.present and not self.absent


def text(given: str) -> Wanted:
    """The phrases of a text, in the full-text index's own form; what it has no words for is left out."""
    wanted = Wanted()
    for found in _PARTS.finditer(given.replace("\0", " ")):
        sign, phrase = (found[1], found[2]) if found[2] is not None else (found[3], found[4])
        if any(unicodedata.category(letter)[0] in "LN" for letter in phrase):
            (wanted.absent if sign else wanted.present).append(f'"{phrase}"')
    return wanted


def tags(call: Call) -> Wanted:
    """The tags of the argument `tags`, normalised."""
    wanted = Wanted()
    for item in call.items("tags"):
        tag = normalise(item.removeprefix("-"))
        into = wanted.absent if item.startswith("-") else wanted.present
        if tag and tag not in into:
            into.append(tag)
    if call.text("tag_mode") == "all" and len(wanted.present) > MOST_TAGS:
        raise call.fail(1)
    return wanted


def machine_tags(call: Call) -> tuple[str, dict[str, Any]] | None:
    """The condition that the argument `machine_tags` sets, and its values; None where there is none.

    Raises the failures 11, where nothing in it is a machine tag, and 12, where there are too many.
    """
    items = call.items("machine_tags")
    if not items:
        return None
    mode = "all" if call.text("machine_tag_mode") == "all" else "any"
    patterns = [found for item in items if (found := _MACHINE_TAG.fullmatch(item.lower()))]
    if not patterns:
        raise call.fail(11)
    if len(patterns) > MOST_MACHINE_TAGS[mode]:
        raise call.fail(12)
    values: dict[str, Any] = {}
    wanted = [_machine_tag(found, number, values) for number, found in enumerate(patterns)]
    if mode == "any":
        wanted = [" OR ".join(f"({condition})" for condition in wanted)]
    tagged = "p.id IN (SELECT photo FROM photo_tags WHERE machine_tag AND ({}))"
    return " AND ".join(tagged.format(condition) for condition in wanted), values


def _machine_tag(found: re.Match[str], number: int, values: dict[str, Any]) -> str:
    conditions = ["1"]
    for name, part in _PARTS_OF_TAG.items():
        given = (found[name] or "").replace(" ", "")
        if given not in ("", "*"):
            values[f"{name}{number}"] = given
            conditions.append(f"{part} = :{name}{number}")
    return " AND ".join(conditions)
