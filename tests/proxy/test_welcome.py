"""The page at `/` of `pyflickr-web serve`."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urljoin

import pytest
import requests
from playwright.sync_api import Page, expect

from pyflickr_web import Flickr
from pyflickr_web.serve.site import Site, bundles
from tests.proxy.upstream import KEY, SECRET, TOKEN, options_for
from tests.support.timeouts import TIMEOUT
from tests.support.web_servers import in_loop


@pytest.fixture
def site() -> Iterator[str]:
    with in_loop(Site(Flickr(**options_for("http://127.0.0.1:9")))) as url:
        yield url


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_page_is_styled_under_its_own_policy(page: Page, site: str, scheme: str) -> None:
    errors: list[str] = []
    page.on("console", lambda message: errors.append(message.text))
    page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
    page.goto(site + "/")
    expect(page.get_by_role("heading", level=1)).to_have_text("Flickr API proxy")
    color = "rgb(23, 24, 28)" if scheme == "dark" else "rgb(250, 250, 251)"
    expect(page.locator("html")).to_have_css("background-color", color)
    assert not errors


def test_page_names_endpoint_and_bundles_and_no_secret(page: Page, site: str) -> None:
    answer = requests.get(site + "/", timeout=TIMEOUT)
    assert "/services/rest/" in answer.text
    assert not [secret for secret in (KEY, SECRET, TOKEN) if secret in answer.text]
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
    page.goto(site + "/")
    links = [link.get_attribute("href") or "" for link in page.get_by_role("link").all()]
    for link in links:
        assert requests.get(urljoin(site, link), timeout=TIMEOUT).status_code == 200
    runs = (".js", ".mjs", ".py")
    scripts = [file.name for file in bundles().iterdir() if file.suffix in runs]
    assert {f"/{name}" for name in scripts if "flickr" in name} <= set(links)
