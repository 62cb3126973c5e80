"""Build the package's wheel for Pyodide, next to a lock file."""

from __future__ import annotations

import base64
import hashlib
import os
import re
import subprocess
import sys
import zipfile
from pathlib import Path
from tempfile import TemporaryDirectory

from compiler.errors import CompilerError
from compiler.files import write_files
from compiler.python.lock import (
    LOCK,
    SMALL_LOCK,
    LockOptions,
    add_wheel,
    describe_missing,
    read_base,
)

ROOT = Path(__file__).parents[2]
OUT = ROOT / "browser_dist" / "pyodide"
# Pages do not load these parts, which are larger than all others.
NOT_FOR_PAGES = (
    "flickr_sandbox/",
    "pyflickr_web/_dist/",
    "pyflickr_web/mirror/",
    "pyflickr_web/proxy/",
    "pyflickr_web/sandbox.py",
    "pyflickr_web/serve/",
    "pyflickr_web/upload/",
)
# pytest, which also exists in Pyodide, would load the plugin.
_PLUGIN = re.compile(rb"\[pytest11\]\n[^\[]*")
# The second day of 1980, the first year of zip files, to be within it in every time zone.
EPOCH = "315619200"


def build_for_pages(out: Path = OUT, options: LockOptions = SMALL_LOCK) -> list[Path]:
    """Write the wheel and its lock file into a folder; return both paths.

    If one fails, raises `CompilerError` and writes neither. The same package gives the same bytes, as
    long as hatchling and zlib are the same.
    """
    _require_python()
    lock = read_base(options)
    with TemporaryDirectory(prefix="pyflickr-web-") as temporary:
        wheel = _strip_for_pages(build_wheel(Path(temporary)))
        files = {out / wheel.name: wheel.read_bytes(), out / LOCK: add_wheel(lock, wheel)}
    write_files(files)
    return list(files)


def _require_python() -> None:
    if sys.version_info < (3, 12):
        raise CompilerError(
            "the wheel's lock file is made by pyodide-lock, which needs Python 3.12+"
        )


def build_wheel(folder: Path) -> Path:
    """Build the wheel of the whole package in a folder; the same bytes at any time."""
    command = [sys.executable, "-P", "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    # A process of its own: hatchling takes its time from the environment, and its root from the folder.
    result = subprocess.run(
        command,
        cwd=ROOT,
        env=os.environ | {"SOURCE_DATE_EPOCH": EPOCH, "PYTHONUTF8": "1"},
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
    if "No module named hatchling" in result.stderr:
        raise CompilerError(describe_missing("hatchling"))
    wheels = list(folder.glob("*.whl"))
    if result.returncode or len(wheels) != 1:
        lines = (result.stderr or result.stdout).strip().splitlines() or ["it wrote no wheel"]
        raise CompilerError(f"hatchling cannot build the wheel: {lines[-1]}")
    return wheels[0]


def _strip_for_pages(wheel: Path) -> Path:
    """Remove the modules that pages do not load, and pytest's plugin, from a wheel."""
    stripped = wheel.with_suffix(".stripped")
    rows: dict[str, str] = {}
    with zipfile.ZipFile(wheel) as source, zipfile.ZipFile(stripped, "w") as target:
        # RECORD comes last in a wheel, when all of its rows are complete.
        for entry in source.infolist():
            name, data = entry.filename, source.read(entry)
            if name.startswith(NOT_FOR_PAGES):
                continue
            if name.endswith(".dist-info/entry_points.txt"):
                data = _PLUGIN.sub(b"", data).rstrip() + b"\n"
            if name.endswith(".dist-info/RECORD"):
                data = "".join([*rows.values(), f"{name},,\n"]).encode()
            digest = base64.urlsafe_b64encode(hashlib.sha256(data).digest()).rstrip(b"=").decode()
            rows[name] = f"{name},sha256={digest},{len(data)}\n"
            target.writestr(entry, data)
    return stripped.replace(wheel)
