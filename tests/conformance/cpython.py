"""Run conformance vectors on CPython, with a fake module `js`."""

from __future__ import annotations

import importlib
import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

from compiler.__main__ import OUT
from tests.conformance import perform
from tests.conformance.fake_js import Script
from tests.support.loops import run
from tests.support.vectors import vectors

PACKAGE = "the package"


def run_here(module: str | Path, edition: str, only: str | None = None) -> dict[str, Any]:
    """Run all vectors, or `only` the one of this name, on CPython; return their records by name."""
    with import_client(module) as (client, js):
        return {
            vector["name"]: _record(client, js, vector)
            for vector in vectors(edition, "python")
            if only in (None, vector["name"])
        }


def _record(client: Any, js: SimpleNamespace, vector: dict[str, Any]) -> dict[str, Any]:
    script = Script(
        [*vector.get("answers", [])],
        perform.cancel if vector.get("abort") in ("during", "signal") else lambda: None,
    )
    js.__dict__.update(script.module().__dict__)
    outcome = json.loads(run(perform.perform(client, json.dumps(vector))))  # type: ignore[no-untyped-call]
    return {
        "reports": [],
        "requests": script.requests,
        "warnings": script.warnings,
        "left": len(script.answers),
        "ended": script.has_ended,
        **outcome,
    }


@contextmanager
def import_client(module: str | Path) -> Iterator[tuple[Any, SimpleNamespace]]:
    js: Any = ModuleType("js")
    sys.modules["js"] = js
    try:
        if module == PACKAGE:
            yield importlib.import_module("pyflickr_web.browser.flickr"), js
        else:
            yield _load(OUT / module), js
    finally:
        for name in [name for name in sys.modules if name.startswith("pyflickr_web.browser")]:
            del sys.modules[name]
        del sys.modules["js"]


def _load(file: Path) -> ModuleType:
    """Load a module from a file of any name, without writing bytecode."""
    module = ModuleType("linked_flickr")
    exec(compile(file.read_text("utf-8"), file.name, "exec"), module.__dict__)
    return module
