"""node-flickrapi's own page works on our bundles, with no change but its script's address."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest
from playwright.sync_api import ConsoleMessage, Page, expect

from flickr_sandbox import Sandbox
from tests.browser.old_site import SCRIPTS, open_site, play_flickr


@pytest.fixture(scope="module")
def site(sandbox: Sandbox) -> Iterator[str]:
    with open_site(sandbox) as url:
        yield url


@pytest.fixture(params=SCRIPTS)
def explorer(
    page: Page, site: str, sandbox: Sandbox, request: pytest.FixtureRequest
) -> Iterator[Page]:
    """node-flickrapi's page with each script in turn."""
    with play_flickr(page, sandbox, site):
        page.goto(f"{site}/npm/page?script={request.param}")
        yield page


def test_explorer_lists_methods_and_their_arguments(explorer: Page) -> None:
    methods = explorer.locator("#methods")
    has_ours = "/dist/" in explorer.url
    expect(methods.locator("option")).to_have_count(224 if has_ours else 207)
    methods.select_option("flickr.photos.addTags")
    labels = explorer.locator("#arguments .required label")
    # Only the development editions have the arguments.
    expect(labels).to_have_text(["photo_id", "tags"] if ".dev." in explorer.url else [])
    methods.select_option("flickr.photos.search")
    if ".dev." in explorer.url:
        expect(explorer.locator("#arguments .optional label").first).to_have_text("user_id")
        expect(explorer.locator("#arguments .optional p").first).not_to_be_empty()


@pytest.mark.parametrize("button", ["test flickr", "test flickr by proxy"])
def test_explorer_calls_flickr(explorer: Page, button: str) -> None:
    explorer.locator("#api_key").fill("0123456789abcdef" * 2)
    with explorer.expect_console_message() as printed:
        explorer.get_by_role("button", name=button, exact=True).click()
    assert read_console(printed.value)["stat"] == "ok"


def read_console(message: ConsoleMessage) -> dict[str, object]:
    """Return the object that a page printed."""
    printed: dict[str, object] = json.loads(message.args[0].evaluate("JSON.stringify"))
    return printed
