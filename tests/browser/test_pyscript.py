"""In Chromium, the example pages with PyScript work."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, Route, expect

from examples.demo.server import Demo
from examples.pyscript.folder import write
from examples.pyscript.server import handler, list_folder
from flickr_sandbox import Sandbox
from tests.browser.origin import hold_calls, is_call_with, total


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
        with page.expect_request(is_call_with(text)):
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
    # What is typed before the next prompt is lost.
    found = total(sandbox, "lake")
    expect(terminal).to_contain_text(re.compile(rf"{found} photos\s*Search for:"))
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
