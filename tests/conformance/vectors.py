"""The conformance vectors, and how a runtime in Node runs them."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
FILES = sorted(HERE.glob("*.json"))
Problems = dict[str, list[str]]


def vectors(edition: str) -> list[dict[str, Any]]:
    """All vectors that an edition must meet."""
    found = [vector for file in FILES for vector in json.loads(file.read_text("utf-8"))]
    return [vector for vector in found if vector.get("edition", edition) == edition]


def run_in_node(bundle: Path, edition: str) -> Problems:
    """What each vector finds wrong with a bundle."""
    command: list[str | Path] = ["node", HERE / "node.mjs", bundle, edition, *FILES]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=120)
    assert done.returncode == 0, done.stderr
    problems: Problems = json.loads(done.stdout)
    return problems
