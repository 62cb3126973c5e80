"""The sandbox's consent page, in a browser."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import parse_qsl, urlsplit

import pytest
from playwright.sync_api import Browser, Page

from flickr_sandbox import Sandbox
from tests.support.dancer import Dancer


@pytest.fixture
def dancer() -> Iterator[Dancer]:
    """Run a sandbox; return an application that asks for access."""
    with Sandbox(photos=5) as sandbox:
        yield Dancer(sandbox)


@pytest.mark.parametrize("answer", ["Allow", "Deny"])
def test_consent_works_without_javascript(dancer: Dancer, browser: Browser, answer: str) -> None:
    page = browser.new_context(java_script_enabled=False).new_page()
    signer = dancer.begin()
    page.goto(f"{dancer.oauth}authorize?oauth_token={signer.token}&perms=write")
    assert page.locator("#perms").inner_text() == "write"
    page.get_by_role("button", name=answer).click()
    if answer == "Deny":
        assert page.get_by_role("heading").inner_text() == "Denied"
        return
    assert dancer.finish(signer, page.locator("#verifier").inner_text()).token


def test_browser_is_redirected_to_the_callback(dancer: Dancer, page: Page) -> None:
    signer = dancer.begin(f"{dancer.sandbox.url}/services/rest/?method=flickr.test.echo")
    page.goto(f"{dancer.oauth}authorize?oauth_token={signer.token}")
    page.get_by_role("button", name="Allow").click()
    query = dict(parse_qsl(urlsplit(page.url).query))
    assert query["method"] == "flickr.test.echo"
    assert dancer.finish(signer, query["oauth_verifier"]).token
