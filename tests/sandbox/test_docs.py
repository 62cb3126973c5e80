"""Check the table, options and examples of docs/sandbox.md against the code."""

from __future__ import annotations

import ast
import itertools
import os
import re
import shlex
import subprocess
from pathlib import Path

import pytest
from click.testing import CliRunner

from flickr_sandbox import Sandbox
from flickr_sandbox.faults import KINDS, PLACES, parse_rule
from pyflickr_web.cli import main
from pyflickr_web.commands.sandbox import sandbox
from tests.sandbox.method_table import PAGE, render_page
from tests.support.repository import ROOT

pytest_plugins = ["pytester"]
TEXT = PAGE.read_text("utf-8")


def blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```", TEXT, re.S | re.M)


def test_table_of_methods_is_up_to_date() -> None:
    assert render_page() == TEXT, "run python -m tests.sandbox.method_table"


def test_every_fault_is_documented() -> None:
    documented = dict(re.findall(r"^\| `([\w-]+)` \| (.*) \|$", TEXT, re.M))
    assert {kind: documented.get(kind) for kind in KINDS} == KINDS
    assert "`, `".join(PLACES) in TEXT


def test_every_option_is_documented() -> None:
    output = CliRunner().invoke(main, ["sandbox", "--help"]).output
    options = set(re.findall(r"--[a-z-]+", output)) - {"--help"}
    assert options == {found for found in re.findall(r"--[a-z-]+", TEXT) if found in options}


def test_faults_of_the_examples_are_valid() -> None:
    words = [word for block in blocks("sh") for word in shlex.split(block, comments=True)]
    rules = [word for before, word in itertools.pairwise(words) if before == "--fault"]
    assert rules and all(parse_rule(text) for text in rules)


def test_javascript_test_of_the_page_passes(fresh_sandbox: Sandbox, tmp_path: Path) -> None:
    [block] = [block for block in blocks("js") if "node:test" in block]
    (tmp_path / "sandbox.test.mjs").write_text(block, "utf-8")
    environment = {**os.environ, "SANDBOX": fresh_sandbox.url}
    done = subprocess.run(
        ["node", "--test", "--test-reporter=tap"],
        cwd=tmp_path,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout
    assert "# pass 2\n" in done.stdout


def test_command_in_the_configuration_of_playwright_is_valid() -> None:
    [config] = [block for block in blocks("js") if "webServer" in block]
    found = re.search(r'command: "(.*)"', config)
    assert found
    program, name, *options = shlex.split(found[1])
    assert (program, name) == ("pyflickr-web", "sandbox")
    context = sandbox.make_context("sandbox", options)
    address = f"http://{context.params['host']}:{context.params['port']}"
    assert f'url: "{address}/sandbox/"' in config
    assert all(address in block for block in blocks("js"))


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
