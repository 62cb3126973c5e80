"""The evidence that the sandbox's answers are built on: `evidence.json`.

`exceptions` are the recorded facts that the sandbox does not follow, each with its reason: mostly facts
of older answers that a newer one contradicts. `additions` are the keys that no recorded answer has.
In `method` and `key`, `*` stands for any text. `evidence` is written by the command.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from tests.sandbox.agreement.facts import Fact

FILE = Path(__file__).with_name("evidence.json")


@dataclass(frozen=True)
class Exemption:
    """Facts that the sandbox does not follow. `since` is the day of the newer evidence, or empty.

    `type` is a type of JSON, or what the key is in XML; it may be `*`.
    """

    method: str
    key: str
    type: str
    reason: str
    since: str = ""

    def covers(self, method: str, fact: Fact) -> bool:
        """Return True if a fact about a method's answer is one of these."""
        wanted = (self.method, self.key, self.type)
        return all(map(_matches, wanted, (method, *fact)))


@cache
def exemptions() -> tuple[Exemption, ...]:
    """Return all exceptions."""
    return tuple(Exemption(**row) for row in load()["exceptions"])


@dataclass(frozen=True)
class Addition:
    """Keys of answers that no recording has, and the source that shows them."""

    method: str
    key: str
    source: str

    def covers(self, method: str, key: str) -> bool:
        """Return True if a key of a method's answer, in neutral words, is one of these."""
        return _matches(self.method, method) and _matches(self.key, key)


@cache
def additions() -> tuple[Addition, ...]:
    """Return all additions."""
    return tuple(Addition(**row) for row in load()["additions"])


def load() -> dict[str, Any]:
    """Return the content of `evidence.json`."""
    content: dict[str, Any] = json.loads(FILE.read_text("utf-8"))
    return content


def exemption_of(method: str, fact: Fact) -> Exemption | None:
    """Return the exception that covers a recorded fact, or None."""
    return next((row for row in exemptions() if row.covers(method, fact)), None)


def _matches(pattern: str, text: str) -> bool:
    return bool(_expression(pattern).fullmatch(text))


@cache
def _expression(pattern: str) -> re.Pattern[str]:
    return re.compile(".*".join(map(re.escape, pattern.split("*"))))
