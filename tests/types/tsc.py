"""Run TypeScript's compiler in the ways in which packages are resolved."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

from tests.support.npm import find_tool

RESOLUTIONS = {
    "node16": "--module node16",
    "nodenext": "--module nodenext",
    "bundler": "--module esnext --moduleResolution bundler",
    "bundler in development": "--module preserve --customConditions development",
}
STRICT = "--strict --exactOptionalPropertyTypes --noEmit --pretty false --target es2022"


def run_tsc(folder: Path, options: str, *names: str) -> list[str]:
    """Run tsc; return its errors, as `FILE(LINE): CODE`."""
    command = [find_tool("tsc"), *f"{STRICT} {options}".split(), *names]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    errors = re.findall(r"^(\S+)\((\d+),\d+\): error (TS\d+)", done.stdout, re.M)
    assert bool(errors) == bool(done.returncode), done.stdout
    return [f"{name}({line}): {code}" for name, line, code in errors]
