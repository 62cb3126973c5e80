"""In Chromium, the example pages with PyScript work; their command reports its mistakes."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from examples.demo.server import Demo
from examples.pyscript.__main__ import main
from examples.pyscript.folder import PARTS, write
from examples.pyscript.server import handler
from flickr_sandbox import Sandbox
from tests.browser.origin import total


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the examples as a plain folder for a web space."""
    written = tmp_path_factory.mktemp("folder")
    write(written)
    return written


@pytest.fixture(scope="module")
def examples(folder: Path, sandbox: Sandbox) -> Iterator[Demo]:
    with Demo(sandbox, handler=handler(folder)) as demo:
        yield demo


@pytest.mark.parametrize("name", ["search", "token_only"])
def test_search_shows_photos(page: Page, examples: Demo, sandbox: Sandbox, name: str) -> None:
    page.goto(f"{examples.url}{name}.html")
    expect(page.locator("#message")).to_have_text("Ready.")
    page.get_by_role("textbox").fill("lake")
    page.get_by_role("button").click()
    expect(page.locator("#message")).to_have_text(f"{total(sandbox, 'lake')} photos")
    expect(page.locator("figure")).to_have_count(12)
    page.wait_for_function("[...document.images].every((image) => image.naturalWidth)")


def test_search_shows_errors(page: Page, examples: Demo) -> None:
    page.goto(f"{examples.url}search.html")
    expect(page.locator("#message")).to_have_text("Ready.")
    page.get_by_role("textbox").fill("")
    page.get_by_role("button").click()
    expect(page.locator("#message")).to_contain_text("Parameterless searches")


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


def test_file_in_place_of_the_folder_is_reported_in_one_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "picture.jpg"
    file.write_bytes(b"JPEG")
    monkeypatch.setattr(sys, "argv", ["pyscript", str(file)])
    assert main() == 1
    message = capsys.readouterr().err
    assert message.startswith("pyscript: cannot write ")
    assert message.endswith("(Not a directory): choose another folder\n")
    assert file.read_bytes() == b"JPEG"


def test_folder_that_is_not_writable_is_reported_in_one_line(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "argv", ["pyscript", "/proc/pages"])
    assert main() == 1
    message = capsys.readouterr().err
    assert message.startswith("pyscript: cannot write to /proc/pages")
    assert message.endswith(": choose another folder\n") and message.count("\n") == 1


def test_missing_package_is_reported_in_one_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    missing = tmp_path / "core"
    monkeypatch.setitem(PARTS, "core", missing)
    monkeypatch.setattr(sys, "argv", ["pyscript", str(tmp_path / "pages")])
    assert main() == 1
    assert capsys.readouterr().err == f"pyscript: {missing} is missing: run `npm ci` first\n"
