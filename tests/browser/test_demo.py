"""The demo shows photos to a visitor without a key, in both ways and with both bundles."""

from __future__ import annotations

import socket
import sys
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from examples.demo.__main__ import main as demo
from examples.sign_in.__main__ import main as sign_in
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
        "flickr.photos.addTags needs signing: a page must hold no secret"
    )


# socket.create_server leaks its socket for an invalid port, so that sign_in has only one case.
@pytest.mark.parametrize(("main", "is_occupied"), [(demo, True), (demo, False), (sign_in, True)])
def test_port_that_is_not_available_is_reported_in_one_line(
    main: Callable[[], int],
    is_occupied: bool,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as occupied:
        port = occupied.getsockname()[1] if is_occupied else 99999
        monkeypatch.setattr(sys, "argv", ["example", "--no-browser", "--port", str(port)])
        assert main() == 1
    message = capsys.readouterr().err
    assert message == f"port {port} is invalid or in use: choose another with --port\n"
