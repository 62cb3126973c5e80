"""The example pages as a plain folder of files, for any web server."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

from examples.pyscript.npm import find_packages
from pyflickr_web.transports.files import atomic_write, read_regular

HERE = Path(__file__).parent
ROOT = HERE.parent.parent
CLIENTS = ("pyflickr_web.py", "pyflickr_web.dev.py")
PAGES = ("index", "search", "token_only", "scroll", "worker", "terminal", "editor")
SHARED = ("style.css", "gallery.py", "isolation.js")
# The list of the files that `write` wrote, with their hashes.
RECORD = ".pyscript-examples.json"


class FolderError(Exception):
    """The pages cannot be written to a folder: the reason, and what to do, in one line."""


def list_files() -> dict[str, Path]:
    """Return all files of the pages by their names in the folder; nothing else is needed.

    Raises `NotInstalledError` if PyScript or MicroPython is missing and cannot be installed.
    """
    packages = find_packages()
    files = {
        f"{name}/{file.name}": file
        for name, package in packages.items()
        for file in package.iterdir()
        if file.is_file() and _is_used(file.name)
    }
    scripts = (f"{page}.py" for page in PAGES if (HERE / f"{page}.py").exists())
    names = (*(f"{page}.html" for page in PAGES), *scripts, *SHARED)
    files |= {name: HERE / name for name in names}
    return files | {name: ROOT / "browser_dist" / name for name in CLIENTS}


def write(folder: Path) -> None:
    """Write the pages, the client, PyScript and MicroPython to `folder`.

    Files of an earlier `write` are replaced. Raises `FolderError` before it writes anything if it
    would replace another file, or one that was changed; `NotInstalledError` like `list_files`.
    """
    files = list_files()
    record = _read_record(folder)
    for name, source in files.items():
        target = folder / name
        if not _is_ours(target, folder, {record.get(name), _hash(source)}):
            raise _not_ours(target)
    hashes = {name: _hash(source) for name, source in files.items()}
    contents = {name: source.read_bytes() for name, source in files.items()}
    contents[RECORD] = f"{json.dumps(hashes, indent=1)}\n".encode()
    for name, content in contents.items():
        # Whole files only: after an interruption, a part of one would be a file of somebody else.
        with atomic_write(folder / name) as file:
            file.write(content)


def _is_used(name: str) -> bool:
    return not name.endswith((".map", ".md", ".d.ts", ".json")) and "ulab" not in name


def _read_record(folder: Path) -> dict[str, str]:
    """Return the hashes of the files of an earlier `write`, if any.

    Raises `FolderError` if the record itself is not from this program.
    """
    file = folder / RECORD
    try:
        record = None if file.is_symlink() else json.loads(read_regular(file))
    except (FileNotFoundError, NotADirectoryError):
        return {}
    except (ValueError, RecursionError):
        record = None
    if not isinstance(record, dict) or not all(isinstance(text, str) for text in record.values()):
        raise _not_ours(file)
    return record


def _not_ours(file: Path) -> FolderError:
    return FolderError(f"{file} is not from this program, or was changed: choose another folder")


def _is_ours(target: Path, folder: Path, hashes: set[str | None]) -> bool:
    """Return True if a file can be written: it is missing, or has one of the hashes."""
    if not target.parent.resolve().is_relative_to(folder.resolve()) or target.is_symlink():
        return False
    return not target.exists() or (target.is_file() and _hash(target) in hashes)


def _hash(file: Path) -> str:
    return hashlib.sha256(file.read_bytes()).hexdigest()
