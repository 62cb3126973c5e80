"""The wheel and the sdist work after installation in clean environments."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import pyflickr_web
from flickr_sandbox import Sandbox
from tests.support.pythons import find_pythons
from tests.support.repository import ROOT

# `make soak` downloads the wheels of the package's dependencies to this folder.
DEPENDENCIES = ROOT / ".venv/dependencies"
IMPORT = """
import importlib.util, sys
import pyflickr_web
assert pyflickr_web.__version__ == sys.argv[1]
assert not any(map(importlib.util.find_spec, ("compiler", "templates", "tests")))
"""
CALL = """
from pyflickr_web import Flickr
with Flickr.token_only() as flickr:
    print(flickr.photos.search(text="lake", per_page=1)["photos"]["page"])
"""
# The first letters of FLICKR_…, PYTHON… and VIRTUAL_ENV.
IGNORED = ("FLICKR", "PYTHON", "VIRTUA")


@pytest.fixture(scope="module")
def archives(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Return the wheel and the sdist, by kind."""
    out = tmp_path_factory.mktemp("archives")
    command = [sys.executable, "-P", "-m", "hatchling", "build", "-d", str(out)]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    return {"wheel": next(out.glob("*.whl")), "sdist": next(out.glob("*.tar.gz"))}


class Environment:
    """An empty virtual environment, and a folder in which its programs run."""

    def __init__(self, interpreter: str, folder: Path) -> None:
        self.folder = folder
        self.bin = folder / "venv/bin"
        # Debian's Python has no ensurepip: `install` uses the pip of this environment.
        self._run(interpreter, "-m", "venv", "--without-pip", str(folder / "venv"))

    def install(self, archive: Path) -> None:
        """Install an archive and its dependencies, without a network."""
        python = str(self.bin / "python")
        links = ["--no-index", "--find-links", str(DEPENDENCIES)]
        self._run(
            sys.executable,
            "-m",
            "pip",
            "--python",
            python,
            "install",
            "--quiet",
            *links,
            str(archive),
        )

    def python(self, *words: str, **environment: str) -> str:
        """Run the interpreter; return its output."""
        return self._run(str(self.bin / "python"), *words, **environment)

    def command(self, *words: str, **environment: str) -> str:
        """Run the installed command; return its output."""
        return self._run(str(self.bin / "pyflickr-web"), *words, **environment)

    def _run(self, *words: str, **environment: str) -> str:
        ours = {name: value for name, value in os.environ.items() if name[:6] not in IGNORED}
        ours["HOME"] = str(self.folder)
        done = subprocess.run(
            words,
            cwd=self.folder,
            env=ours | environment,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout


@pytest.fixture(scope="module")
def flickr() -> Iterator[Sandbox]:
    """Run a sandbox for programs in these environments."""
    with Sandbox(photos=60) as sandbox:
        yield sandbox


@pytest.mark.soak
@pytest.mark.parametrize("interpreter", find_pythons(), ids=lambda path: Path(path).name)
def test_wheel_works_in_a_clean_environment(
    interpreter: str, archives: dict[str, Path], flickr: Sandbox, tmp_path: Path
) -> None:
    clean = Environment(interpreter, tmp_path)
    clean.install(archives["wheel"])
    _check(clean, flickr)


@pytest.mark.soak
def test_sdist_works_in_a_clean_environment(
    archives: dict[str, Path], flickr: Sandbox, tmp_path: Path
) -> None:
    clean = Environment(sys.executable, tmp_path)
    clean.install(archives["sdist"])
    _check(clean, flickr)


def _check(clean: Environment, flickr: Sandbox) -> None:
    version = pyflickr_web.__version__
    clean.python("-c", IMPORT, version)
    assert version in clean.command("--version")
    assert "pyflickr-web sandbox" in clean.command("sandbox", "--help")
    assert clean.python("-c", CALL, **flickr.environ) == "1\n"
    answer = json.loads(clean.command("call", "flickr.test.login", **flickr.environ))
    assert answer["user"]["id"] == flickr.account.user_id
