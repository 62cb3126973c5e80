"""The demo shows photos to a visitor without a key, in both ways and with both bundles."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Origin

NOTICE = "This product uses the Flickr API but is not endorsed or certified by SmugMug, Inc."


@pytest.mark.parametrize("edition", ["production", "development"])
@pytest.mark.parametrize(("way", "verb"), [("token-only", "GET"), ("proxy", "POST")])
def test_visitor_searches_and_sees_photos(
    page: Page, site: Origin, way: str, verb: str, edition: str
) -> None:
    page.goto(site.url)
    page.get_by_label("Text").fill("blue lagoon")
    page.get_by_label(way).check()
    page.get_by_label(edition).check()
    page.get_by_role("button", name="Search").click()
    expect(page.get_by_alt_text("blue lagoon")).to_have_count(12)
    site.requests.clear()
    page.get_by_role("button", name="More").click()
    expect(page.get_by_role("status")).to_have_text("24 of 120 photos")
    assert set(site.verbs("/services/rest/")) == {verb}
    expect(page.get_by_role("img").first).to_have_js_property("naturalWidth", 500)
    expect(page.get_by_text(NOTICE)).to_be_visible()


def test_refusal_is_shown(page: Page, site: Origin) -> None:
    page.goto(site.url)
    expect(page.get_by_role("status")).to_contain_text("of 120")
    page.get_by_role("button", name="Add a tag").click()
    expect(page.get_by_role("status")).to_contain_text("flickr.photos.addTags needs signing")
