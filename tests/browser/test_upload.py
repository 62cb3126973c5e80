"""In every engine, pages with our bundles upload files to a sandbox through a mounted proxy."""

from __future__ import annotations

import random
import re
import shutil
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, expect

from flickr_sandbox import Sandbox
from tests.browser.engines import NAMES, in_engine
from tests.browser.members import BUNDLES, site
from tests.support.engines.engine import Engine, read_report
from tests.support.uploader import file_of, image
from tests.support.web_servers import in_loop

ROOT = BUNDLES.parent

UPLOAD = """async (values) => {
  const flickr = new loaded({ endpoint: "/services/rest/" });
  const seen = [];
  const photo = document.getElementById("file").files[0];
  const result = await flickr.upload({ photo, ...values },
    { onprogress: ({ loaded, total }) => seen.push([loaded, total]) });
  return [result, seen];
}"""
FAIL = """async ([size, abort]) => {
  const flickr = new loaded({ endpoint: "/services/rest/" });
  const fox = await (await fetch("/fox.jpg")).blob();
  const photo = new File([fox, new Uint8Array(size)], "fox.jpg");
  const controller = new AbortController();
  const onprogress = ({ loaded, total }) => loaded < total && controller.abort();
  const settings = abort ? { signal: controller.signal, onprogress } : undefined;
  const error = await flickr.upload({ title: "t", photo }, settings).catch((error) => error);
  // The browser has closed an aborted connection when it sends its next request.
  await fetch("/pages/classic.js");
  return [error.name, error.status, error.message];
}"""

PYTHON_PAGES = [
    in_engine(
        name,
        kind,
        marks=[pytest.mark.soak] if kind == "py" and name != "chromium" else [],
    )
    for name in NAMES
    for kind in ("mpy", "py")
]


@pytest.fixture
def flickr(sandbox: Sandbox) -> Iterator[Sandbox]:
    """Return the sandbox, and restore its photos after the test."""
    sandbox.mark()
    sandbox.counts.clear()
    yield sandbox
    sandbox.reset()


@pytest.fixture
def fox(tmp_path: Path) -> Path:
    """Return a large picture."""
    photo = tmp_path / "Füchse.jpg"
    photo.write_bytes(image() + random.Random(1).randbytes(3_000_000))
    return photo


@pytest.fixture
def members(flickr: Sandbox, fox: Path) -> Iterator[str]:
    """Run a site with a proxy that accepts uploads of its members."""
    with site(flickr, fox, max_upload=20_000_000) as url:
        yield url


def row(flickr: Sandbox, number: str) -> dict[str, Any]:
    found = flickr.store.one("SELECT * FROM photos WHERE id = :id", id=number)
    assert found
    return dict(found)


@pytest.mark.parametrize("bundle", ["flickrapi.js", "flickrapi.dev.js"])
def test_file_is_uploaded_from_a_page_with_progress(
    engine: Engine, members: str, flickr: Sandbox, fox: Path, bundle: str
) -> None:
    engine.open(f"{members}/sign-in")
    engine.open(f"{members}/script/{bundle}")
    engine.set_file("#file", fox)
    values = {"title": 'Grüße "fox" | ` ^', "tags": ["happy fox", "x"], "is_public": False}
    result, seen = engine.evaluate(UPLOAD, values)
    assert result == {"stat": "ok", "photoid": result["photoid"]}
    assert file_of(flickr, result["photoid"]).read_bytes() == fox.read_bytes()
    photo = row(flickr, result["photoid"])
    assert (photo["title"], photo["tags"]) == (values["title"], "happyfox x")
    assert photo["ispublic"] == 0
    assert seen[-1][0] == seen[-1][1] > 3_000_000
    assert flickr.calls["upload"] == 1


@pytest.mark.parametrize(("engine", "kind"), PYTHON_PAGES, indirect=["engine"])
def test_file_is_uploaded_from_python_in_a_page(
    engine: Engine, members: str, flickr: Sandbox, fox: Path, kind: str
) -> None:
    engine.open(f"{members}/sign-in")
    engine.open(f"{members}/python/{kind}/upload_file/pyflickr_web.py")
    number, _, progress = read_report(engine).partition(" ")
    assert number.isdecimal(), number
    loaded, total = map(int, progress.split("/"))
    assert loaded == total > 3_000_000
    assert file_of(flickr, number).read_bytes() == fox.read_bytes()
    photo = row(flickr, number)
    assert (photo["title"], photo["tags"]) == ("Grüße | ` ^", "happyfox x")


def test_upload_can_be_aborted(engine: Engine, flickr: Sandbox, fox: Path) -> None:
    before = flickr.store.value("SELECT count(*) FROM photos")
    gate = threading.Event()
    with site(flickr, fox, gate=gate, max_upload=20_000_000) as members:
        engine.open(f"{members}/sign-in")
        engine.open(f"{members}/script/flickrapi.js")
        name, _, message = engine.evaluate(FAIL, [15_000_000, True])
        gate.set()
    assert name == "AbortError", message
    assert flickr.store.value("SELECT count(*) FROM photos") == before


@pytest.mark.parametrize(
    ("engine", "kind"),
    [
        in_engine(name, kind, marks=[pytest.mark.soak] if kind == "py" else [])
        for name in NAMES
        for kind in ("mpy", "py")
    ],
    indirect=["engine"],
)
def test_upload_from_python_can_be_aborted(
    engine: Engine, flickr: Sandbox, fox: Path, kind: str
) -> None:
    before = flickr.store.value("SELECT count(*) FROM photos")
    gate = threading.Event()
    with site(flickr, fox, gate=gate, max_upload=20_000_000) as members:
        engine.open(f"{members}/sign-in")
        engine.open(f"{members}/python/{kind}/abort_upload/pyflickr_web.py")
        report = read_report(engine)
        gate.set()
        assert report == "cancelled"
    assert flickr.store.value("SELECT count(*) FROM photos") == before


@pytest.mark.parametrize("kind", ["mpy", pytest.param("py", marks=[pytest.mark.soak])])
def test_upload_from_python_with_progress_names_the_timeout(
    engine: Engine, flickr: Sandbox, fox: Path, kind: str
) -> None:
    gate = threading.Event()
    with site(flickr, fox, gate=gate, max_upload=20_000_000) as members:
        engine.open(f"{members}/sign-in")
        engine.open(f"{members}/python/{kind}/time_out_upload/pyflickr_web.dev.py")
        report = read_report(engine)
        gate.set()
    assert report == "flickr.upload: no answer from POST /services/rest/upload within the timeout"


@pytest.mark.parametrize(
    ("size", "signed_in", "status"), [(25_000_000, 1, 413), (9_000_000, 0, 401)]
)
def test_page_gets_the_reason_why_an_upload_is_rejected(
    engine: Engine, members: str, flickr: Sandbox, size: int, signed_in: int, status: int
) -> None:
    if signed_in:
        engine.open(f"{members}/sign-in")
    engine.open(f"{members}/script/flickrapi.js")
    assert engine.evaluate(FAIL, [size, False])[:2] == ["FlickrError", status]
    assert "upload" not in flickr.calls


def test_documented_site_uploads(
    browser: Browser, flickr: Sandbox, fox: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    script, markup = re.findall(r"```(?:python|html)\n(.+?)```", _read_docs(), re.S)
    monkeypatch.chdir(tmp_path)
    for name, value in {**flickr.environ, "MEMBERS_PASSWORD": "password"}.items():
        monkeypatch.setenv(name, value)
    Path("index.html").write_text(markup, "utf-8")
    shutil.copy(BUNDLES / "flickrapi.js", tmp_path)
    scope: dict[str, Any] = {}
    exec(script, scope)
    with in_loop(scope["app"]) as url:
        members = browser.new_context(http_credentials={"username": "ada", "password": "password"})
        with members, members.new_page() as page:
            page.goto(url)
            page.locator("[name=photo]").set_input_files(fox)
            page.locator("[name=title]").fill("Fox")
            page.get_by_role("button", name="Upload").click()
            expect(page.locator("p")).to_contain_text("is on Flickr")
            number = page.locator("p").inner_text().split()[1]
            assert page.locator("progress").evaluate("bar => bar.value") == 1
        with browser.new_context() as strangers, strangers.new_page() as page:
            answer = page.request.post(f"{url}/service/rest/upload", multipart={"photo": "x"})
            assert answer.status == 401
    assert file_of(flickr, number).read_bytes() == fox.read_bytes()
    assert row(flickr, number)["title"] == "Fox"


def _read_docs() -> str:
    """Return the section on uploads of the proxy's documentation."""
    text = (ROOT / "docs" / "proxy.md").read_text("utf-8")
    return text.split("\n## Uploading\n")[1].split("\n## ")[0]


def test_page_of_an_allowed_origin_uploads(
    engine: Engine, members: str, flickr: Sandbox, fox: Path
) -> None:
    engine.open(f"{members}/script/flickrapi.js")
    engine.set_file("#file", fox)
    with site(flickr, fox, lambda request: None, origins=members) as elsewhere:
        script = UPLOAD.replace("/services/rest/", f"{elsewhere}/services/rest/")
        result, seen = engine.evaluate(script, {"title": "t"})
    assert file_of(flickr, result["photoid"]).read_bytes() == fox.read_bytes()
    assert seen
