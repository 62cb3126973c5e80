"""Run the guide docs/upload.md, block by block, against a sandbox; check its table of options."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from click.testing import CliRunner

from pyflickr_web.cli import main
from tests.support.processes import start_interruptible
from tests.support.repository import ROOT

TEXT = (ROOT / "docs/upload.md").read_text("utf-8")
BLOCKS = re.findall(r"^```(sh|python)\n(.*?)^```", TEXT, re.S | re.M)
# The commands of the guide, as they are in an environment with the package.
PRELUDE = f"""
set -e
python() {{ "{sys.executable}" "$@"; }}
pyflickr-web() {{ python -m pyflickr_web "$@"; }}
"""
# A browser whose user allows access.
BROWSER = """
import sys
from tests.server.visitor import Visitor
visitor = Visitor()
visitor.open(sys.argv[1])
visitor.leave()
"""


@dataclass(slots=True)
class Reader:
    """A reader who runs the blocks of the guide in a shell."""

    environment: dict[str, str]

    def run(self, block: str) -> str:
        """Run a block, and return its output; it must succeed."""
        done = subprocess.run(
            ["bash", "-c", PRELUDE + block],
            env=self.environment,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout + done.stderr


@contextmanager
def sandbox_of(block: str) -> Iterator[dict[str, str]]:
    """Start the sandbox of the first block, on a free port; return the environment that it prints."""
    install, command = block.splitlines()
    assert install == "pip install 'pyflickr-web[sandbox]'"
    assert command == "pyflickr-web sandbox"
    words = [sys.executable, "-m", "pyflickr_web", "sandbox", "--port", "0"]
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    with start_interruptible(words, env=environment, stdout=subprocess.PIPE) as process:
        assert process.stdout
        exports = {}
        while (line := process.stdout.readline()).startswith("export "):
            name, _, value = line.removeprefix("export ").strip().partition("=")
            exports[name] = value
        try:
            yield environment | exports
        finally:
            process.kill()


@pytest.mark.soak
def test_guide_leads_to_an_album(tmp_path: Path) -> None:
    (_, sandbox), (_, draw), (_, upload), (_, show), (_, more), (_, sign_in), (_, python) = BLOCKS
    (tmp_path / "browser.py").write_text(BROWSER)
    with sandbox_of(sandbox) as environment:
        reader = Reader(environment)
        reader.run(draw)
        output = reader.run(upload)
        assert "100 files: 100 to upload" in output and "100 files: 100 uploaded" in output
        rows = reader.run(show).splitlines()
        assert any("Holidays 2024" in row for row in rows)
        assert "101 files: 1 uploaded, 100 present" in reader.run(more)

        tokens = ("FLICKR_ACCESS_TOKEN", "FLICKR_ACCESS_TOKEN_SECRET", "FLICKR_USER_ID")
        key, secret = environment["FLICKR_API_KEY"], environment["FLICKR_SECRET"]
        reader.environment = {name: environment[name] for name in environment if name not in tokens}
        reader.environment["BROWSER"] = f"{sys.executable} {tmp_path / 'browser.py'} %s"
        typed = sign_in.replace("KEY=…", f"KEY={key}").replace("SECRET=…", f"SECRET={secret}")
        output = reader.run(typed)
        assert "is signed in, to write" in output and "101 files: 101 present" in output
        assert "101 photos of this upload" in output
        (tmp_path / "guide.py").write_text(python)
        assert reader.run("python guide.py") == "101 photos\n"


def test_every_option_is_documented() -> None:
    output = CliRunner().invoke(main, ["upload", "--help"]).output
    options = set(re.findall(r"^  (?:-h, )?(--[a-z-]+)", output, re.M)) - {"--help"}
    rows = [line.split("|")[1] for line in TEXT.splitlines() if line.startswith("| `--")]
    assert options == set(re.findall(r"--[a-z-]+", "".join(rows))) and len(options) > 15


@pytest.mark.parametrize("name", ["README.md", "docs/python.md"])
def test_guide_is_linked(name: str) -> None:
    assert "upload.md" in (ROOT / name).read_text("utf-8")
