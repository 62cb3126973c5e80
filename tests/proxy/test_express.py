"""Our bundles with node-flickrapi's own express proxy as their endpoint, and its faults."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page

from flickr_sandbox import Sandbox
from pyflickr_web.serve.site import bundles

SCRIPT = Path(__file__).parent / "express_proxy.mjs"
# Each edition and each format once.
BUNDLES = [
    "flickrapi.js",
    "flickrapi.dev.mjs",
    pytest.param("flickrapi.dev.js", marks=pytest.mark.soak),
    pytest.param("flickrapi.mjs", marks=pytest.mark.soak),
]
ENDPOINT = "/service/rest/"
PORT = re.compile(r"port (\d+)\n")
# Makes a call; returns the answer, or the fields of the error.
CALL = """async ([method, values]) => {
  const flickr = new Flickr({ endpoint: "/service/rest/" });
  try {
    const path = method.split(".").slice(1);
    const named = path.reduce((space, key) => space?.[key], flickr);
    return { answer: await (path[0] && named ? named(values) : flickr.call(method, values)) };
  } catch ({ name, message, code, status }) {
    return { name, message, code, status };
  }
}"""


@contextmanager
def run_express(sandbox: Sandbox, folder: Path) -> Iterator[str]:
    """Run the proxy; yield its address. It caches the sandbox's reflection in `folder`."""
    process = subprocess.Popen(
        ["node", "--no-warnings", SCRIPT, sandbox.url, sandbox.account.api_key, bundles()],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        cwd=folder,
    )
    with process:
        try:
            assert process.stdout
            found = next(filter(None, (PORT.fullmatch(line) for line in process.stdout)), None)
            assert found, "the express proxy does not start"
            yield f"http://127.0.0.1:{found[1]}"
        finally:
            process.kill()


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("express")


@pytest.fixture(scope="module")
def express(sandbox: Sandbox, folder: Path) -> Iterator[str]:
    with run_express(sandbox, folder) as url:
        yield url


@pytest.fixture(params=BUNDLES)
def bundle(request: pytest.FixtureRequest) -> str:
    """The name of each bundle in turn."""
    return str(request.param)


def load(page: Page, express: str, bundle: str) -> None:
    page.goto(express)
    if bundle.endswith(".mjs"):
        page.evaluate("async (name) => { self.Flickr = (await import(name)).Flickr }", f"/{bundle}")
    else:
        page.add_script_tag(url=f"{express}/{bundle}")


@pytest.fixture
def open_page(page: Page, express: str, bundle: str, flickr: Sandbox) -> Page:
    """A page of the express site with each bundle in turn; Flickr has no calls yet."""
    load(page, express, bundle)
    flickr.counts.clear()
    return page


def call(page: Page, method: str, **values: Any) -> Any:
    return page.evaluate(CALL, [method, values])


def test_public_call_is_answered(open_page: Page, flickr: Sandbox) -> None:
    result = call(open_page, "flickr.photos.search", text="red panda", tags=["a", "b"], per_page=2)
    assert result["answer"]["stat"] == "ok"
    assert result["answer"]["photos"]["perpage"] == 2
    assert flickr.calls == {"flickr.photos.search": 1}


def test_listing_requests_page_after_page(open_page: Page, flickr: Sandbox) -> None:
    titles = open_page.evaluate("""async () => {
      const flickr = new Flickr({ endpoint: "/service/rest/" });
      const ids = [];
      for await (const photo of flickr.photos.getRecent.all({ per_page: 5 })) {
        ids.push(photo.id);
        if (ids.length == 12) break;
      }
      return ids;
    }""")
    assert len(set(titles)) == 12
    assert flickr.calls == {"flickr.photos.getRecent": 3}


def test_empty_answer_to_a_failed_call_is_an_error(open_page: Page, flickr: Sandbox) -> None:
    with open_page.expect_response(f"**{ENDPOINT}") as answered:
        result = call(open_page, "flickr.photos.getInfo", photo_id="1")
    assert (answered.value.status, answered.value.text()) == (200, "{}")
    assert result["name"] == "FlickrError"
    assert result["message"].startswith("flickr.photos.getInfo: HTTP 200")
    assert result["status"] == 200
    assert flickr.calls == {"flickr.photos.getInfo": 1}


@pytest.mark.parametrize(
    ("method", "text"),
    [
        ("flickr.test.login", '"the flickr.test.login function requires authentication'),
        ("flickr.nothing", '{"status":404,"message":"No such API method."}'),
    ],
)
def test_refusal_of_the_express_proxy_is_an_error(
    open_page: Page, flickr: Sandbox, method: str, text: str
) -> None:
    with open_page.expect_response(f"**{ENDPOINT}") as answered:
        result = call(open_page, method)
    assert answered.value.text().startswith(text)
    assert result["name"] == "FlickrError"
    assert result["message"].startswith(f"{method}: HTTP 200")
    assert not flickr.calls


def test_name_is_sent_with_its_prefix(open_page: Page) -> None:
    # The express proxy never answers a bare `constructor`.
    result = call(open_page, "constructor")
    assert result["message"].startswith("flickr.constructor: HTTP 200")


def test_call_that_crashes_the_express_proxy_is_stopped_by_dev_checks(
    page: Page, flickr: Sandbox, folder: Path, bundle: str
) -> None:
    with run_express(flickr, folder) as url:
        load(page, url, bundle)
        # A required argument is missing: the express proxy answers twice, and crashes.
        result = call(page, "flickr.photos.getInfo")
        after = call(page, "flickr.photos.getRecent")
        if ".dev." in bundle:
            assert "photo_id" in result["message"]
            assert result["status"] is None
            assert after["answer"]["stat"] == "ok"
        else:
            assert result["status"] == 200
            assert after["message"].startswith("flickr.photos.getRecent: no answer")
