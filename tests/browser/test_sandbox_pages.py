"""The sandbox's pages in a browser: photos, videos, and dark mode."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, Response, expect

from flickr_sandbox import Sandbox

_COLORS = """() => {
  const style = getComputedStyle(document.documentElement);
  return [style.backgroundColor, style.color].map(
    (color) => color.match(/\\d+/g).map(Number).reduce((sum, part) => sum + part),
  );
}"""


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    """A sandbox that these tests only read."""
    with Sandbox(photos=100) as sandbox:
        yield sandbox


def test_visitor_follows_photos_from_the_front_page(sandbox: Sandbox, page: Page) -> None:
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.on("console", lambda message: errors.append(message.text))

    def note(response: Response) -> None:
        if response.status >= 400:
            errors.append(response.url)

    page.on("response", note)
    page.goto(sandbox.url)
    tile = page.locator("figure").first
    expect(tile.locator("img")).not_to_have_js_property("naturalWidth", 0)
    title = tile.locator("figcaption").inner_text()
    tile.locator("a").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(title)
    expect(page.locator(".large img")).not_to_have_js_property("naturalWidth", 0)
    page.locator("header a").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Photos by")
    assert errors == []


def test_video_plays_in_its_page(sandbox: Sandbox, page: Page) -> None:
    video = sandbox.store.one("SELECT * FROM photos WHERE media = 'video' AND ispublic")
    assert video is not None
    page.goto(f"{sandbox.url}/photos/{video['owner']}/{video['id']}/")
    page.locator("video").evaluate("video => { video.preload = 'metadata'; video.load(); }")
    expect(page.locator("video")).to_have_js_property("videoWidth", 256)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("address", ["/", "/people/sandbox/", "/none", "/services/oauth/authorize"])
def test_pages_have_a_dark_mode(
    sandbox: Sandbox, browser: Browser, address: str, scheme: Any
) -> None:
    page = browser.new_context(color_scheme=scheme).new_page()
    page.goto(sandbox.url + address)
    background, text = page.evaluate(_COLORS)
    assert (background < text) == (scheme == "dark")
    assert abs(background - text) > 400
