"""The list of programs, their locks, and their places in the Makefile and in docs/sandbox.md."""

from __future__ import annotations

import json
import re
import sys

import pytest

from tests.sandbox.foreign import __main__ as installer
from tests.sandbox.foreign.programs import LOCKS, PROGRAMS, Program
from tests.support.repository import ROOT

MAKEFILE = (ROOT / "Makefile").read_text("utf-8")
PAGE = (ROOT / "docs" / "sandbox.md").read_text("utf-8")


def test_every_program_has_a_lock_and_every_lock_a_program() -> None:
    assert {entry.name.removesuffix(".txt") for entry in LOCKS.iterdir()} == set(PROGRAMS)


@pytest.mark.parametrize("program", PROGRAMS.values(), ids=list(PROGRAMS))
def test_lock_pins_every_package(program: Program) -> None:
    if program.is_node:
        packages = json.loads(program.lock)["packages"]
        assert all("version" in package for name, package in packages.items() if name)
        assert all("integrity" in package for name, package in packages.items() if name)
        # Registries are settings of each machine.
        assert "resolved" not in program.lock
    else:
        lines = program.lock.splitlines()
        assert lines and all(re.fullmatch(r"[\w.-]+==[\w.]+", line) for line in lines)
        assert any(line.lower().replace("_", "-").startswith(f"{program.name}==") for line in lines)


def test_three_quick_programs_run_in_make_test() -> None:
    assert len([program for program in PROGRAMS.values() if program.quick]) == 3
    targets = dict(re.findall(r"^(test|soak|foreign[-a-z]*):(.*)$", MAKEFILE, re.M))
    assert "foreign-quick" in targets["test"].split()
    assert "foreign" in targets["soak"].split()
    assert "tests.sandbox.foreign --quick" in MAKEFILE


def test_every_program_is_documented() -> None:
    for program in PROGRAMS.values():
        name = program.name.removeprefix("npm-")
        place = "https://www.npmjs.com/package" if program.is_node else "https://pypi.org/project"
        address = f"{place}/{name}"
        assert address in PAGE or address.replace("-", "_") in PAGE.replace("-", "_")


@pytest.mark.parametrize(
    ("oldest", "newest", "supported"),
    [
        ((3, 11), None, True),
        ((3, 99), None, False),
        ((3, 0), (3, 9), False),
        ((3, 0), (3, 99), True),
    ],
)
def test_program_of_another_python_is_not_installed(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    oldest: tuple[int, int],
    newest: tuple[int, int] | None,
    supported: bool,
) -> None:
    program = Program("flickrapi", oldest=oldest, newest=newest, why="it is old")
    installed: list[Program] = []
    monkeypatch.setattr(installer, "PROGRAMS", {"flickrapi": program})
    monkeypatch.setattr(installer, "install", installed.append)
    monkeypatch.setattr(Program, "is_ready", False)
    assert installer.main([]) == 0
    version = f"{sys.version_info[0]}.{sys.version_info[1]}"
    reason = f"flickrapi does not run on Python {version}: it is old\n"
    assert installed == ([program] if supported else [])
    assert capsys.readouterr().out == ("installing flickrapi\n" if supported else reason)


def test_folders_are_printed_for_benchmarks(capsys: pytest.CaptureFixture[str]) -> None:
    assert installer.main(["--folders", "gallery-dl"]) == 0
    folder = str(PROGRAMS["gallery-dl"].folder)
    assert json.loads(capsys.readouterr().out) == {"gallery-dl": folder}
