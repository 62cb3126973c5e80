"""Compare recorded answers with the sandbox's, fact by fact."""

from __future__ import annotations

import json
from dataclasses import dataclass, field

from flickr_sandbox.reflection import methods
from tests.sandbox.agreement.cases import calls
from tests.sandbox.agreement.evidence import Exemption, exemption_of
from tests.sandbox.agreement.exchanges import Recording, find_recordings
from tests.sandbox.agreement.facts import JSON, XML, Fact, facts_of
from tests.support.local_api import LocalApi

REST = {JSON: "json", XML: "rest"}


@dataclass
class Comparison:
    """The recorded facts of a method: all of them counted, and those that differ.

    `ours` are the facts of the sandbox's answers, by format.
    """

    method: str
    ours: dict[str, set[Fact]]
    answers: int = 0
    facts: int = 0
    older: list[tuple[Exemption, Recording]] = field(default_factory=list)
    exempt: list[tuple[Exemption, Recording]] = field(default_factory=list)
    different: list[tuple[Fact, Recording]] = field(default_factory=list)

    @property
    def agreeing(self) -> int:
        return self.facts - len(self.older) - len(self.exempt) - len(self.different)

    @property
    def current(self) -> int:
        """The number of facts that no newer evidence contradicts."""
        return self.facts - len(self.older)


def sandbox_facts(api: LocalApi, method: str) -> dict[str, set[Fact]]:
    """Return the facts of the sandbox's answers to all calls of a method, by format."""
    found: dict[str, set[Fact]] = {JSON: set(), XML: set()}
    for caller, arguments in calls(api, method):
        for form, name in REST.items():
            if methods()[method].perms > 1:
                api.restore()
            call = {**arguments, "method": method, "format": name, "nojsoncallback": "1"}
            text = api.body(call, api.caller(caller)).text
            if _is_ok(text):
                found[form] |= facts_of(text)
    return found


def compare(api: LocalApi, method: str) -> Comparison:
    """Compare all recorded answers of a method with the sandbox's answers."""
    api.restore()
    ours = sandbox_facts(api, method)
    result = Comparison(method, ours)
    for recording in find_recordings(method):
        result.answers += 1
        result.facts += len(recording.facts)
        for fact in sorted(recording.facts - ours[recording.format]):
            row = exemption_of(method, fact)
            if row is None:
                result.different.append((fact, recording))
            else:
                is_older = bool(row.since) and recording.day < row.since
                (result.older if is_older else result.exempt).append((row, recording))
    return result


def _is_ok(text: str) -> bool:
    if text.startswith("<"):
        return '<rsp stat="ok">' in text
    return bool(json.loads(text)["stat"] == "ok")
