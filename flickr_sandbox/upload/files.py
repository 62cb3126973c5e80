"""The folder of uploads."""

from __future__ import annotations

import tempfile
from pathlib import Path
from types import TracebackType

from flickr_sandbox.store import Store

_DRAFT = ".draft-"


class UploadFolder:
    """A folder of uploads. It deletes drafts that a crash left behind.

    `marked` are names of files that `sweep` and `reset` do not delete.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.marked: set[str] = set()
        folder.mkdir(parents=True, exist_ok=True)
        for left in folder.glob(f"{_DRAFT}*"):
            left.unlink()

    def path(self, name: str) -> Path:
        """Return the path of a file."""
        return self.folder / name

    def sweep(self, store: Store) -> None:
        """Delete the files that the library no longer needs."""
        loose = {row["file"] for row in store.all("SELECT file FROM loose_files")}
        for name in loose - self.marked:
            self.path(name).unlink(missing_ok=True)
        if loose:
            store.run_aside("DELETE FROM loose_files")

    def mark(self) -> None:
        """Save the names of the current files, for `reset`."""
        self.marked = {file.name for file in self.folder.iterdir()}

    def reset(self) -> None:
        """Delete all files that were added since `mark`."""
        for file in self.folder.iterdir():
            if file.name not in self.marked:
                file.unlink()

    def draft(self) -> Draft:
        """Create a draft."""
        return Draft(self)


class Draft:
    """A file while it is written. As a context manager, it deletes the file unless it was kept."""

    def __init__(self, files: UploadFolder) -> None:
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
        """Write to the file."""
        self._file.write(content)

    def close(self) -> None:
        """Close the file, so that its content is complete on disk."""
        self._file.close()

    def keep(self, name: str) -> None:
        """Rename the file to its final name, atomically."""
        self._file.close()
        self.path.replace(self._files.path(name))
