"""docs/sandbox-evidence.md, made from `evidence.json`; the recordings are noted there first."""

from __future__ import annotations

import json
import os
from typing import Any

from flickr_sandbox.reflection import methods
from tests.sandbox.agreement.evidence import FILE, additions, exemptions, load
from tests.sandbox.agreement.exchanges import find_recordings
from tests.sandbox.agreement.facts import JSON, XML
from tests.sandbox.sample_answers import load_sample
from tests.support.repository import ROOT

PAGE = ROOT / "docs" / "sandbox-evidence.md"
SAMPLE = "a sample in Flickr's documentation, 2018-09"
_START, _END = "<!-- tables -->\n", "<!-- end of tables -->\n"


def write() -> None:
    """Note the recordings as evidence, and render the page."""
    content = load() | {"evidence": {name: _evidence_of(name) for name in sorted(methods())}}
    FILE.write_text(json.dumps(content, indent=2, ensure_ascii=False) + "\n", "utf-8")
    PAGE.write_text(render(), "utf-8")


def render() -> str:
    """Return the text of the page with the current tables."""
    head, _, rest = PAGE.read_text("utf-8").partition(_START)
    tables = "\n".join((_methods(), _exceptions(), _additions()))
    return f"{head}{_START}\n{tables}\n{_END}{rest.partition(_END)[2]}"


def _evidence_of(method: str) -> dict[str, Any]:
    """Return the number of recorded answers of a method by format, with the newest one."""
    found: dict[str, Any] = {}
    for form in (JSON, XML):
        answers = [each for each in find_recordings(method) if each.format == form]
        if answers:
            newest = answers[-1]
            found[form] = {
                "answers": len(answers),
                "newest": newest.day,
                "source": newest.source,
            }
    if not found and "FLICKR_REFLECTION" in os.environ and load_sample(method) is not None:
        return {"sample": SAMPLE}
    return found


def _methods() -> str:
    lines = ["## Methods", "", "| method | in JSON | in XML |", "| --- | --- | --- |"]
    for method, found in load()["evidence"].items():
        forms = [_newest(found.get(form)) for form in (JSON, XML)]
        if "sample" in found:
            forms[1] = found["sample"]
        lines.append(f"| `{method.removeprefix('flickr.')}` | {' | '.join(forms)} |")
    return "\n".join([*lines, ""])


def _newest(found: dict[str, Any] | None) -> str:
    if found is None:
        return ""
    count = "" if found["answers"] == 1 else f", newest of {found['answers']}"
    return f"{found['source']}, {found['newest']}{count}"


def _exceptions() -> str:
    lines = [
        "## Recorded shapes that the sandbox does not follow",
        "",
        "| method | key | recorded type | reason |",
        "| --- | --- | --- | --- |",
    ]
    lines += [
        f"| {_name(row.method)} | `{row.key}` | {_type(row.type)} | {row.reason} |"
        for row in exemptions()
    ]
    return "\n".join([*lines, ""])


def _additions() -> str:
    lines = [
        "## Keys that no recorded answer has",
        "",
        "| method | key | source |",
        "| --- | --- | --- |",
    ]
    lines += [f"| {_name(row.method)} | `{row.key}` | {row.source} |" for row in additions()]
    return "\n".join([*lines, ""])


def _name(method: str) -> str:
    return "all" if method == "*" else f"`{method.removeprefix('flickr.')}`"


def _type(kind: str) -> str:
    return "any" if kind == "*" else kind
