"""Make lock files of Pyodide, by which `loadPackage` finds the wheel by name."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urljoin

from compiler.errors import CompilerError
from pyflickr_web.transports.files import read_regular
from pyflickr_web.transports.text import printable

LOCK = "pyodide-lock.json"
# The lock of the Pyodide that npm installed.
PYODIDE_LOCK = Path(__file__).parents[2] / "node_modules" / "pyodide" / LOCK
PACKAGE = "pyflickr-web"
# A lock file as it is in JSON, with fields that older releases of Pyodide need and pyodide-lock drops.
Lock = dict[str, Any]


@dataclass(frozen=True, slots=True)
class LockOptions:
    """The lock with other packages, and the address of these packages.

    Without `base`, a lock lists only our package, for the Pyodide that npm installed. Without
    `packages_url`, the files of all packages are next to the lock.
    """

    base: Path | None = None
    packages_url: str | None = None


SMALL_LOCK = LockOptions()


class LockError(CompilerError):
    """A lock file cannot be used; the message, which may have texts of the file, is safe to print."""

    def __init__(self, message: str) -> None:
        super().__init__(printable(message))


def read_base(options: LockOptions) -> Lock:
    """Return the lock to which the wheel is added. Raises `CompilerError`."""
    if options.base:
        lock = read_lock(options.base)
    elif PYODIDE_LOCK.is_file():
        lock = read_lock(PYODIDE_LOCK) | {"packages": {}}
    else:
        raise LockError(f"{PYODIDE_LOCK} of npm's pyodide is missing: run npm ci first")
    if options.packages_url:
        for name, row in lock["packages"].items():
            try:
                # An absolute address stays.
                row["file_name"] = urljoin(options.packages_url, row["file_name"])
            except ValueError:
                raise LockError(
                    f"{options.base} has an invalid address of {name}: {row['file_name']}"
                ) from None
    return lock


def read_lock(path: Path) -> Lock:
    """Return the content of a lock file. Raises `CompilerError` if it is missing or invalid."""
    _, lock_spec, _ = _import_libraries()
    try:
        lock: Lock = json.loads(read_regular(path))
        lock_spec.from_dict(lock)
        # The library accepts any type here.
        if not all(isinstance(row["file_name"], str) for row in lock["packages"].values()):
            raise TypeError
    except OSError as error:
        raise LockError(f"cannot read {path}: {error.strerror}") from None
    except KeyError as error:
        raise LockError(f"{path} is not a lock file of Pyodide: {error} is missing") from None
    except (AttributeError, TypeError):
        raise LockError(f"{path} is not a lock file of Pyodide: use its {LOCK}") from None
    except Exception as error:
        # pyodide-lock raises many kinds of errors, its own and those of its libraries.
        raise LockError(f"{path} is not a lock file of Pyodide: {error}") from None
    return lock


def add_wheel(lock: Lock, wheel: Path) -> bytes:
    """Return a lock file with the wheel, in place of an earlier one of the same name."""
    pkginfo, lock_spec, add_wheels_to_spec = _import_libraries()
    from packaging.specifiers import SpecifierSet

    python, required = lock["info"]["python"], pkginfo.Wheel(str(wheel)).requires_python
    if not SpecifierSet(required).contains(python):
        raise LockError(
            f"the lock is for Python {python}, and the wheel needs Python {required}: "
            "use the lock of a newer Pyodide"
        )
    try:
        spec = add_wheels_to_spec(lock_spec.from_dict(lock), [wheel])
        # Not those of other packages, which may be addresses.
        spec.packages = {PACKAGE: spec.packages[PACKAGE]}
        spec.check_wheel_filenames()
    except Exception as error:
        raise LockError(f"pyodide-lock cannot add the wheel: {error}") from None
    packages = lock["packages"] | {PACKAGE: spec.packages[PACKAGE].to_dict()}
    return json.dumps(lock | {"packages": packages}, sort_keys=True).encode()


def require_target(target: Path, options: LockOptions, is_default: bool) -> None:
    """Raise `CompilerError` if a new lock at `target` would lose what nobody asked to replace."""
    base = options.base
    if base and is_default and target.exists() and base.exists() and base.samefile(target):
        raise LockError(f"{target} would be overwritten: name its folder with --out")
    if base or not target.is_file():
        return
    try:
        others = read_lock(target)["packages"].keys() - {PACKAGE}
    except CompilerError:
        return
    if others:
        raise LockError(
            f"{target} lists other packages ({len(others)}): keep them with --lock {target}, "
            "or delete it"
        )


def describe_lock(path: Path) -> str:
    """Return the number of packages in a lock file, and the Pyodide that it is for."""
    lock = read_lock(path)
    count, info = len(lock["packages"]), lock["info"]
    return printable(
        f"{count} package{'s'[: count != 1]}, for Pyodide with Python {info['python']} "
        f"and ABI {info.get('abi_version', 'unknown')}"
    )


def _import_libraries() -> tuple[Any, Any, Any]:
    try:
        # pyodide-lock imports pkginfo late, and installs it only with its extra `wheel`.
        import pkginfo
        from pyodide_lock import PyodideLockSpec
        from pyodide_lock.utils import add_wheels_to_spec
    except ImportError:
        raise CompilerError(describe_missing("pyodide-lock[wheel]")) from None
    return pkginfo, PyodideLockSpec, add_wheels_to_spec


def describe_missing(library: str) -> str:
    """Return the text of an error for a missing library."""
    return f"the wheel needs {library}: run python -m pip install -r requirements-dev.lock"
