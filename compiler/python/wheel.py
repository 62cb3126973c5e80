"""The package's wheel for Pyodide, and a lock beside it by which `loadPackage` finds it by name."""

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

from compiler.files import write
from compiler.reflect.problems import CompilerError

ROOT = Path(__file__).parents[2]
OUT = ROOT / "browser_dist" / "pyodide"
PYODIDE_LOCK = ROOT / "node_modules" / "pyodide" / "pyodide-lock.json"
LOCK = "pyodide-lock.json"
# No page loads these; together they are larger than all the rest.
NOT_FOR_PAGES = (
    "flickr_sandbox/",
    "pyflickr_web/_dist/",
    "pyflickr_web/proxy/",
    "pyflickr_web/sandbox.py",
    "pyflickr_web/serve/",
)
# pytest exists in Pyodide too, and would load the plugin.
_PLUGIN = re.compile(rb"\[pytest11\]\n[^\[]*")
# A zip file knows no time before 1980; this is its second day, whatever the time zone.
EPOCH = "315619200"


def build(out: Path = OUT) -> list[Path]:
    """Put the wheel and its lock into a folder: both or, with a `CompilerError`, none of them.

    The same package gives the same bytes, by the same hatchling and zlib.
    """
    _require_python()
    with TemporaryDirectory(prefix="pyflickr-web-") as temporary:
        wheel = _for_pages(build_wheel(Path(temporary)))
        lock = _write_lock(wheel)
        files = {out / file.name: file.read_bytes() for file in (wheel, lock)}
    write(files)
    return list(files)


def _require_python() -> None:
    if sys.version_info < (3, 12):
        raise CompilerError("the wheel's lock is made with pyodide-lock, which needs Python 3.12+")


def build_wheel(folder: Path) -> Path:
    """Build the whole package as a wheel, in a folder; the same bytes at any time."""
    command = [sys.executable, "-P", "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    # A child of its own: hatchling reads its time from the environment, its root is where it runs.
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
        raise CompilerError(_missing("hatchling"))
    wheels = list(folder.glob("*.whl"))
    if result.returncode or len(wheels) != 1:
        lines = (result.stderr or result.stdout).strip().splitlines() or ["no wheel came of it"]
        raise CompilerError(f"hatchling cannot build the wheel: {lines[-1]}")
    return wheels[0]


def _for_pages(wheel: Path) -> Path:
    """Rewrite a wheel without the modules that no page loads, and without pytest's plugin."""
    rest = wheel.with_suffix(".rest")
    rows: dict[str, str] = {}
    with zipfile.ZipFile(wheel) as whole, zipfile.ZipFile(rest, "w") as kept:
        # RECORD comes last in a wheel: by then all of its rows are known.
        for entry in whole.infolist():
            name, data = entry.filename, whole.read(entry)
            if name.startswith(NOT_FOR_PAGES):
                continue
            if name.endswith(".dist-info/entry_points.txt"):
                data = _PLUGIN.sub(b"", data).rstrip() + b"\n"
            if name.endswith(".dist-info/RECORD"):
                data = "".join([*rows.values(), f"{name},,\n"]).encode()
            digest = base64.urlsafe_b64encode(hashlib.sha256(data).digest()).rstrip(b"=").decode()
            rows[name] = f"{name},sha256={digest},{len(data)}\n"
            kept.writestr(entry, data)
    return rest.replace(wheel)


def _write_lock(wheel: Path) -> Path:
    """Write a lock of this wheel alone, for the Pyodide that npm installed."""
    try:
        # pkginfo is imported by pyodide-lock late, and missing without its extra `wheel`.
        import pkginfo  # noqa: F401
        from pyodide_lock import PyodideLockSpec
        from pyodide_lock.utils import add_wheels_to_spec
    except ImportError:
        raise CompilerError(_missing("pyodide-lock[wheel]")) from None
    if not PYODIDE_LOCK.is_file():
        raise CompilerError("the lock is made from that of npm's pyodide: run npm ci first")
    lock = wheel.with_name(LOCK)
    try:
        spec = PyodideLockSpec.from_json(PYODIDE_LOCK)
        spec.packages.clear()
        spec = add_wheels_to_spec(spec, [wheel])
        spec.check_wheel_filenames()
        spec.to_json(lock)
    except Exception as error:
        # pyodide-lock tells what it finds wrong by errors of many kinds, some of its libraries'.
        raise CompilerError(f"pyodide-lock cannot make the lock: {error}") from None
    return lock


def _missing(library: str) -> str:
    return f"the wheel needs {library}: run python -m pip install -r requirements-dev.lock"
