"""The demo shows photos to a visitor without a key, in both ways and with both bundles."""

from __future__ import annotations

import itertools
import socket
import sys
from collections.abc import Callable
from urllib.request import urlopen

import pytest
from playwright.sync_api import Page, expect

from examples.demo.__main__ import main as demo
from examples.listener import open_listener
from examples.sign_in.__main__ import main as sign_in
from flickr_sandbox import Sandbox
from tests.browser.origin import Origin, hold_calls, is_call_with, total

NOTICE = "This product uses the Flickr API but is not endorsed or certified by SmugMug, Inc."
BROKEN = {"abort": None, "not a script": "<!doctype html>", "another script": "export const a = 1;"}

RECORD_STATUS = """
  const element = document.querySelector("[role=status]");
  window.statuses = [];
  new MutationObserver(() => window.statuses.push(element.textContent))
    .observe(element, { childList: true });
"""


def search(page: Page, text: str) -> None:
    page.get_by_label("Text").fill(text)
    page.get_by_role("button", name="Search").click()


@pytest.mark.parametrize(
    ("way", "verbs", "edition"),
    [
        ("token-only", [], "production"),
        ("proxy", ["POST"], "development"),
        pytest.param("token-only", [], "development", marks=pytest.mark.soak),
        pytest.param("proxy", ["POST"], "production", marks=pytest.mark.soak),
    ],
)
def test_visitor_searches_and_sees_photos(
    page: Page, site: Origin, flickr: Sandbox, way: str, verbs: list[str], edition: str
) -> None:
    found = total(flickr, "night sky")
    page.goto(site.url)
    for change in (page.get_by_label(way).check, page.get_by_label(edition).check):
        # The page searches when it is opened and at each change: a call that the next search
        # aborts could be counted as one of the button "More".
        expect(page.get_by_role("status")).to_contain_text("12 of ")
        change()
    expect(page.get_by_role("status")).to_contain_text("12 of ")
    search(page, "night sky")
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


def test_photos_link_to_their_pages(page: Page, site: Origin, flickr: Sandbox) -> None:
    page.goto(site.url)
    link = page.locator("figure a").first
    title = link.inner_text()
    address = link.get_attribute("href") or ""
    assert address.startswith(f"{flickr.url}/photos/")
    with urlopen(address) as answer:
        assert title in answer.read().decode()


def test_more_is_shown_while_there_are_more_photos(
    page: Page, site: Origin, flickr: Sandbox
) -> None:
    more = page.get_by_role("button", name="More")
    page.goto(site.url)
    search(page, "snow")
    found = total(flickr, "snow")
    for count in itertools.count(12, 12):
        expect(page.get_by_role("status")).to_have_text(f"{min(count, found)} of {found} photos")
        if count >= found:
            break
        more.click()
    expect(more).to_be_hidden()
    expect(page.locator("figure")).to_have_count(found)
    search(page, "nosuchword")
    expect(page.get_by_role("status")).to_have_text("No photos found")
    expect(more).to_be_hidden()


@pytest.mark.parametrize("way", ["token-only", "proxy"])
def test_older_search_never_changes_what_a_newer_one_shows(
    page: Page, site: Origin, flickr: Sandbox, way: str
) -> None:
    held = hold_calls(page, "older")
    page.goto(site.url)
    page.get_by_label(way).check()
    for text in ("older failure", "older answer"):
        # Not any call: that of the first search may still be on its way.
        with page.expect_request(is_call_with(text)):
            search(page, text)
    search(page, "lake")
    found = f"12 of {total(flickr, 'lake')} photos"
    expect(page.get_by_role("status")).to_have_text(found)
    failure, answer = held
    page.evaluate(RECORD_STATUS)
    failure.abort()
    photos = {"page": 1, "pages": 1, "total": 0, "photo": []}
    answer.fulfill(json={"stat": "ok", "photos": photos})
    # One more answer, of the newer search, comes after both.
    page.get_by_role("button", name="More").click()
    expect(page.locator("figure")).to_have_count(24)
    assert page.evaluate("window.statuses") == [found.replace("12", "24", 1)]


def test_failure_of_a_page_can_be_repeated(page: Page, site: Origin, flickr: Sandbox) -> None:
    found = total(flickr, "red panda")
    page.goto(site.url)
    expect(page.get_by_role("status")).to_have_text(f"12 of {found} photos")
    page.route("**/services/rest/**", lambda route: route.abort())
    page.get_by_role("button", name="More").click()
    expect(page.get_by_role("status")).to_contain_text("no answer")
    page.unroute("**/services/rest/**")
    page.get_by_role("button", name="More").click()
    expect(page.get_by_role("status")).to_have_text(f"24 of {found} photos")


@pytest.mark.parametrize("fault", BROKEN)
def test_bundle_that_does_not_load_is_reported(page: Page, site: Origin, fault: str) -> None:
    body = BROKEN[fault]
    kind = "text/javascript" if body and body.startswith("export") else "text/html"
    page.route(
        "**/dist/*",
        lambda route: route.fulfill(body=body, content_type=kind) if body else route.abort(),
    )
    page.goto(site.url)
    expect(page.get_by_role("status")).to_have_text(
        "The bundle flickrapi.mjs cannot be loaded. Reload the page to try again."
    )


def test_server_that_does_not_answer_is_reported(page: Page, site: Origin) -> None:
    page.route("**/demo.json", lambda route: route.abort())
    page.goto(site.url)
    expect(page.get_by_role("status")).to_contain_text("The demo's server does not answer.")


def test_refusal_is_shown(page: Page, site: Origin, flickr: Sandbox) -> None:
    page.goto(site.url)
    expect(page.get_by_role("status")).to_contain_text(f"of {total(flickr, 'red panda')}")
    page.get_by_role("button", name="Add a tag").click()
    expect(page.get_by_role("status")).to_contain_text(
        "flickr.photos.addTags needs signing: a page must hold no secret"
    )


each_program = pytest.mark.parametrize("main", [demo, sign_in])


@each_program
def test_requested_port_in_use_is_reported_in_one_line(
    main: Callable[[], int], capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as occupied:
        port = occupied.getsockname()[1]
        monkeypatch.setattr(sys, "argv", ["example", "--no-browser", "--port", str(port)])
        assert main() == 1
    message = capsys.readouterr().err
    assert f": port {port} is not available (Address already in use): choose " in message
    assert message.count("\n") == 1


@each_program
def test_invalid_port_is_wrong_usage(
    main: Callable[[], int], capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "argv", ["example", "--no-browser", "--port", "99999"])
    with pytest.raises(SystemExit, match="2"):
        main()
    assert "invalid port '99999': use 0 to 65535\n" in capsys.readouterr().err


def test_usual_port_in_use_is_replaced_by_a_free_one(capsys: pytest.CaptureFixture[str]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as occupied:
        usual = occupied.getsockname()[1]
        with open_listener(usual) as listener:
            port = listener.getsockname()[1]
    assert port != usual
    assert capsys.readouterr().out == f"Port {usual} is in use, so this takes port {port}\n"
