"""Find the files of a mirror that have no checksum, in any number of files."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack

from pyflickr_web.mirror.files.comparison import compare
from pyflickr_web.mirror.files.errors import file_errors
from pyflickr_web.mirror.files.folder import MirrorFolder
from pyflickr_web.mirror.files.sorted_lines import (
    Line,
    Unsorted,
    check_order,
    read_lines,
    sort_lines,
)
from pyflickr_web.mirror.files.tree_walk import walk_mirror
from pyflickr_web.mirror.layout import (
    CHECKSUMS,
    FAVORITES,
    PART_BITS,
    PHOTO_DOCUMENTS,
    TEMPORARY,
    MirrorFile,
    Tree,
    parse_name,
)


class PhotoFiles:
    """The names of photos' files in one tree, with little memory for a million photos."""

    def __init__(self, tree: Tree) -> None:
        self._tree = tree
        # Photo ids as numbers, with a bit for each file of the usual name; other names as texts.
        self._bits: dict[int, int] = {}
        self._others: dict[int, list[str]] = {}

    def __len__(self) -> int:
        return len(self._bits)

    def add(self, name: str, file: MirrorFile) -> None:
        """Add a file."""
        number, part = int(file.id), file.size or file.kind
        bits = self._bits.get(number, 0)
        if self._tree.photo_file(file.id, part) == name:
            bits |= PART_BITS[part]
        else:
            self._others.setdefault(number, []).append(name)
        self._bits[number] = bits

    def take(self, photo_id: str) -> list[str]:
        """Return the names of a photo's files, its metadata first, and forget them."""
        number = int(photo_id)
        bits = self._bits.pop(number, 0)
        names = [
            self._tree.photo_file(photo_id, part) for part, bit in PART_BITS.items() if bits & bit
        ]
        return names + self._others.pop(number, [])

    def take_all(self) -> Iterator[tuple[str, list[str]]]:
        """Yield and forget all photos: their ids, and the names of their files."""
        for number in list(self._bits):
            yield str(number), self.take(str(number))


class UncheckedFiles:
    """The files without a checksum: those of photos by the prefix of their tree, and `others`."""

    def __init__(self) -> None:
        self.photos: dict[str, PhotoFiles] = {}
        self.others: list[str] = []
        self._clear()

    @property
    def count(self) -> int:
        """The number of photos."""
        return sum(map(len, self.photos.values()))

    def find(self, folder: MirrorFolder) -> None:
        """Find the files in a folder whose checksums are merged. Raises `FileError`."""
        with file_errors(folder.root):
            try:
                self._find(folder, sort_merged=False)
            except Unsorted:
                # Edited by somebody.
                self._clear()
                self._find(folder, sort_merged=True)

    def _clear(self) -> None:
        self.photos = {prefix: PhotoFiles(Tree(prefix)) for prefix in ("", FAVORITES)}
        self.others = []

    def _find(self, folder: MirrorFolder, sort_merged: bool) -> None:
        with ExitStack() as stack:
            sums: Iterator[Line] = read_lines(folder.root / CHECKSUMS)
            if sort_merged:
                temporary = folder.root / TEMPORARY
                folder.system.make_folder(temporary)
                sums = sort_lines(sums, temporary, folder.system, stack, "summed")
            else:
                sums = check_order(sums)
            for check in compare(walk_mirror(folder.root, _raise), sums, ()):
                file = None if check.sums else parse_name(check.name)
                if file:
                    self._add(check.name, file)

    def _add(self, name: str, file: MirrorFile) -> None:
        if file.kind in PHOTO_DOCUMENTS or file.kind == "picture":
            self.photos[file.tree].add(name, file)
        else:
            self.others.append(name)


def _raise(name: str, error: OSError) -> None:
    raise error
