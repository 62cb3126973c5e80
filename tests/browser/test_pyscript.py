"""In Chromium, PyScript passes all vectors in page and worker, and the example pages work."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, Route, expect

from compiler.python.wheel import build_for_pages
from examples.demo.server import Demo, Handler
from examples.pyscript.folder import write
from examples.pyscript.npm import MODULES
from examples.pyscript.server import ISOLATED, handler, list_folder
from flickr_sandbox import Sandbox
from tests.browser.origin import hold_calls, total
from tests.support.repository import ROOT
from tests.support.vectors import HERE as CONFORMANCE
from tests.support.vectors import judge_all, vectors
from tests.support.wheels import can_build

PAGES = Path(__file__).parent / "pages"
INTERPRETERS = {"mpy": "/micropython/micropython.mjs", "py": "/pyodide/pyodide.mjs"}
EDITIONS = {"production": "pyflickr_web.py", "dev": "pyflickr_web.dev.py"}
# The raw bodies of uploads.
UPLOADS: list[bytes] = []


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the examples as a plain folder for a web space."""
    written = tmp_path_factory.mktemp("folder")
    write(written)
    return written


@pytest.fixture(scope="module")
def examples(folder: Path, sandbox: Sandbox) -> Iterator[Demo]:
    with Demo(sandbox, handler=handler(list_folder(folder))) as demo:
        yield demo


@pytest.fixture(scope="module")
def lab(folder: Path, sandbox: Sandbox, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    """Serve the folder, with the files that the vectors need."""
    example_handler = handler(list_folder(folder))
    files = {
        f"/{room}/{file.name}": file
        for room, source in {"pyodide": MODULES / "pyodide", "dist": ROOT / "browser_dist"}.items()
        for file in source.iterdir()
    }
    if sys.version_info >= (3, 12):
        wheel_folder = tmp_path_factory.mktemp("wheel")
        parts = [*(MODULES / "pyodide").iterdir(), *build_for_pages(wheel_folder)]
        files |= {f"/wheel/{part.name}": part for part in parts}
    files |= {"/runner.mjs": CONFORMANCE / "runner.mjs", "/perform.py": CONFORMANCE / "perform.py"}
    files |= {f"/{name}": PAGES / name for name in ("vectors.py", "upload.py")}

    class Lab(Handler):
        pages = example_handler.pages | files
        policy = ISOLATED

        def do_POST(self) -> None:
            if self.path != "/services/rest/upload":
                return super().do_POST()
            UPLOADS.append(self.rfile.read(int(self.headers["Content-Length"])))
            answer = {"stat": "ok", "photoid": str(len(UPLOADS))}
            self._send(200, "application/json", json.dumps(answer).encode())

        def do_GET(self) -> None:
            if self.path.startswith("/vectors/"):
                found = vectors(self.path.removeprefix("/vectors/"), "python")
                return self._send(200, "application/json", json.dumps(found).encode())
            if self.path.startswith("/lab/"):
                page = _lab_page(*self.path.removeprefix("/lab/").split("/"))
                return self._send(200, "text/html; charset=utf-8", page.encode())
            super().do_GET()

    with Demo(sandbox, handler=Lab) as demo:
        yield demo


def _lab_page(kind: str, thread: str, edition: str, script: str = "vectors") -> str:
    config: dict[str, Any] = {"edition": edition}
    if edition == "wheel":
        # The interpreter loads the wheel and its lock file from its own folder.
        config |= {"interpreter": "/wheel/pyodide.mjs", "packages": ["pyflickr-web"]}
        config |= {"packages_cache": "passthrough"}
    else:
        files = {f"/dist/{EDITIONS[edition]}": "pyflickr_web.py", "/perform.py": ""}
        config |= {"interpreter": INTERPRETERS[kind], "files": files}
    worker = " worker" * (thread == "worker")
    return (
        '<!doctype html><title>t</title><script type="module" src="/core/core.js"></script>'
        f'<script type="{kind}"{worker} src="/{script}.py" config=\'{json.dumps(config)}\'></script>'
    )


@pytest.mark.parametrize("edition", EDITIONS)
@pytest.mark.parametrize("thread", ["main", "worker"])
@pytest.mark.parametrize("kind", INTERPRETERS)
def test_module_passes_every_vector(
    page: Page, lab: Demo, kind: str, thread: str, edition: str
) -> None:
    page.goto(f"{lab.url}lab/{kind}/{thread}/{edition}")
    page.wait_for_function("window.report", timeout=60_000)
    records: dict[str, Any] = json.loads(page.evaluate("window.report"))
    problems_by_vector = judge_all(records, edition)
    assert len(problems_by_vector) == len(vectors(edition, "python"))
    assert {name: problems for name, problems in problems_by_vector.items() if problems} == {}


@pytest.mark.parametrize(
    ("kind", "edition"),
    [("mpy", "production"), ("py", "production"), pytest.param("py", "wheel", marks=can_build)],
)
def test_files_and_bytes_are_uploaded_unchanged(
    page: Page, lab: Demo, kind: str, edition: str
) -> None:
    UPLOADS.clear()
    page.goto(f"{lab.url}lab/{kind}/main/{edition}/upload")
    page.wait_for_function("window.report", timeout=60_000)
    assert page.evaluate("window.report") == "1 2 True"
    first, second = UPLOADS
    assert 'name="title"\r\n\r\né\r\n'.encode() in first
    assert b'name="tags"\r\n\r\n"happy fox" x\r\n' in first
    assert b'name="photo"; filename="fox.jpg"' in first and b"\r\n\r\nJPEG\r\n" in first
    assert b'name="is_public"\r\n\r\n0\r\n' in second
    assert b"\r\n\r\n" + bytes(range(256)) + b"\r\n" in second


@pytest.mark.parametrize("name", ["search", "token_only"])
def test_search_shows_photos(page: Page, examples: Demo, sandbox: Sandbox, name: str) -> None:
    page.goto(f"{examples.url}{name}.html")
    expect(page.locator("#message")).to_have_text(f"{total(sandbox, 'red panda')} photos")
    page.get_by_role("textbox").fill("lake")
    page.get_by_role("button").click()
    expect(page.locator("#message")).to_have_text(f"{total(sandbox, 'lake')} photos")
    expect(page.locator("figure")).to_have_count(12)
    page.wait_for_function("[...document.images].every((image) => image.naturalWidth)")


def test_search_shows_errors(page: Page, examples: Demo) -> None:
    page.goto(f"{examples.url}search.html")
    expect(page.locator("figure")).to_have_count(12)
    page.get_by_role("textbox").fill("")
    page.get_by_role("button").click()
    expect(page.locator("#message")).to_contain_text("Parameterless searches")


@pytest.mark.parametrize("name", ["search", "token_only"])
def test_form_submitted_before_python_starts_is_not_lost(
    page: Page, examples: Demo, sandbox: Sandbox, name: str
) -> None:
    held: list[Route] = []
    page.route("**/micropython.wasm", lambda route: held.append(route))
    with page.expect_request("**/micropython.wasm"):
        page.goto(f"{examples.url}{name}.html")
    page.get_by_role("textbox").fill("lake")
    page.get_by_role("textbox").press("Enter")
    held.pop().continue_()
    expect(page.locator("#message")).to_have_text(f"{total(sandbox, 'lake')} photos")
    assert held == []


@pytest.mark.parametrize("name", ["search", "token_only"])
def test_older_answer_never_replaces_a_newer_one(
    page: Page, examples: Demo, sandbox: Sandbox, name: str
) -> None:
    held = hold_calls(page, "older")
    errors: list[str] = []
    page.on("console", lambda message: errors.append(message.text))
    page.goto(f"{examples.url}{name}.html")
    expect(page.locator("figure")).to_have_count(12)
    errors.clear()
    for text in ("older answer", "older failure"):
        page.get_by_role("textbox").fill(text)
        with page.expect_request(lambda request: "/services/rest/" in request.url):
            page.get_by_role("button").click()
    page.get_by_role("textbox").fill("lake")
    page.get_by_role("button").click()
    found = f"{total(sandbox, 'lake')} photos"
    expect(page.locator("#message")).to_have_text(found)
    answer, failure = held
    photos = {"page": 1, "pages": 1, "total": 0, "photo": []}
    answer.fulfill(json={"stat": "ok", "photos": photos})
    failure.abort()
    # The page has run what its answers started when it answers this.
    page.evaluate("new Promise((resolve) => setTimeout(resolve))")
    expect(page.locator("#message")).to_have_text(found)
    expect(page.locator("figure")).to_have_count(12)
    assert errors == []


def test_scrolling_loads_more_photos_up_to_the_last(
    page: Page, examples: Demo, sandbox: Sandbox
) -> None:
    found = total(sandbox, "red panda")
    requested: list[str] = []
    page.on("request", lambda request: requested.append(request.url))
    page.goto(f"{examples.url}scroll.html")
    expect(page.locator("#message")).to_contain_text("photos")
    page.wait_for_function("document.images.length >= 12")
    assert page.locator("figure").count() < found
    for _ in range(40):
        page.keyboard.press("End")
        page.mouse.wheel(0, 5000)
        if page.locator("#message").inner_text().startswith("All"):
            break
        page.wait_for_function(
            "n => document.images.length > n || message.textContent.startsWith('All')",
            arg=page.locator("figure").count() - 1,
        )
    expect(page.locator("#message")).to_have_text(f"All {found} photos")
    assert sum(url.endswith("/services/rest/") for url in requested) == -(-found // 24)


def test_worker_changes_its_page(page: Page, examples: Demo, sandbox: Sandbox) -> None:
    page.goto(f"{examples.url}worker.html")
    found = total(sandbox, "red panda")
    expect(page.locator("#message")).to_have_text(f"The tags of {found} photos")
    expect(page.locator("#tags li").first).to_contain_text(re.compile(r"^redpanda: \d+$"))


def test_terminal_asks_and_prints(page: Page, examples: Demo, sandbox: Sandbox) -> None:
    page.goto(f"{examples.url}terminal.html")
    terminal = page.locator(".xterm-rows")
    expect(terminal).to_contain_text("Search for:")
    page.keyboard.type("lake\n")
    expect(terminal).to_contain_text(f"{total(sandbox, 'lake')} photos")
    expect(terminal).to_contain_text("Search for:")
    page.keyboard.type("\n")
    expect(terminal).to_contain_text("Parameterless searches have been disabled")


@pytest.mark.soak
def test_editor_runs_what_it_shows(page: Page, examples: Demo) -> None:
    page.goto(f"{examples.url}editor.html")
    run = page.get_by_label("Run Button")
    output = page.locator(".mpy-editor-output")
    run.click()
    expect(output).to_contain_text("red panda")
    page.locator(".cm-content").click()
    page.keyboard.press("Control+a")
    page.keyboard.type("flickr.photos.serach")
    run.click()
    expect(output).to_contain_text("did you mean search?")


@pytest.mark.parametrize("name", ["worker", "terminal"])
def test_missing_headers_are_named(page: Page, folder: Path, sandbox: Sandbox, name: str) -> None:
    with Demo(sandbox, handler=handler(list_folder(folder), policy={})) as demo:
        page.goto(f"{demo.url}{name}.html")
        expect(page.locator("#message")).to_contain_text("Cross-Origin-Opener-Policy: same-origin")
