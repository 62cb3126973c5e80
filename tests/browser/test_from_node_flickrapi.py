"""In Chromium, the code in docs/from-node-flickrapi.md shows and sends what its tables say."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page

from flickr_sandbox import Sandbox
from tests.browser.old_site import OURS, THEIRS, open_site, play_flickr
from tests.support.doc_tables import read_tables
from tests.support.repository import ROOT

PAGE = ROOT / "docs/from-node-flickrapi.md"
CELL = re.compile(r"(sends |does not send |sends nothing|)(?:`(.*)`)?")


@pytest.fixture(scope="module")
def site(sandbox: Sandbox) -> Iterator[str]:
    with open_site(sandbox) as url:
        yield url


def read_rows(script: str) -> list[tuple[str, str]]:
    """Return the code of the page's tables for a script, and the cell with its result."""
    rows = []
    for head, table in read_tables(PAGE):
        if head[0] == "code" or (
            ".dev." in script and head[0] == "code, in the development edition"
        ):
            # Theirs is before ours; one column may be for both.
            place = 1 if script in THEIRS else -1
            rows += [(row[0].strip("`"), row[place]) for row in table]
    return rows


def agrees(cell: str, shown: str, sent: str, is_dev: bool) -> bool:
    """Check a result against its cell, in which `…` at the end stands for more text."""
    found = CELL.fullmatch(cell)
    assert found, cell
    kind, text = found.groups()
    if kind == "sends nothing":
        return not sent
    if kind:
        return (text in sent) == (kind == "sends ") and bool(sent)
    start = text.removesuffix(")").removesuffix("…")
    # The development edition explains errors.
    is_start = "…" in text[-2:] or (is_dev and "FlickrError" in text)
    return shown.startswith(start) if is_start else shown == text


@pytest.mark.parametrize(
    "script",
    [*OURS, *(pytest.param(script, marks=pytest.mark.soak) for script in THEIRS)],
)
def test_code_shows_and_sends_what_the_page_says(
    page: Page, site: str, sandbox: Sandbox, script: str
) -> None:
    rows = read_rows(script)
    assert len(rows) > 40
    with play_flickr(page, sandbox, site):
        page.goto(f"{site}/run")
        results = page.evaluate(
            "([script, codes]) => runCode(script, codes)", [script, [code for code, _ in rows]]
        )
    wrong = [
        (code, cell, shown, sent)
        for (code, cell), (shown, sent) in zip(rows, results, strict=True)
        if not agrees(cell, shown, sent, is_dev=script in OURS and ".dev." in script)
    ]
    assert wrong == []
