"""The method table in docs/sandbox.md, made from the code: `python -m tests.sandbox.method_table`."""

from __future__ import annotations

from itertools import groupby

from flickr_sandbox.answers import entries
from flickr_sandbox.reflection import methods
from tests.support.repository import ROOT

PAGE = ROOT / "docs" / "sandbox.md"
START, END = "<!-- methods -->\n", "<!-- end of methods -->\n"


def render_table() -> str:
    """Render the methods of each namespace: those with state and those with synthetic answers."""
    lines = ["| namespace | with state | synthetic |", "| --- | --- | --- |"]
    for space, names in groupby(sorted(methods(), key=_split), key=lambda name: _split(name)[0]):
        kept: list[str] = []
        synthetic: list[str] = []
        for name in names:
            entry = entries().get(name)
            if entry:
                (kept if entry.stateful else synthetic).append(_split(name)[1])
        lines.append(f"| `{space}` | {', '.join(kept)} | {', '.join(synthetic)} |")
    return "\n".join(lines) + "\n"


def _split(name: str) -> tuple[str, str]:
    space, _, last = name.rpartition(".")
    return space, last


def render_page() -> str:
    """Return the text of the page with the current table."""
    head, _, rest = PAGE.read_text("utf-8").partition(START)
    return f"{head}{START}\n{render_table()}\n{END}{rest.partition(END)[2]}"


if __name__ == "__main__":
    PAGE.write_text(render_page(), "utf-8")
