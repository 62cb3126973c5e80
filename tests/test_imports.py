"""Test the rules of imports: shared code of tests is in tests/support, and slow libraries load late."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.repository import ROOT

# Libraries that calls, signatures, downloads or some options need, and a program that only imports the
# client does not. `dataclasses` loads `inspect`, which takes longer than the whole client.
LATE_LIBRARIES = [
    "aiohttp",
    "asyncio",
    "dataclasses",
    "dotenv",
    "email",
    "hashlib",
    "http",
    "inspect",
    "ipaddress",
    "logging",
    "oauthlib",
    "platformdirs",
    "requests",
    "socket",
    "ssl",
    "urllib.parse",
    "urllib3",
]
FOLDERS = ("bench", "compiler", "examples", "pyflickr_web", "tests")


def find_imports(file: str, source: str) -> Iterator[str]:
    """Yield the modules that a file imports, and the names that it imports from modules."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            package = file.split("/")[: -node.level] if node.level else []
            module = ".".join([*package, *filter(None, [node.module])])
            yield from (f"{module}.{alias.name}" for alias in node.names)


def find_violations(file: str, source: str) -> Iterator[str]:
    """Yield the imports of a file that break a rule."""
    folder, *rest = Path(file).parent.parts
    for name in find_imports(file, source):
        parts = name.split(".")
        if parts[0] != "tests":
            continue
        if folder != "tests":
            yield f"{file}: {name}: only tests may import tests"
        elif any(part == "conftest" or part.startswith("test_") for part in parts[1:3]):
            yield f"{file}: {name}: do not import test modules"
        elif parts[1] not in ("support", *rest[:1]):
            yield f"{file}: {name}: move code for several folders to tests/support"


@pytest.mark.parametrize("folder", FOLDERS)
def test_imports_follow_the_rules(folder: str) -> None:
    files = [file.relative_to(ROOT).as_posix() for file in (ROOT / folder).rglob("*.py")]
    assert files
    violations = [
        line for file in files for line in find_violations(file, (ROOT / file).read_text("utf-8"))
    ]
    assert violations == []


@pytest.mark.parametrize(
    ("file", "source"),
    [
        ("bench/load.py", "from tests.support.repository import ROOT"),
        ("bench/load.py", "import tests"),
        ("tests/server/raw_server.py", "from tests.server.conftest import sandbox"),
        ("tests/server/test_calls.py", "from tests.server import test_store"),
        ("tests/server/test_calls.py", "def test(): import tests.server.test_store"),
        ("tests/server/test_calls.py", "from tests.proxy.caller import Caller"),
        ("tests/server/test_calls.py", "from .test_store import ANN"),
        ("tests/server/test_calls.py", "from ..proxy import caller"),
        ("tests/support/web.py", "from tests.proxy.caller import Caller"),
        ("tests/test_stdio.py", "from tests.proxy.caller import Caller"),
    ],
)
def test_import_that_breaks_a_rule_is_found(file: str, source: str) -> None:
    assert list(find_violations(file, source))


@pytest.mark.parametrize(
    ("file", "source"),
    [
        ("tests/server/raw_server.py", "from tests.support.sockets import accepting"),
        ("tests/server/test_calls.py", "from tests.server import tokens"),
        ("tests/sandbox/foreign/test_it.py", "from tests.sandbox.library import Library"),
        ("tests/server/test_calls.py", "from . import tokens"),
        ("tests/test_stdio.py", "from tests.support import web"),
    ],
)
def test_import_that_follows_the_rules_is_allowed(file: str, source: str) -> None:
    assert list(find_violations(file, source)) == []


@pytest.mark.parametrize("name", ["Flickr", "AsyncFlickr"])
def test_import_of_a_client_loads_no_slow_library(name: str) -> None:
    code = (
        f"import sys; before = set(sys.modules); from pyflickr_web import {name}; "
        "print(*sys.modules.keys() - before)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT
    )
    loaded = done.stdout.split()
    assert "pyflickr_web.flickr" in loaded
    assert [name for name in LATE_LIBRARIES if name in loaded] == []
