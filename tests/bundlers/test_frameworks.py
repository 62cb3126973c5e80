"""Pages with React in strict mode and with Vue's reactive data make calls, with both editions."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.support.bundle_reports import PROGRAMS
from tests.support.npm import install

pytestmark = pytest.mark.soak

FAKE_FETCH = """
window.warnings = [];
console.warn = (...parts) => warnings.push(parts.join(" "));
window.fetch = async (url, { body, signal }) => {
  await new Promise((done) => setTimeout(done));
  signal?.throwIfAborted();
  const { page } = JSON.parse(body);
  const photo = [{ id: `of page ${page ?? 1}` }];
  return new Response(JSON.stringify({ stat: "ok", photos: { pages: 2, perpage: 1, photo } }));
};
"""


def show(page: Page, source: str, edition: str, folder: Path) -> list[object]:
    """Bundle and run a page; return its errors, to which later ones are added."""
    install(folder)
    command = ["node", str(PROGRAMS / "frameworks.mjs"), source, str(folder)]
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE)
    script = json.loads(done.stdout)[edition]
    # Only the development edition has texts on methods.
    assert ("www.flickr.com/services/api/" in script) == (edition == "development")
    faults: list[object] = []
    page.on("pageerror", lambda fault: faults.append(fault))
    page.set_content("<!doctype html><title>t</title>")
    page.add_script_tag(content=FAKE_FETCH)
    page.add_script_tag(content=script)
    return faults


@pytest.mark.parametrize("edition", ["production", "development"])
def test_page_with_react_in_strict_mode(page: Page, edition: str, tmp_path: Path) -> None:
    faults = show(page, "react.mjs", edition, tmp_path)
    expect(page.locator("p")).to_have_text("of page 1")
    # Strict mode was at work.
    assert page.evaluate("aborted") == 1
    assert (faults, page.evaluate("warnings")) == ([], [])


@pytest.mark.parametrize("edition", ["production", "development"])
def test_page_with_vue_and_a_reactive_client(page: Page, edition: str, tmp_path: Path) -> None:
    faults = show(page, "vue.mjs", edition, tmp_path)
    expect(page.locator("p")).to_have_text("of page 1,of page 2 /services/rest/")
    assert (faults, page.evaluate("warnings")) == ([], [])
