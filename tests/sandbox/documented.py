"""The table of methods in docs/sandbox.md, made from the code: `python -m tests.sandbox.documented`."""

from __future__ import annotations

from itertools import groupby

from flickr_sandbox.reflection import methods
from flickr_sandbox.registry import entries
from tests.support.repository import ROOT

PAGE = ROOT / "docs" / "sandbox.md"
START, END = "<!-- methods -->\n", "<!-- end of methods -->\n"


def table() -> str:
    """Every method of the reflection, by its namespace: who keeps state, who answers alone."""
    lines = ["| namespace | with state | synthetic |", "| --- | --- | --- |"]
    for space, names in groupby(sorted(methods(), key=_place), key=lambda name: _place(name)[0]):
        kept: list[str] = []
        synthetic: list[str] = []
        for name in names:
            entry = entries().get(name)
            if entry:
                (kept if entry.stateful else synthetic).append(_place(name)[1])
        lines.append(f"| `{space}` | {', '.join(kept)} | {', '.join(synthetic)} |")
    return "\n".join(lines) + "\n"


def _place(name: str) -> tuple[str, str]:
    space, _, last = name.rpartition(".")
    return space, last


def page() -> str:
    """The page with the table in its place."""
    head, _, rest = PAGE.read_text("utf-8").partition(START)
    return f"{head}{START}\n{table()}\n{END}{rest.partition(END)[2]}"


if __name__ == "__main__":
    PAGE.write_text(page(), "utf-8")
