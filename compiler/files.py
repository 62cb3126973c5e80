"""Write the outputs of a build, all of them or none."""

from __future__ import annotations

import errno
import os
import tempfile
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from compiler.errors import CompilerError
from pyflickr_web.transports.files import require_replaceable


def make_folder(folder: Path) -> None:
    """Make a folder and its parents, if missing."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except FileExistsError:
        # The path exists, and is not a folder.
        code = errno.ENOTDIR
        raise NotADirectoryError(code, os.strerror(code), str(folder)) from None


def write_files(outputs: Mapping[Path, bytes]) -> None:
    """Write all outputs, or none if one fails.

    Raises `CompilerError` that names the file.
    """
    staged: list[tuple[str, Path]] = []
    folder = Path()
    new_folders: list[Path] = []
    try:
        for target, data in outputs.items():
            folder = target.parent
            if not folder.exists():
                new_folders.append(folder)
            make_folder(folder)
            _check_target(target)
            staged.append((_stage(folder, data), target))
        for temporary, target in staged:
            Path(temporary).replace(target)
    except OSError as error:
        raise CompilerError(
            f"cannot write to {folder} ({error.strerror}): choose another folder"
        ) from None
    finally:
        for temporary, _ in staged:
            Path(temporary).unlink(missing_ok=True)
        for new_folder in reversed(new_folders):
            # Only an empty folder is removed.
            with suppress(OSError):
                new_folder.rmdir()


def _check_target(target: Path) -> None:
    try:
        require_replaceable(target)
    except OSError as error:
        raise CompilerError(
            f"cannot write {target}: {error.strerror}; nothing was written"
        ) from None


def _stage(folder: Path, data: bytes) -> str:
    handle, temporary = tempfile.mkstemp(dir=folder, prefix=".build-")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
        Path(temporary).chmod(0o644)
    except BaseException:
        Path(temporary).unlink()
        raise
    return temporary
