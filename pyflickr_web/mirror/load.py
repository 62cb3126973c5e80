"""`load_locally`: the photos, photosets and collections of a mirror, as mappings."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from os import PathLike
from pathlib import Path
from types import TracebackType
from typing import IO, TYPE_CHECKING, Any

from pyflickr_web.mirror.counts import format_count
from pyflickr_web.mirror.files.errors import file_errors
from pyflickr_web.mirror.index.database import Index
from pyflickr_web.mirror.index.search import Search, make_query
from pyflickr_web.mirror.layout import Kind, Tree
from pyflickr_web.mirror.local_data.crossing import ItemReader
from pyflickr_web.mirror.local_data.keys import Keys
from pyflickr_web.mirror.location import read_location
from pyflickr_web.transports.errors import NotFoundError
from pyflickr_web.transports.files import atomic_write

if TYPE_CHECKING:
    from typing import Self

    from pyflickr_web.mirror.items import LocalCollection, LocalPhoto, LocalPhotoset

__all__ = ["LocalData", "LocalItems", "load_locally"]

_NEWEST_PHOTOSETS = """
SELECT id FROM photosets WHERE is_public OR ? ORDER BY created DESC, id DESC
"""
_COUNTS = {
    "photo": "SELECT count(*) FROM photos WHERE id = ?",
    "photoset": "SELECT count(*) FROM photosets WHERE id = ?",
    "collection": "SELECT count(*) FROM collections WHERE id = ? AND id = top",
}


def load_locally(
    location: str | PathLike[str] = "./data", load_private: bool = False, *, refresh: bool = False
) -> LocalData:
    """Return the photos, photosets and collections of the mirror in a folder.

    ```python
    data = load_locally("photos")
    for photo_id in data.photo_keys:
        photo = data.photos[photo_id]
        print(photo["title"]["_content"], photo["files"].get("o"))
    ```

    Mirrors of node-flickrapi are read, too. The first load writes an index, `index.db`, into the folder,
    or into the user's cache if the folder is read-only. Later loads open it, and update it if the mirror
    changed. `refresh` writes it anew, for files that were edited in place. Without `load_private`,
    private photos and photosets are not among the keys.

    Raises `MirrorError` if the folder has no mirror, `FileError` if it is unreadable or no index can be
    written, and `ArgumentError` for an invalid location.
    """
    return LocalData(read_location(location, "load_locally"), load_private, refresh)


class LocalData:
    """The data of a mirror. Items are read from their files when they are used; threads may share it.

    `photos`, `photosets` and `collections` map ids to items. Their order is that of `photo_keys` (newest
    first, by the date of upload), `photoset_keys` (newest first, by the date of creation) and
    `collection_keys` (by title). Close it, or use a `with` block, to close the index early.
    """

    def __init__(self, location: Path, load_private: bool = False, refresh: bool = False) -> None:
        self.location = location
        self._index = Index(location, refresh)
        self._has_private = load_private
        self._reader = ItemReader(location, self._index, load_private)
        photos = "all_photos" if load_private else "public_photos"
        self.photo_keys = Keys(lambda: self._index.read_ids(photos))
        self.photoset_keys = Keys(self._list_photosets)
        self.collection_keys = Keys(self._list_collections)
        self.photos: Mapping[str, LocalPhoto]
        self.photos = self._map("photo", self.photo_keys, self._reader.read_photo)
        self.photosets: Mapping[str, LocalPhotoset]
        self.photosets = self._map("photoset", self.photoset_keys)
        self.collections: Mapping[str, LocalCollection]
        self.collections = self._map("collection", self.collection_keys)

    @property
    def damaged_files(self) -> dict[str, str]:
        """The names of damaged JSON files with the reasons; their items are not among the keys."""
        rows = self._index.select(
            "SELECT kind, id, problem FROM files WHERE problem IS NOT NULL ORDER BY kind, id"
        )
        return {Tree().document(kind, str(item_id)): problem for kind, item_id, problem in rows}

    def find(
        self,
        text: str = "",
        *,
        tags: str | Sequence[str] = (),
        album: str = "",
        taken: str = "",
        posted: str = "",
    ) -> list[str]:
        """Return the ids of photos that meet all conditions.

        `text` has words of the title, the description and the tags, or beginnings of words. `tags` is a
        tag, or a list of tags that a photo must all have. `album` is the id or the title of a photoset.
        `taken` and `posted` are dates: `2019`, `2019-05`, `2019-05-04`, or ranges: `2019-05..2019-07`,
        `2019..`. The photos of an album have its order, others the newest first. Raises `ArgumentError`
        for an invalid date, and `NotFoundError` for an unknown album.
        """
        photosets = self._find_photosets(album) if album else None
        tags = [tags] if isinstance(tags, str) else tags
        search = Search(text, tags, photosets, taken, posted, self._has_private)
        return [str(row[0]) for row in self._index.select(*make_query(search))]

    def dump(self, file: str | PathLike[str] | IO[str]) -> None:
        """Write all items and keys as JSON, one item after the other, to a path or an open text file.

        Without `load_private` there are no private ones. Raises `FileError`, and `MirrorError` if a file
        is damaged.
        """
        if isinstance(file, str | PathLike):
            with file_errors(Path(file)), atomic_write(Path(file)) as opened:
                for text in self._format():
                    opened.write(text.encode())
        else:
            for text in self._format():
                file.write(text)

    def close(self) -> None:
        """Close the index; a later use opens it again."""
        self._index.close()

    def __reduce__(self) -> tuple[Any, ...]:
        # Copies, and other processes, open the index themselves.
        return type(self), (self.location, self._has_private)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def __repr__(self) -> str:
        return f"<LocalData {str(self.location)!r}>"

    def _map(
        self, kind: Kind, keys: Keys, read: Callable[[str], dict[str, Any]] | None = None
    ) -> Mapping[str, Any]:
        return LocalItems(self._index, kind, keys, read or partial(self._reader.read_item, kind))

    def _list_photosets(self) -> list[str]:
        return [str(row[0]) for row in self._index.select(_NEWEST_PHOTOSETS, (self._has_private,))]

    def _list_collections(self) -> list[str]:
        rows = self._index.select("SELECT title, id FROM collections WHERE id = top")
        rows.sort(key=lambda row: (row[0].casefold(), *row))
        return [row[1] for row in rows]

    def _find_photosets(self, album: str) -> list[str]:
        rows = self._index.select(
            "SELECT id, title FROM photosets WHERE is_public OR ?", (self._has_private,)
        )
        found = [str(row[0]) for row in rows if album == str(row[0])]
        found = found or [
            str(row[0]) for row in rows if album.strip().casefold() == row[1].strip().casefold()
        ]
        if not found:
            raise NotFoundError(
                f"no album {album!r} in {str(self.location)!r}, which has "
                f"{format_count(len(rows), 'album')}: use the id or the title of one"
            )
        return found

    def _format(self) -> Iterator[str]:
        """Yield the parts of the text of `dump`."""
        names = {"photo": self.photos, "photoset": self.photosets, "collection": self.collections}
        separator = "{"
        for name, items in names.items():
            yield f'{separator}\n"{name}s": {{'
            separator, written = "", []
            for item_id in items:
                try:
                    item = items[item_id]
                except KeyError:
                    # Its file was removed in the meantime.
                    continue
                yield f"{separator}\n{json.dumps(item_id)}: {json.dumps(item)}"
                separator = ","
                written.append(item_id)
            yield f'\n}},\n"{name}_keys": {json.dumps(written)}'
            separator = ","
        yield "\n}\n"


class LocalItems(Mapping[str, Any]):
    """The items of a kind, each read from its file when it is used.

    It iterates over the keys in their order. Private items, which may not be among the keys, are also
    found by their ids.
    """

    def __init__(
        self, index: Index, kind: Kind, keys: Keys, read: Callable[[str], dict[str, Any]]
    ) -> None:
        self._index = index
        self._kind = kind
        self._keys = keys
        self._read = read

    def __getitem__(self, item_id: str) -> dict[str, Any]:
        return self._read(item_id)

    def __iter__(self) -> Iterator[str]:
        return iter(self._keys)

    def __len__(self) -> int:
        return len(self._keys)

    def __contains__(self, item_id: object) -> bool:
        """Return True if the index has an item with this id, private or not."""
        try:
            Tree().document(self._kind, item_id)  # type: ignore[arg-type]
        except ValueError:
            return False
        # A text of digits has the affinity of the column, a number for photos.
        [(count,)] = self._index.select(_COUNTS[self._kind], (item_id,))
        return bool(count)

    def __repr__(self) -> str:
        return f"<{format_count(len(self), self._kind)}>"
