"""Pages of node-flickrapi's users, and its own, run on our bundles when their script's address changes.

They are written after its README, and show the same with its own bundles.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from examples.demo.server import BUNDLES
from flickr_sandbox import Sandbox
from tests.browser.old_site import OURS, PAGES, SCRIPTS, THEIRS, open_site, play_flickr
from tests.browser.origin import total


@pytest.fixture(scope="module")
def site(sandbox: Sandbox) -> Iterator[str]:
    with open_site(sandbox) as url:
        yield url


@pytest.fixture(params=SCRIPTS)
def script(request: pytest.FixtureRequest) -> str:
    """Each script in turn: our bundles, and those of npm."""
    return str(request.param)


@pytest.fixture
def old_page(page: Page, site: str, sandbox: Sandbox) -> Iterator[Page]:
    """A page whose requests to Flickr reach the sandbox."""
    with play_flickr(page, sandbox, site):
        yield page


def open_page(page: Page, site: str, script: str, name: str, part: str = "") -> list[str]:
    """Open an old page; return the list of its errors, which grows."""
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(error.message))
    page.goto(f"{site}/page/{name}?script={script}#{part}")
    return errors


def test_search_with_a_key_shows_photos(
    old_page: Page, site: str, script: str, sandbox: Sandbox
) -> None:
    errors = open_page(old_page, site, script, "search.html")
    if script in THEIRS:
        # Its README promises it, but only its file for servers has it.
        assert errors == ["Flickr.tokenOnly is not a function"]
        return
    expect(old_page.locator("#count")).to_have_text(f"{total(sandbox, 'red panda')} photos")
    expect(old_page.locator("img")).to_have_count(12)
    expect(old_page.locator("img").nth(11)).not_to_have_js_property("naturalWidth", 0)
    assert errors == []


@pytest.mark.parametrize("bundle", [script.removeprefix("/dist/") for script in OURS])
def test_page_opened_as_a_file_shows_photos(old_page: Page, bundle: str, tmp_path: Path) -> None:
    text = (PAGES / "search.html").read_text("utf-8").replace("flickrapi.js", bundle)
    (tmp_path / "search.html").write_text(text)
    shutil.copy(BUNDLES / bundle, tmp_path)
    old_page.goto((tmp_path / "search.html").as_uri())
    expect(old_page.locator("img")).to_have_count(12)


def test_proxy_lists_page_after_page(old_page: Page, site: str, script: str) -> None:
    errors = open_page(old_page, site, script, "recent.html")
    expect(old_page.locator("#status")).to_have_text("30 photos")
    titles = old_page.locator("li").all_inner_texts()
    assert len(titles) == 30
    assert all(re.fullmatch(r".+ by .+", title) for title in titles)
    assert errors == []


def test_methods_are_listed_and_called_by_name(old_page: Page, site: str, script: str) -> None:
    errors = open_page(old_page, site, script, "methods.html")
    methods = old_page.locator("#methods")
    count = 95 if script in OURS else 90
    expect(methods.locator("option")).to_have_count(count)
    methods.select_option("flickr.photos.getInfo")
    expect(old_page.locator("#needs")).to_have_text("photo_id" if ".dev." in script else "")
    methods.select_option("flickr.photos.search")
    old_page.get_by_role("button").click()
    expect(old_page.locator("#answer")).to_contain_text('"stat": "ok"')
    old_page.locator("#name").fill("photo_id")
    methods.select_option("flickr.photos.getInfo")
    old_page.get_by_role("button").click()
    expect(old_page.locator("#answer")).to_contain_text("not found")
    assert errors == []


def test_photo_is_shown_with_its_owner_and_sizes(
    old_page: Page, site: str, script: str, sandbox: Sandbox
) -> None:
    photo = sandbox.client().photos.search(text="red panda", extras="owner_name")["photos"][
        "photo"
    ][0]
    errors = open_page(old_page, site, script, "photo.html", photo["id"])
    expect(old_page.locator("#sizes li").first).to_have_text("Square 75 x 75")
    expect(old_page.locator("#title")).to_have_text(photo["title"])
    expect(old_page.locator("#owner")).to_have_text(photo["ownername"])
    assert errors == []


def test_error_of_flickr_is_shown(old_page: Page, site: str, script: str) -> None:
    errors = open_page(old_page, site, script, "photo.html", "1")
    before = "FlickrError: flickr.photos.getInfo: " if script in OURS else ""
    expect(old_page.locator("#error")).to_contain_text(f'Flickr says: {before}Photo "1" not found')
    assert errors == []


def test_members_see_private_photos(
    old_page: Page, site: str, script: str, sandbox: Sandbox
) -> None:
    account = sandbox.account.user_id
    errors = open_page(old_page, site, script, "mine.html", account)
    expect(old_page.locator("#done")).to_have_text("done")
    shown = [int(old_page.locator(f"#{part}").inner_text()) for part in ("public", "all", "albums")]
    assert 0 < shown[0] < shown[1]
    assert shown[2] > 0
    assert errors == []
