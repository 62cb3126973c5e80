"""In Chromium: members of every JavaScript bundle on their own, in subclasses, and across files."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.browser.engines import ALL_BUNDLES
from tests.browser.origin import Origin
from tests.support.vectors import BUNDLES

DEVELOPMENT = [bundle for bundle, edition in BUNDLES.items() if edition == "dev"]


@pytest.fixture(params=ALL_BUNDLES)
def loaded_page(page: Page, site: Origin, request: pytest.FixtureRequest) -> Page:
    """Return a page that has loaded only the bundle."""
    page.goto(f"{site.url}load/{request.param}")
    expect(page).to_have_title("loaded")
    return page


def test_photo_url_maps_photos(loaded_page: Page) -> None:
    urls = loaded_page.evaluate(
        """() => {
          const photos = [1, 2].map((id) => ({ id, server: "2", secret: "3" }));
          const { photoURL } = new loaded({ api_key: "a", photo_base_url: "http://x" });
          return [...photos.map(photoURL), ...photos.map(loaded.photoURL)];
        }"""
    )
    assert urls == [
        "http://x/2/1_3.jpg",
        "http://x/2/2_3.jpg",
        "https://live.staticflickr.com/2/1_3.jpg",
        "https://live.staticflickr.com/2/2_3.jpg",
    ]


def test_token_only_of_a_subclass_returns_one(loaded_page: Page) -> None:
    seen = loaded_page.evaluate(
        """() => {
          class Mine extends loaded {
            upload() { return "mine, with " + this.options.api_key; }
            get state() { return this.status; }
          }
          const mine = Mine.tokenOnly({ api_key: "a" });
          const { upload } = mine;
          const { tokenOnly } = loaded;
          return {
            kind: mine instanceof Mine && mine instanceof loaded,
            upload: upload(),
            state: mine.state ?? "none",
            alone: tokenOnly({ api_key: "b" }).options.api_key,
          };
        }"""
    )
    assert seen == {"kind": True, "upload": "mine, with a", "state": "none", "alone": "b"}


def test_error_of_another_file_is_known(loaded_page: Page) -> None:
    known = loaded_page.evaluate(
        """async () => {
          const other = (await import("/dist/flickrapi.mjs")).FlickrError;
          const { is } = loaded.FlickrError;
          return [new other("x"), new loaded.FlickrError("x"), new Error("x"), null].map(is);
        }"""
    )
    assert known == [True, True, False, False]


@pytest.mark.parametrize("bundle", [bundle for bundle in BUNDLES if bundle.endswith(".js")])
def test_script_has_a_global_error(page: Page, site: Origin, bundle: str) -> None:
    page.goto(f"{site.url}load/{bundle}")
    expect(page).to_have_title("loaded")
    assert page.evaluate("FlickrError === Flickr.FlickrError && new FlickrError('x').name") == (
        "FlickrError"
    )


@pytest.mark.parametrize("bundle", DEVELOPMENT)
def test_misspelt_name_throws_with_the_nearest(page: Page, site: Origin, bundle: str) -> None:
    page.goto(f"{site.url}load/{bundle}")
    expect(page).to_have_title("loaded")
    messages = page.evaluate(
        """() => {
          const flickr = loaded.tokenOnly({ api_key: "a" });
          const uses = [
            () => flickr.photos.serach({ text: "x" }),
            () => flickr.photo.search({ text: "x" }),
            () => flickr.photos.licences.getInfo(),
            () => loaded.tokenonly({ api_key: "a" }),
            () => flickr.photos.explode(),
          ];
          return uses.map((use) => { try { return use(); } catch (error) { return error.message; } });
        }"""
    )
    assert messages == [
        "flickr.photos has no serach; did you mean search?",
        "flickr has no photo; did you mean photos?",
        "flickr.photos has no licences; did you mean licenses?",
        "Flickr has no tokenonly; did you mean tokenOnly?",
        "flickr.photos.explode is not a function",
    ]


@pytest.mark.parametrize("bundle", DEVELOPMENT)
def test_names_that_frameworks_look_up_are_undefined(page: Page, site: Origin, bundle: str) -> None:
    page.goto(f"{site.url}load/{bundle}")
    expect(page).to_have_title("loaded")
    found = page.evaluate(
        """() => {
          const flickr = new loaded({ api_key: "a" });
          const names = ["then", "toJSON", "nodeType", "href", "length", "$$typeof", "__v_skip", "0"];
          return [loaded, flickr, flickr.photos].flatMap((target) =>
            names.filter((name) => name != "length" && target[name] !== undefined)
          );
        }"""
    )
    assert found == []


def test_upload_with_progress_sends_headers(loaded_page: Page, site: Origin) -> None:
    loaded_page.evaluate(
        """async () => {
          const flickr = new loaded({ endpoint: "/services/rest/", headers: { "X-Token": "t" } });
          const progress = { onprogress() {}, headers: { "X-More": "m" } };
          await flickr.upload({ photo: new Blob(["x"]) }, progress).catch(() => {});
        }"""
    )
    (headers,) = [sent for _, path, sent in site.requests if path.endswith("/upload")]
    lowered = {name.lower(): value for name, value in headers.items()}
    assert (lowered["x-token"], lowered["x-more"]) == ("t", "m")
    assert lowered["content-type"].startswith("multipart/form-data")
