"""The demo shows photos to a visitor without a key, in both ways and with both bundles."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from flickr_sandbox import Sandbox
from tests.browser.origin import Origin, total

NOTICE = "This product uses the Flickr API but is not endorsed or certified by SmugMug, Inc."


@pytest.mark.parametrize("edition", ["production", "development"])
@pytest.mark.parametrize(("way", "verbs"), [("token-only", []), ("proxy", ["POST"])])
def test_visitor_searches_and_sees_photos(
    page: Page, site: Origin, flickr: Sandbox, way: str, verbs: list[str], edition: str
) -> None:
    page.goto(site.url)
    page.get_by_label("Text").fill("night sky")
    page.get_by_label(way).check()
    page.get_by_label(edition).check()
    page.get_by_role("button", name="Search").click()
    found = total(flickr, "night sky")
    expect(page.get_by_role("status")).to_have_text(f"12 of {found} photos")
    site.requests.clear()
    flickr.counts.clear()
    page.get_by_role("button", name="More").click()
    expect(page.get_by_role("status")).to_have_text(f"24 of {found} photos")
    assert site.verbs("/services/rest/") == verbs
    assert flickr.calls["flickr.photos.search"] == 1
    expect(page.locator("figure")).to_have_count(24)
    for image in page.locator("figure img").all():
        expect(image).not_to_have_js_property("naturalWidth", 0)
    expect(page.get_by_text(NOTICE)).to_be_visible()


def test_refusal_is_shown(page: Page, site: Origin, flickr: Sandbox) -> None:
    page.goto(site.url)
    expect(page.get_by_role("status")).to_contain_text(f"of {total(flickr, 'red panda')}")
    page.get_by_role("button", name="Add a tag").click()
    expect(page.get_by_role("status")).to_contain_text(
        "flickr.photos.addTags: signing needs a proxy"
    )
