"""The folder of what was uploaded."""

from __future__ import annotations

import tempfile
from pathlib import Path
from types import TracebackType

from flickr_sandbox.store import Store

_DRAFT = ".draft-"


class UploadFolder:
    """Keeps uploads in a folder, each under a plain name; drafts that a crash left there go.

    `marked` are the names that stay, whatever becomes of their photos.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.marked: set[str] = set()
        folder.mkdir(parents=True, exist_ok=True)
        for left in folder.glob(f"{_DRAFT}*"):
            left.unlink()

    def path(self, name: str) -> Path:
        """Where the file with a name lies, or will lie."""
        return self.folder / name

    def sweep(self, store: Store) -> None:
        """Remove the files that a library has done with."""
        loose = {row["file"] for row in store.all("SELECT file FROM loose_files")}
        for name in loose - self.marked:
            self.path(name).unlink(missing_ok=True)
        if loose:
            store.run_aside("DELETE FROM loose_files")

    def mark(self) -> None:
        """Keep the files that there are, for `reset`."""
        self.marked = {file.name for file in self.folder.iterdir()}

    def reset(self) -> None:
        """Remove all files that came since `mark`."""
        for file in self.folder.iterdir():
            if file.name not in self.marked:
                file.unlink()

    def draft(self) -> Draft:
        """A new file without a name, to be written."""
        return Draft(self)


class Draft:
    """A file that is being written; as a context manager it is gone at the end unless it was kept."""

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
        """Add to the file."""
        self._file.write(content)

    def close(self) -> None:
        """End the file, so that others see all of it."""
        self._file.close()

    def keep(self, name: str) -> None:
        """Give the file its name, which it has whole or not at all."""
        self._file.close()
        self.path.replace(self._files.path(name))
