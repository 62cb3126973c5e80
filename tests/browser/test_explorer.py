"""node-flickrapi's own explorer page works on our development bundle, unchanged."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from tests.browser.origin import Origin


def test_explorer_lists_methods_and_their_arguments(page: Page, site: Origin) -> None:
    page.goto(f"{site.url}explorer/index.html")
    methods = page.locator("#methods")
    expect(methods.locator("option")).to_have_count(224)
    methods.select_option("flickr.photos.addTags")
    expect(page.locator("#arguments .required label")).to_have_text(["photo_id", "tags"])
    methods.select_option("flickr.photos.search")
    expect(page.locator("#arguments .optional label").first).to_have_text("user_id")
    expect(page.locator("#arguments .optional p").first).not_to_be_empty()
