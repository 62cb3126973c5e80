"""The notebook of the examples runs in JupyterLite, in a site that docs/pyscript.md builds."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from compiler.python.wheel import build_for_pages
from examples.jupyterlite.__main__ import NOTEBOOK, main
from tests.support.repository import ROOT
from tests.support.wheels import can_build

TEXT = (ROOT / "docs" / "pyscript.md").read_text("utf-8")
CELLS = json.loads((ROOT / "examples" / "jupyterlite" / "flickr.ipynb").read_text("utf-8"))["cells"]
# `make soak` installs it, with the wheels that a kernel loads from Pyodide's network.
JUPYTERLITE = ROOT / ".venv" / "jupyterlite"
PYODIDE = ROOT / "node_modules" / "pyodide"
# Milliseconds until a kernel has started, and run all cells.
TIMEOUT = 240_000


def test_notebook_is_committed_without_outputs() -> None:
    code = [cell for cell in CELLS if cell["cell_type"] == "code"]
    assert [(cell["outputs"], cell["execution_count"]) for cell in code] == [([], None)] * len(code)


def test_folder_without_a_site_is_reported_in_one_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "argv", ["jupyterlite", str(tmp_path)])
    assert main() == 1
    message = capsys.readouterr().err
    assert message.startswith(f"jupyterlite: {tmp_path} is not a site of JupyterLite: ")
    assert message.count("\n") == 1 and "see docs/pyscript.md" in message


def read_commands() -> list[str]:
    """Return the commands of the page that build the site and serve it."""
    [block] = [block for block in re.findall(r"```sh\n(.*?)```", TEXT, re.S) if "lite" in block]
    return str(block).splitlines()


def test_packages_of_the_docs_are_those_of_this_test() -> None:
    pins = (ROOT / "tests" / "browser" / "jupyterlite.txt").read_text().splitlines()
    names = {pin.partition("==")[0] for pin in pins if not pin.startswith("#")}
    assert set(read_commands()[0].removeprefix("pip install ").split()) == names


def write_distribution(folder: Path) -> None:
    """Write Pyodide to a folder, with a lock file of the wheels that a kernel loads, and no others."""
    from pyodide_lock import PyodideLockSpec
    from pyodide_lock.utils import add_wheels_to_spec

    folder.mkdir(parents=True)
    for file in [*PYODIDE.iterdir(), *(JUPYTERLITE / "wheels").iterdir()]:
        shutil.copy(file, folder)
    lock = folder / "pyodide-lock.json"
    spec = PyodideLockSpec.from_json(lock)
    spec.packages = {}
    wheels = sorted(folder.glob("*.whl"))
    add_wheels_to_spec(spec, wheels, base_path=folder, ignore_missing_dependencies=True).to_json(
        lock
    )


@pytest.fixture
def notebook(tmp_path: Path) -> Iterator[str]:
    """Build and serve the site by the commands of the page; return the notebook's address."""
    if not (JUPYTERLITE / ".ready").exists():
        pytest.skip("JupyterLite is not installed: make soak")
    (tmp_path / "examples").symlink_to(ROOT / "examples")
    build_for_pages(tmp_path / "browser_dist" / "pyodide")
    write_distribution(tmp_path / "static" / "pyodide")
    _, _, build, serve = read_commands()
    path = os.pathsep.join([str(JUPYTERLITE / "bin"), os.environ["PATH"]])
    environment = os.environ | {"PATH": path, "PYTHONPATH": ""}
    subprocess.run(build.split(), cwd=tmp_path, env=environment, check=True, capture_output=True)
    words = [sys.executable, *serve.split()[1:], "--port", "0", "--no-browser"]
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    with subprocess.Popen(
        words, cwd=tmp_path, env=environment, stdout=subprocess.PIPE, text=True
    ) as server:
        assert server.stdout
        try:
            yield re.findall(r"http://\S+(?=,)", server.stdout.readline())[0]
        finally:
            server.kill()


@can_build
@pytest.mark.soak
def test_notebook_runs_in_jupyterlite(page: Page, notebook: str) -> None:
    assert notebook.endswith(NOTEBOOK)
    page.goto(notebook)
    idle = page.locator(".jp-Notebook-ExecutionIndicator[data-status=idle]")
    expect(idle).to_be_visible(timeout=TIMEOUT)
    page.get_by_role("menuitem", name="Run", exact=True).click()
    page.get_by_text("Run All Cells", exact=True).click()
    outputs = page.locator(".jp-OutputArea-output")
    expect(outputs).to_have_count(3, timeout=TIMEOUT)
    expect(outputs.first).to_have_text(re.compile(r"^\d+ photos\s*$"))
    expect(outputs.nth(1).locator("img")).to_have_count(6)
    for image in outputs.nth(1).locator("img").all():
        expect(image).not_to_have_js_property("naturalWidth", 0)
    expect(outputs.last).to_contain_text("[('redpanda', ")
