"""`pyflickr_web.sandbox`, the deprecated name of `flickr_sandbox`."""

from __future__ import annotations

import subprocess
import sys
import warnings
from pathlib import Path

import pytest

import flickr_sandbox
from tests.support.repository import ROOT


@pytest.mark.parametrize("name", ["Fault", "Sandbox"])
def test_old_import_warns_and_names_the_new_one(name: str) -> None:
    found: dict[str, object] = {}
    code = compile(f"\nfrom pyflickr_web.sandbox import {name}", "users.py", "exec")
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        exec(code, found)
    assert found[name] is getattr(flickr_sandbox, name)
    [warning] = caught
    assert warning.category is DeprecationWarning
    assert f"`from flickr_sandbox import {name}`" in str(warning.message)
    assert (warning.filename, warning.lineno) == ("users.py", 2)


def test_importing_the_module_neither_warns_nor_loads_the_sandbox() -> None:
    code = "import sys, pyflickr_web.sandbox; sys.exit('flickr_sandbox' in sys.modules)"
    command = [sys.executable, "-W", "error", "-c", code]
    assert subprocess.run(command, cwd=ROOT, check=False).returncode == 0


def test_unknown_name_is_an_attribute_error() -> None:
    import pyflickr_web.sandbox as old

    with pytest.raises(AttributeError, match=r"'pyflickr_web.sandbox' has no attribute 'Flickr'"):
        old.Flickr  # noqa: B018


def test_no_module_uses_the_old_name() -> None:
    old = "pyflickr_web" + ".sandbox"
    folders = ("bench", "compiler", "examples", "flickr_sandbox", "pyflickr_web")
    files: list[Path] = [file for folder in folders for file in (ROOT / folder).rglob("*.py")]
    uses = [file for file in files if old in file.read_text("utf-8")]
    assert uses == [ROOT / "pyflickr_web" / "sandbox.py"]
