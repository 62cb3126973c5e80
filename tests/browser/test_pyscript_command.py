"""`python -m examples.pyscript` finds or installs its packages, and replaces only its own files."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import Any

import pytest

from examples.demo import server as demo_server
from examples.pyscript import folder as folder_module
from examples.pyscript import npm
from examples.pyscript.__main__ import main
from examples.pyscript.folder import RECORD
from tests.support.irregular_paths import KINDS, put


@pytest.fixture
def sources(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, Path]:
    """Return the files that the command writes: two small ones, to save time."""
    place = tmp_path / "sources"
    (place / "core").mkdir(parents=True)
    (place / "core" / "core.js").write_text("core")
    (place / "search.py").write_text("search")
    files = {"search.py": place / "search.py", "core/core.js": place / "core" / "core.js"}
    monkeypatch.setattr(folder_module, "list_files", lambda: files)
    return files


def run(monkeypatch: pytest.MonkeyPatch, *arguments: str) -> int:
    monkeypatch.setattr(sys, "argv", ["pyscript", *arguments])
    return main()


def read_files(folder: Path) -> dict[str, str]:
    return {
        file.relative_to(folder).as_posix(): file.read_text()
        for file in folder.rglob("*")
        if file.is_file() and file.name != RECORD
    }


def test_files_of_an_earlier_run_are_replaced(
    tmp_path: Path, sources: dict[str, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    pages = tmp_path / "pages"
    pages.mkdir()
    (pages / "holiday.txt").write_text("mine")
    assert run(monkeypatch, str(pages)) == 0
    sources["search.py"].write_text("newer search")
    assert run(monkeypatch, str(pages)) == 0
    expected = {"search.py": "newer search", "core/core.js": "core", "holiday.txt": "mine"}
    assert read_files(pages) == expected


@pytest.mark.parametrize("name", ["search.py", "core/core.js"])
@pytest.mark.parametrize("is_changed", [True, False], ids=["changed", "foreign"])
def test_other_files_are_never_replaced(
    tmp_path: Path,
    sources: dict[str, Path],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    name: str,
    is_changed: bool,
) -> None:
    pages = tmp_path / "pages"
    if is_changed:
        assert run(monkeypatch, str(pages)) == 0
    mine = pages / name
    mine.parent.mkdir(parents=True, exist_ok=True)
    mine.write_text("mine")
    before = read_files(pages)
    for source in sources.values():
        source.write_text("newer")
    assert run(monkeypatch, str(pages)) == 1
    assert capsys.readouterr().err == (
        f"pyscript: {mine} is not from this program, or was changed: choose another folder\n"
    )
    assert read_files(pages) == before


@pytest.mark.usefixtures("sources")
@pytest.mark.parametrize("name", ["search.py", "core"])
def test_links_are_not_followed(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    name: str,
) -> None:
    pages, elsewhere = tmp_path / "pages", tmp_path / "elsewhere"
    pages.mkdir()
    if name == "core":
        elsewhere.mkdir()
    (pages / name).symlink_to(elsewhere)
    assert run(monkeypatch, str(pages)) == 1
    assert "is not from this program" in capsys.readouterr().err
    assert not elsewhere.is_file() and not read_files(pages)


@pytest.mark.usefixtures("sources")
@pytest.mark.parametrize(
    "record", ["", "[]", "{", "my notes", '{"search.py": ["mine"]}', "[" * 100_000]
)
def test_record_that_is_not_ours_is_not_replaced(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], record: str
) -> None:
    pages = tmp_path / "pages"
    pages.mkdir()
    (pages / RECORD).write_text(record)
    assert run(monkeypatch, str(pages)) == 1
    assert capsys.readouterr().err == (
        f"pyscript: {pages / RECORD} is not from this program, or was changed: choose another folder\n"
    )
    assert (pages / RECORD).read_text() == record
    assert not read_files(pages)


@pytest.mark.usefixtures("sources")
@pytest.mark.parametrize("kind", KINDS)
def test_irregular_record_is_reported_without_waiting(
    kind: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    pages = tmp_path / "pages"
    pages.mkdir()
    put(kind, pages / RECORD)
    assert run(monkeypatch, str(pages)) == 1
    assert capsys.readouterr().err.count("\n") == 1
    assert not read_files(pages)


@pytest.mark.usefixtures("sources")
def test_link_in_place_of_the_record_is_not_followed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pages, mine = tmp_path / "pages", tmp_path / "mine.json"
    pages.mkdir()
    mine.write_text("{}")
    (pages / RECORD).symlink_to(mine)
    assert run(monkeypatch, str(pages)) == 1
    assert mine.read_text() == "{}"


def test_interrupted_command_can_run_again(
    tmp_path: Path, sources: dict[str, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    pages = tmp_path / "pages"
    with monkeypatch.context() as interrupted:
        interrupted.setattr(os, "fsync", lambda file: _interrupt())
        assert run(interrupted, str(pages)) == 0
    assert not read_files(pages)
    assert run(monkeypatch, str(pages)) == 0
    assert read_files(pages).keys() == sources.keys()


def _interrupt() -> None:
    raise KeyboardInterrupt


def test_file_in_place_of_the_folder_is_reported_in_one_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "picture.jpg"
    file.write_bytes(b"JPEG")
    assert run(monkeypatch, str(file)) == 1
    message = capsys.readouterr().err
    assert message.startswith("pyscript: cannot write to ")
    assert message.endswith("(Not a directory): choose another folder\n")
    assert file.read_bytes() == b"JPEG"


def test_folder_that_is_not_writable_is_reported_in_one_line(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert run(monkeypatch, "/proc/pages") == 1
    message = capsys.readouterr().err
    assert message.startswith("pyscript: cannot write to /proc/pages")
    assert message.endswith(": choose another folder\n") and message.count("\n") == 1


@pytest.fixture
def nothing_installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return an empty folder, in which the packages are looked for and installed."""
    place = tmp_path / "example" / "node_modules"
    monkeypatch.setattr(npm, "PLACES", (tmp_path / "node_modules", place))
    return place


def make_npm(folder: Path, monkeypatch: pytest.MonkeyPatch, script: str) -> None:
    """Put a program in place of npm; it gets the arguments of npm."""
    folder.mkdir()
    program = folder / "npm"
    program.write_text(f"#!/bin/sh\n{script}\n")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", str(folder), prepend=":")


@pytest.mark.usefixtures("sources")
def test_missing_packages_are_installed_in_the_locked_versions(
    nothing_installed: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    parts = [nothing_installed / name for name in npm.PACKAGES.values()]
    made = " ".join(f"'{part / 'dist'}'" for part in parts)
    make_npm(tmp_path / "bin", monkeypatch, f'echo "$@" >{tmp_path}/asked; mkdir -p {made}')
    found = npm.find_packages()
    assert found == {"core": parts[0] / "dist", "micropython": parts[1]}
    assert npm.find_packages() == found
    assert capsys.readouterr().out == "Installing PyScript and MicroPython with npm …\n"
    asked = (tmp_path / "asked").read_text().split()
    locked = json.loads(npm.LOCK.read_text())["packages"]
    assert asked[:3] == ["install", "--prefix", str(nothing_installed.parent)]
    assert asked[-2:] == [
        f"{name}@{locked[f'node_modules/{name}']['version']}" for name in npm.PACKAGES.values()
    ]


@pytest.mark.parametrize(
    ("script", "expected"),
    [
        ("echo 'npm error network\nnpm error more' >&2; exit 1", ": npm error network"),
        ("exit 1", ": no message"),
        ("exit 0", "npm installed no complete packages to "),
        (None, "PyScript is missing, and npm, which installs it: install Node 20 or newer"),
    ],
)
@pytest.mark.usefixtures("nothing_installed")
def test_failed_installation_is_reported_in_one_line(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    script: str | None,
    expected: str,
) -> None:
    if script is None:
        monkeypatch.setenv("PATH", str(tmp_path))
    else:
        make_npm(tmp_path / "bin", monkeypatch, script)
    assert run(monkeypatch, str(tmp_path / "pages")) == 1
    message = capsys.readouterr().err
    assert message.startswith("pyscript: ") and expected in message and message.count("\n") == 1
    assert not (tmp_path / "pages").exists()


def test_address_is_printed_before_the_server_is_ready(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    printed: list[str] = []

    def start(*_: Any) -> None:
        printed.append(capsys.readouterr().out)
        raise KeyboardInterrupt

    monkeypatch.setattr(demo_server, "Demo", start)
    assert run(monkeypatch, "--no-browser", "--port", "0") == 0
    assert printed[0].startswith("The pages are at http://127.0.0.1:")
