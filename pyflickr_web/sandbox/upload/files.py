"""The folder of what was uploaded."""

from __future__ import annotations

import tempfile
from pathlib import Path
from types import TracebackType

_DRAFT = ".draft-"


class Files:
    """Keeps uploads in a folder, each under a plain name; drafts that a crash left there go."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)
        for left in folder.glob(f"{_DRAFT}*"):
            left.unlink()

    def path(self, name: str) -> Path:
        """Where the file with a name lies, or will lie."""
        return self.folder / name

    def remove(self, name: str) -> None:
        """Remove a file, if it is there."""
        self.path(name).unlink(missing_ok=True)

    def draft(self) -> Draft:
        """A new file without a name, to be written."""
        return Draft(self)


class Draft:
    """A file that is being written; as a context manager it is gone at the end unless it was kept."""

    def __init__(self, files: Files) -> None:
        self._files = files
        self._file = tempfile.NamedTemporaryFile(  # noqa: SIM115  (closed in __exit__)
            prefix=_DRAFT, dir=files.folder, delete=False
        )
        self.path = Path(self._file.name)

    def __enter__(self) -> Draft:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._file.close()
        self.path.unlink(missing_ok=True)

    def write(self, content: bytes) -> None:
        """Add to the file."""
        self._file.write(content)

    def close(self) -> None:
        """End the file, so that others see all of it."""
        self._file.close()

    def keep(self, name: str) -> None:
        """Give the file its name, which it has whole or not at all."""
        self._file.close()
        self.path.replace(self._files.path(name))
