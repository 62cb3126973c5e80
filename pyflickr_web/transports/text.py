"""Make texts from servers and files safe to print in a terminal or a log."""

from __future__ import annotations

import json
import re
from typing import Any

# ECMA-48: control sequences (colours, the cursor), control strings (titles, links) and other escapes. A
# control string ends its search at the opening of another: else a text of openings takes quadratic time.
_ESCAPE_SEQUENCE = re.compile(
    r"(?:\x1b\[|\x9b)[0-?]*[ -/]*[@-~]"
    r"|(?:\x1b[P\]X^_]|[\x90\x98\x9d-\x9f])[^\x07\x1b\x90\x98\x9c-\x9f]*(?:\x07|\x1b\\|\x9c)"
    r"|\x1b[ -/]*[0-~]"
)
# Scripts and emoji need them, and they do not affect a terminal.
_JOINERS = "\u200c\u200d"
_ELLIPSIS = " … "
# A text that is so many times too long is shortened before it is cleaned.
_MARGIN = 100


def printable(text: str, longest: int | None = None) -> str:
    """Return a text without escape sequences, control characters and bidirectional overrides.

    A lone surrogate, which no stream can encode, becomes `?`. A text longer than `longest` characters is
    shortened in the middle.
    """
    if longest is not None and len(text) > longest * _MARGIN:
        side = longest * _MARGIN // 2
        text = text[:side] + _ELLIPSIS + text[-side:]
    if not text.isprintable():
        text = "".join(map(_printable_character, _ESCAPE_SEQUENCE.sub("", text)))
    if longest is None or len(text) <= longest:
        return text
    head = longest * 2 // 3
    return text[:head] + _ELLIPSIS + text[len(_ELLIPSIS) + head - longest :]


def printable_json(value: Any, indent: int | None = None) -> str:
    """Return a value as JSON, with the characters that `printable` removes escaped (`\\u009b`)."""
    text = json.dumps(value, ensure_ascii=False, indent=indent)
    return re.sub(r"[^\n -~]", lambda found: _escape(found[0]), text)


def _printable_character(character: str) -> str:
    if character.isprintable() or character in _JOINERS:
        return character
    if "\ud800" <= character <= "\udfff":
        return "?"
    return " " if character.isspace() else ""


def _escape(character: str) -> str:
    if character.isprintable() or character in _JOINERS:
        return character
    return json.dumps(character)[1:-1]
