"""README's lines of JavaScript pass `tsc --strict`, in every resolution."""

from __future__ import annotations

import re
import shutil
import textwrap
from pathlib import Path

import pytest

from tests.support.npm import install
from tests.support.repository import ROOT
from tests.types.tsc import RESOLUTIONS, run_tsc

TEXTS = [(ROOT / name).read_text("utf-8") for name in ("README.md", "browser_dist/README.md")]
BLOCKS = [block for text in TEXTS for block in re.findall(r"^```js\n(.*?)^```", text, re.S | re.M)]
SENTENCES = "\n".join(re.sub(r"^```.*?^```", "", text, flags=re.S | re.M) for text in TEXTS)
# Lines within sentences; the brace tells them from Python's.
LINES = [
    line
    for line in re.findall(r"`([^`]+)`", SENTENCES)
    if "{" in line and re.search(r"\b[Ff]lickr\b", line)
]
IMPORT = 'import { Flickr, FlickrError } from "./flickrapi.js";\n'
# The names that sentences use.
NAMES = """
declare const flickr: Flickr, file: File, signal: AbortSignal;
declare const api_key: string, title: string, text: string;
declare const onprogress: (event: ProgressEvent) => void;
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with the package installed, and its files next to the pages."""
    place = tmp_path_factory.mktemp("readme")
    shutil.copytree(install(place), place, dirs_exist_ok=True)
    return place


def write_pages(folder: Path, start: str = "") -> list[str]:
    """Write each block as a module and as CommonJS, and each line as a module; return their names."""
    texts = {}
    for number, block in enumerate(BLOCKS):
        texts[f"block{number}.mts"] = IMPORT + start + block
        body = textwrap.indent(block, "  ")
        texts[f"block{number}.cts"] = f"{IMPORT}{start}async function run() {{\n{body}}}\n"
    for number, line in enumerate(LINES):
        if "require" in line:
            # Only in JavaScript has `require` types.
            texts[f"line{number}.cjs"] = f'{line};\nFlickr.tokenOnly({{ api_key: "k" }});\n'
        elif line.startswith("import"):
            texts[f"line{number}.mts"] = f'{line};\nFlickr.tokenOnly({{ api_key: "k" }});\n'
        else:
            texts[f"line{number}.mts"] = f"{IMPORT}{NAMES}{line};\n"
    for name, text in texts.items():
        (folder / name).write_text(text, "utf-8")
    return list(texts)


@pytest.mark.parametrize("resolution", RESOLUTIONS)
def test_lines_of_readme_have_the_types_that_they_use(folder: Path, resolution: str) -> None:
    options = f"{RESOLUTIONS[resolution]} --allowJs --checkJs"
    names = write_pages(folder)
    assert len(BLOCKS) >= 2 and len(LINES) >= 7
    assert run_tsc(folder, options, *names) == []


def test_wrong_line_is_an_error(folder: Path) -> None:
    names = write_pages(folder, "Flickr.tokenonly;\n")
    wrong = [name for name in names if name.startswith("block")]
    assert run_tsc(folder, RESOLUTIONS["nodenext"], *wrong) == [
        f"{n}(2): TS2551" for n in sorted(wrong)
    ]
