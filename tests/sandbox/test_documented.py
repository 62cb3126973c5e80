"""What docs/sandbox.md says is so."""

from __future__ import annotations

import ast
import itertools
import re
import shlex
from pathlib import Path

import pytest
from click.testing import CliRunner

from flickr_sandbox.faults import KINDS, PLACES, parse_rule
from pyflickr_web.cli import main
from tests.sandbox.documented import PAGE, page
from tests.support.repository import ROOT

pytest_plugins = ["pytester"]
TEXT = PAGE.read_text("utf-8")


def blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```", TEXT, re.S | re.M)


def test_table_of_methods_is_what_the_code_says() -> None:
    assert page() == TEXT, "run python -m tests.sandbox.documented"


def test_every_fault_is_told() -> None:
    told = dict(re.findall(r"^\| `([\w-]+)` \| (.*) \|$", TEXT, re.M))
    assert {kind: told.get(kind) for kind in KINDS} == KINDS
    assert "`, `".join(PLACES) in TEXT


def test_every_option_is_told() -> None:
    shown = CliRunner().invoke(main, ["sandbox", "--help"]).output
    options = set(re.findall(r"--[a-z-]+", shown)) - {"--help"}
    assert options == {found for found in re.findall(r"--[a-z-]+", TEXT) if found in options}


def test_faults_of_the_examples_can_be_read() -> None:
    words = [word for block in blocks("sh") for word in shlex.split(block, comments=True)]
    given = [word for before, word in itertools.pairwise(words) if before == "--fault"]
    assert given and all(parse_rule(text) for text in given)


@pytest.mark.soak
def test_example_of_the_fixture_passes(
    pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    examples = [block for block in blocks("python") if "def test_" in block]
    assert examples
    for number, block in enumerate(examples):
        ast.parse(block)
        Path(pytester.path / f"test_example_{number}.py").write_text(block, "utf-8")
    done = pytester.runpytest_subprocess("-p", "flickr_sandbox.pytest_plugin", "-Werror")
    assert done.parseoutcomes().keys() == {"passed"}
