"""In every engine, under a strict content security policy, every bundle passes all vectors."""

from __future__ import annotations

import json
from collections.abc import Collection

import pytest
from playwright.sync_api import Page, Route, expect

from flickr_sandbox import Sandbox
from tests.browser.engines import ALL_BUNDLES, NAMES, QUICK_BUNDLES, in_engine, soak_unless
from tests.browser.origin import Origin, total
from tests.support.engines.engine import Engine
from tests.support.vectors import BUNDLES, find_problems, vectors


def _in_engines(in_chromium: Collection[str]) -> pytest.MarkDecorator:
    """Run a test in every engine, in `make test` with the quick bundles and those for Chromium."""
    cases = [
        in_engine(
            name,
            bundle,
            marks=soak_unless(bundle in (in_chromium if name == "chromium" else QUICK_BUNDLES)),
        )
        for name in NAMES
        for bundle in BUNDLES
    ]
    return pytest.mark.parametrize(("engine", "bundle"), cases, indirect=["engine"])


in_every_engine = _in_engines(QUICK_BUNDLES)


@pytest.fixture
def loaded_page(engine: Engine, site: Origin, bundle: str) -> Engine:
    """Return a page that has loaded only the bundle."""
    engine.open(f"{site.url}load/{bundle}")
    engine.wait_for("loaded")
    return engine


@_in_engines(BUNDLES)
def test_bundle_passes_every_vector(engine: Engine, site: Origin, bundle: str) -> None:
    engine.open(f"{site.url}run/{bundle}")
    engine.wait_for("runVectors")
    # In one step, because WebKit's driver relies on timers, which the vectors replace.
    records = json.loads(engine.evaluate("() => runVectors()"))
    edition = BUNDLES[bundle]
    assert find_problems(records, edition, vectors(edition)) == {}


@pytest.mark.parametrize("bundle", ALL_BUNDLES)
def test_bundle_is_intact_without_a_charset(page: Page, site: Origin, bundle: str) -> None:
    def without_charset(route: Route) -> None:
        answer = route.fetch()
        kind = answer.headers["content-type"].partition(";")[0]
        route.fulfill(response=answer, headers=answer.headers | {"content-type": kind})

    page.goto(f"{site.url}load/{bundle}")
    tables = "JSON.stringify([loaded.methods, loaded.errors])"
    before = page.evaluate(tables)
    page.route("**/*", without_charset)
    page.reload()
    expect(page).to_have_title("loaded")
    assert page.evaluate("document.characterSet") == "windows-1252"
    assert page.evaluate(tables) == before


@in_every_engine
def test_token_only_needs_no_preflight(loaded_page: Engine, flickr: Sandbox) -> None:
    found = loaded_page.evaluate(
        """async ([base_url, api_key]) => {
          const flickr = loaded.tokenOnly({ api_key, base_url });
          return (await flickr.photos.search({ text: "red panda" })).photos.total;
        }""",
        [flickr.url, flickr.account.api_key],
    )
    assert flickr.calls == {"flickr.photos.search": 1}
    assert flickr.answers == {"200": 1}
    assert int(found) == total(flickr, "red panda") > 20


@in_every_engine
def test_token_only_refuses_before_any_traffic(loaded_page: Engine, flickr: Sandbox) -> None:
    refused = loaded_page.evaluate(
        """async (base_url) => {
          const flickr = loaded.tokenOnly({ api_key: "a", base_url });
          const secured = Object.values(loaded.methods).filter(({ security }) =>
            Object.values(security).some(Boolean));
          const refused = [];
          for (const { name } of secured) {
            await flickr.call(name).catch((error) => refused.push(error.method));
          }
          return refused;
        }""",
        flickr.url,
    )
    assert len(refused) == 128
    assert not flickr.calls


@in_every_engine
def test_cors_refusal_is_reported(loaded_page: Engine, flickr: Sandbox) -> None:
    result = loaded_page.evaluate(
        """async (endpoint) => new loaded({ endpoint }).photos.search({ text: "x" })
          .catch((error) => [error.name, error.message])""",
        f"{flickr.url}/services/rest/",
    )
    assert result[0] == "FlickrError"
    assert "no answer" in result[1]


@in_every_engine
def test_proxy_is_called_on_its_own_origin(
    loaded_page: Engine, site: Origin, flickr: Sandbox
) -> None:
    ids = loaded_page.evaluate(
        """async () => {
          const ids = [];
          const { search } = new loaded({ endpoint: "/services/rest/" }).photos;
          for await (const { id } of search.all({ text: "lake", per_page: 25 })) ids.push(id);
          return ids;
        }"""
    )
    found = total(flickr, "lake")
    assert len(set(ids)) == found
    assert site.verbs("/services/rest/") == ["POST"] * -(-found // 25)


@in_every_engine
def test_upload_reports_its_progress_and_its_failure(loaded_page: Engine) -> None:
    sent, name, status = loaded_page.evaluate(
        """async () => {
          const flickr = new loaded({ endpoint: "/services/rest/" });
          let sent = 0;
          const error = await flickr.upload({ photo: new Blob(["x".repeat(1000)]) },
            { onprogress: (event) => { sent = event.loaded; } }).catch((error) => error);
          return [sent, error.name, error.status];
        }"""
    )
    assert (name, status) == ("FlickrError", 404)
    assert sent > 1000


@in_every_engine
def test_upload_without_an_answer_has_no_status(loaded_page: Engine) -> None:
    message, status = loaded_page.evaluate(
        """async () => {
          const flickr = new loaded({ endpoint: "http://localhost:9/" });
          const error = await flickr.upload({ photo: new Blob(["x"]) }, { onprogress() {} })
            .catch((error) => error);
          return [error.message, error.status];
        }"""
    )
    assert "no answer" in message
    assert status is None


@in_every_engine
def test_methods_are_created_on_first_use_and_listed_before(loaded_page: Engine) -> None:
    seen = loaded_page.evaluate(
        """async () => {
          const flickr = loaded.tokenOnly({ api_key: "a" });
          const other = new loaded({ api_key: "b" });
          const mock = () => "mine";
          other.photos.search = mock;
          other.tags = mock;
          return {
            first: Object.keys(new loaded({ api_key: "a" })).includes("photos"),
            shown: typeof Object.getOwnPropertyDescriptor(flickr.photos, "search").value,
            kind: flickr instanceof loaded,
            replaced: other.photos.search === mock && other.tags === mock,
            kept: flickr.photos.search !== mock && typeof other.photos.getInfo,
            thenable: "then" in flickr || "then" in flickr.photos || String(flickr),
            awaited: (await (async () => flickr)()) === flickr &&
              (await Promise.resolve(flickr.photos)) === flickr.photos,
            has: "search" in flickr.photos && "photos" in flickr && !("nothing" in flickr),
            keys: Object.keys(flickr.photos).includes("geo"),
            spread: typeof { ...flickr.photos }.search,
            same: flickr.photos.search === flickr.photos.search,
            run_in_thread: flickr.options.api_key + other.options.api_key,
            frozen: Object.isFrozen(flickr.options),
            error: new loaded.FlickrError("x") instanceof Error,
          };
        }"""
    )
    assert seen == {
        "first": True,
        "shown": "function",
        "kind": True,
        "replaced": True,
        "kept": "function",
        "thenable": "[object Object]",
        "awaited": True,
        "has": True,
        "keys": True,
        "spread": "function",
        "same": True,
        "run_in_thread": "ab",
        "frozen": True,
        "error": True,
    }


@in_every_engine
def test_methods_are_a_plain_object_in_the_order_of_their_names(loaded_page: Engine) -> None:
    seen = loaded_page.evaluate(
        """() => {
          const { methods } = loaded;
          const names = Object.keys(methods);
          return {
            own: methods.hasOwnProperty("flickr.photos.search") && !methods.hasOwnProperty("x"),
            sorted: String(names) == String([...names].sort()),
            cloned: JSON.stringify(structuredClone(methods)) == JSON.stringify(methods),
            same: methods === loaded.methods,
          };
        }"""
    )
    assert seen == {"own": True, "sorted": True, "cloned": True, "same": True}


@in_every_engine
def test_error_of_a_callback_reaches_the_page(loaded_page: Engine) -> None:
    result = loaded_page.evaluate(
        """() => new Promise((done) => {
          let calls = 0;
          addEventListener("error", (event) => {
            event.preventDefault();
            setTimeout(() => done([event.error.message, calls]));
          });
          const flickr = new loaded({ endpoint: "/services/rest/" });
          flickr.photos.search({ text: "x" }, () => { calls++; throw new Error("mine"); });
        })"""
    )
    assert result == ["mine", 1]


@in_every_engine
def test_token_only_hands_the_instance_to_a_callback(loaded_page: Engine) -> None:
    assert loaded_page.evaluate(
        """() => new Promise((done) => {
          const flickr = loaded.tokenOnly({ api_key: "a" }, (error, same) => done(flickr === same));
        })"""
    )
