"""Run the page docs/mirror-browse.md: its commands, its Python, and the index in Datasette."""

from __future__ import annotations

import html
import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests
from click.testing import CliRunner

from flickr_sandbox import Sandbox
from pyflickr_web import load_locally
from pyflickr_web.cli import main
from pyflickr_web.mirror.index import schema as index_schema
from tests.mirror.mirroring import FirstRuns
from tests.support.repository import ROOT
from tests.support.timeouts import TIMEOUT

TEXT = (ROOT / "docs/mirror-browse.md").read_text("utf-8")
BLOCKS = re.findall(r"^```(sh|python)\n(.*?)^```", TEXT, re.S | re.M)
ADDRESSES = re.findall(r"^\| `(/index\S*)` \|", TEXT, re.M)
DATASETTE = ROOT / ".venv/datasette"
PRELUDE = f"""
set -eo pipefail
pyflickr-web() {{ "{sys.executable}" -m pyflickr_web "$@"; }}
"""


@pytest.fixture(scope="module")
def place(
    shared_sandbox: Sandbox, shared_first_runs: FirstRuns, tmp_path_factory: pytest.TempPathFactory
) -> Path:
    """A folder with the mirror of a sandbox's account in `photos/`, loaded once."""
    folder = tmp_path_factory.mktemp("browse")
    shared_sandbox.reset()
    shutil.copytree(shared_first_runs.make(sizes="original,thumbnail"), folder / "photos")
    load_locally(folder / "photos").close()
    return folder


def run(place: Path, block: str) -> str:
    """Run a block of the page in a shell, and return its output; it must succeed."""
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        ["bash", "-c", PRELUDE + block], cwd=place, env=environment, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_commands_print_paths(place: Path) -> None:
    (_, first), _, (_, more), _ = BLOCKS
    paths = run(place, first).splitlines()
    assert len([path for path in paths if "ia/photosets/" in path]) == 12
    assert all((place / path).is_file() for path in paths)
    found = run(place, more)
    assert "photos/images/original/" in found
    assert "photos/images/thumbnail/" in found
    assert json.loads(found.splitlines()[-1])["dates"]


def test_python_prints_titles_and_paths(place: Path) -> None:
    [code] = [block for language, block in BLOCKS if language == "python"]
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=place,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
    )
    assert done.stderr == ""
    lines = done.stdout.splitlines()
    assert len(lines) > 10
    assert any("photos/images/original/" in line for line in lines[:10])
    assert all(line.startswith("2017-") for line in lines[10:])


@pytest.fixture(scope="module")
def datasette(place: Path) -> Iterator[str]:
    """Run Datasette by the command of the page, at any port; the value is its address."""
    if not (DATASETTE / ".ready").exists():
        pytest.skip("Datasette is not installed: make test")
    install, command = BLOCKS[-1][1].splitlines()
    assert install == "pip install datasette"
    words = [sys.executable, "-m", *command.split(), "--port", "0"]
    environment = os.environ | {"PYTHONPATH": str(DATASETTE)}
    with subprocess.Popen(
        words, cwd=place, env=environment, stderr=subprocess.PIPE, text=True
    ) as process:
        assert process.stderr
        try:
            lines = iter(process.stderr.readline, "")
            found = (re.search(r"running on (http://\S+)", line) for line in lines)
            yield next(match[1] for match in found if match)
        finally:
            process.kill()


@pytest.mark.parametrize("address", ADDRESSES)
def test_address_of_datasette_shows_rows(datasette: str, address: str) -> None:
    answer = requests.get(f"{datasette}{address}", timeout=TIMEOUT)
    assert answer.status_code == 200, answer.text
    assert '<td class="col-' in answer.text
    if "_search" in address:
        # The form of a search is only there if Datasette has found the full-text table.
        assert 'name="_search"' in answer.text


def test_datasette_links_tables_by_their_keys(datasette: str, place: Path) -> None:
    with load_locally(place / "photos") as data:
        album_id = data.photoset_keys[0]
        photo_id = data.photosets[album_id]["photos"][0]
        title = data.photos[photo_id]["title"]["_content"]
    album = f"{datasette}/index/photoset_photos?photoset={album_id}"
    page = requests.get(album, timeout=TIMEOUT).text
    assert f'<a href="/index/photos/{photo_id}">{html.escape(title)}</a>' in page
    page = requests.get(f"{datasette}/index/photos/{photo_id}", timeout=TIMEOUT).text
    assert "/index/tags?photo=" in page and "/index/comments?photo=" in page


def test_every_table_is_documented() -> None:
    tables = re.findall(r"^CREATE (?:VIRTUAL )?TABLE (\w+)", index_schema.TABLES, re.M)
    section = TEXT.partition("| table | content |")[2]
    assert set(tables) == set(re.findall(r"`(\w+)`", section.partition("\n\n")[0]))


def test_every_option_is_documented() -> None:
    options: set[str] = set()
    for name in ("ls", "show", "find"):
        output = CliRunner().invoke(main, ["mirror", name, "--help"]).output
        options |= set(re.findall(r"^  (?:-., )?(--[a-z-]+)", output, re.M))
    section = TEXT.partition("| option | meaning |")[2].partition("\n\n")[0]
    columns = [line.split("|")[1] for line in section.splitlines() if line.startswith("| `")]
    assert options - {"--help"} == set(re.findall(r"--[a-z-]+", "".join(columns)))


@pytest.mark.parametrize("name", ["README.md", "docs/mirror.md", "docs/python.md"])
def test_page_is_linked(name: str) -> None:
    assert "mirror-browse.md" in (ROOT / name).read_text("utf-8")
