"""Plan a run: from the items of listings and the files on the disk to the work for each.

The plan is pure: it reads no file and calls nothing. Once its work is done, the same listings plan
nothing.
"""

from __future__ import annotations

from ast import literal_eval
from collections.abc import Collection, Container, Iterable, Mapping
from dataclasses import astuple, dataclass
from typing import Any, Literal, Self

from pyflickr_web.core.wire import to_whole_number
from pyflickr_web.mirror.layout import NODE_SIZES, SIZE_FOLDERS, is_photo_id
from pyflickr_web.mirror.metadata.contexts import (
    equal_contexts,
    equals_except_counters,
    keep_pool_urls,
)
from pyflickr_web.mirror.metadata.photo_files import lacks_size
from pyflickr_web.mirror.metadata.photo_info import (
    count_comments,
    find_differences,
    has_new_original,
    has_new_sizes,
)

Item = Mapping[str, Any]

ORIGINAL = "o"
VIDEO = "video"


@dataclass(frozen=True, slots=True)
class Scope:
    """The parts of an account that a mirror has.

    `sizes` are Flickr's suffixes. With `metadata` `listing`, photos have the metadata of listings, and
    no call of their own; then comments are only fetched if `comments` is True.
    """

    sizes: tuple[str, ...] = NODE_SIZES
    videos: bool = True
    metadata: Literal["info", "listing"] = "info"
    comments: bool = True
    exif: bool = False

    def __post_init__(self) -> None:
        unknown = [size for size in self.sizes if size not in SIZE_FOLDERS]
        if unknown:
            raise ValueError(f"invalid size {unknown[0]!r}: use one of {', '.join(SIZE_FOLDERS)}")

    def to_text(self) -> str:
        """Return the scope as a text for the journal."""
        return repr(astuple(self))

    @classmethod
    def from_text(cls, text: Any) -> Self | None:
        """Read a scope from the text in a journal; None if it is missing or invalid."""
        try:
            return cls(*literal_eval(text))
        except (ValueError, TypeError, SyntaxError, RecursionError):
            return None


@dataclass(frozen=True, slots=True)
class PhotoOnDisk:
    """The files of a photo on the disk.

    `info` is its metadata; None if the file is missing or damaged. `sizes` are those that have a file,
    `outdated` those of them to fetch again, and `unavailable` those that Flickr does not give, or `exif`
    if the owner hides it.
    """

    info: Item | None = None
    sizes: frozenset[str] = frozenset()
    outdated: frozenset[str] = frozenset()
    unavailable: frozenset[str] = frozenset()
    has_comments: bool = False
    has_exif: bool = False


@dataclass(frozen=True, slots=True)
class PhotoPlan:
    """The work for a photo: the files to write, and the sizes to fetch, the original first.

    `outdated` are all parts whose files are of an earlier version of the photo: sizes, `comments` and
    `exif`, also those that the run leaves out. `unavailable` are those that Flickr did not give of it.
    """

    photo_id: str
    info: bool = False
    comments: bool = False
    exif: bool = False
    sizes: tuple[str, ...] = ()
    outdated: frozenset[str] = frozenset()
    unavailable: frozenset[str] = frozenset()
    is_video: bool = False

    @property
    def is_empty(self) -> bool:
        """True if there is nothing to do."""
        return not (self.info or self.comments or self.exif or self.sizes)


def plan_photo(item: Item, local: PhotoOnDisk, scope: Scope, full: bool = False) -> PhotoPlan:
    """Plan the work for a photo in a listing.

    A photo has changed if its `lastupdate` is another one, or its pictures are new; with `full`, if any
    field of the listing differs. A full run also requests sizes that Flickr did not give before, unless
    the listing tells that the photo does not have them.
    """
    photo_id, is_video = str(item["id"]), item.get("media") == VIDEO
    if is_video and not scope.videos:
        return PhotoPlan(photo_id, is_video=True)
    differences = set() if local.info is None else find_differences(item, local.info)
    is_changed = local.info is None or (
        bool(differences)
        if full
        else "lastupdate" in differences
        or has_new_original(differences)
        or has_new_sizes(differences)
    )
    outdated = local.outdated | {one for one in local.sizes if is_replaced(one, differences)}
    unavailable = _find_lacking(item, local) if full else local.unavailable
    if is_changed:
        unavailable = frozenset()
    # A damaged file that Flickr does not give stays outdated.
    needed = (outdated | (SIZE_FOLDERS.keys() - local.sizes)) - unavailable
    sizes = tuple(size for size in SIZE_FOLDERS if size in scope.sizes and size in needed)
    left_out = _find_left_out(local, scope) if is_changed else set()
    return PhotoPlan(
        photo_id,
        info=is_changed,
        comments=scope.comments and (is_changed or not local.has_comments),
        exif=scope.exif and (is_changed or not (local.has_exif or "exif" in unavailable)),
        sizes=sizes,
        outdated=outdated | left_out,
        unavailable=local.unavailable if is_changed else frozenset(),
        is_video=is_video,
    )


def _find_lacking(item: Item, local: PhotoOnDisk) -> frozenset[str]:
    """Return the sizes without a file that Flickr does not give, and that a photo does not have."""
    missing = local.unavailable & SIZE_FOLDERS.keys() - local.sizes
    return frozenset(size for size in missing if lacks_size(item, size))


def is_replaced(size: str, differences: set[str]) -> bool:
    """Return True if Flickr has replaced a size, by the fields in which a listing differs."""
    return has_new_original(differences) if size == ORIGINAL else has_new_sizes(differences)


def _find_left_out(local: PhotoOnDisk, scope: Scope) -> set[str]:
    """Return the documents on the disk that the scope leaves out: no later run sees the change."""
    present = {"comments": local.has_comments, "exif": local.has_exif}
    wanted = {"comments": scope.comments, "exif": scope.exif}
    return {kind for kind, is_present in present.items() if is_present and not wanted[kind]}


def needs_comments_call(plan: PhotoPlan, source: Item) -> bool:
    """Return True if the comments must be requested: a photo without comments needs no call.

    `source` is the photo's item of a listing, or its new metadata.
    """
    return plan.comments and count_comments(source) > 0


@dataclass(frozen=True, slots=True)
class AlbumPlan:
    """The work for albums: those whose photos to list, those whose file alone changes, and those gone.

    `unchanged` are those albums that a full run lists only to compare their photos.
    """

    list_photos: tuple[str, ...] = ()
    rewrite: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    unchanged: frozenset[str] = frozenset()


def plan_albums(
    items: Iterable[Item],
    local: Mapping[str, Item],
    is_complete: bool,
    full: bool = False,
    recount: bool = False,
    failed: Container[str] = (),
) -> AlbumPlan:
    """Plan the work for albums, from the items of getList and the files on the disk, by id.

    Albums are only missing at Flickr if the listing is complete. With `recount`, an album is also listed
    if its file has fewer photos: node-flickrapi writes the first 500 only. The albums in `failed` are
    listed in any case.
    """
    listed: dict[str, Item] = {item["id"]: item for item in items}
    to_list: list[str] = []
    rewrite: list[str] = []
    unchanged: set[str] = set()
    for album_id, item in listed.items():
        album = local.get(album_id)
        is_short = recount and album is not None and _is_short(item, album)
        is_due = is_short or album_id in failed
        if album is None or is_due or _has_new_photos(item, album):
            to_list.append(album_id)
            continue
        is_equal = equals_except_counters(_head(item), _head(album))
        if full:
            to_list.append(album_id)
            unchanged.update([album_id] if is_equal else [])
        elif not is_equal:
            rewrite.append(album_id)
    missing = [album_id for album_id in local if album_id not in listed] if is_complete else []
    return AlbumPlan(tuple(to_list), tuple(rewrite), tuple(missing), frozenset(unchanged))


def list_photo_ids(album: Item) -> list[str]:
    """Return the photos' ids in an album's file, without invalid ones."""
    photos = album.get("photos")
    return list(filter(is_photo_id, photos)) if isinstance(photos, list) else []


def _has_new_photos(item: Item, album: Item) -> bool:
    return item.get("date_update") != album.get("date_update") or not isinstance(
        album.get("photos"), list
    )


def _is_short(item: Item, album: Item) -> bool:
    counts = [to_whole_number(item.get(name)) or 0 for name in ("photos", "videos")]
    return len(list_photo_ids(album)) < sum(counts)


def _head(album: Item) -> dict[str, Any]:
    """Return an album without its photos: their number in a listing, their ids in a file."""
    return {name: value for name, value in album.items() if name != "photos"}


@dataclass(frozen=True, slots=True)
class CollectionPlan:
    """The collections to write, by id, and those that are gone."""

    write: Mapping[str, Item]
    missing: tuple[str, ...] = ()


def plan_collections(
    items: Iterable[Item], local: Mapping[str, Item], is_complete: bool
) -> CollectionPlan:
    """Plan the work for collections, as the mirror writes them, from those on the disk, by id.

    Collections are only missing at Flickr if the answer of getTree is complete.
    """
    listed: dict[str, Item] = {item["id"]: item for item in items}
    write = {
        name: item
        for name, item in listed.items()
        if not equals_except_counters(local.get(name), item)
    }
    missing = tuple(name for name in local if name not in listed) if is_complete else ()
    return CollectionPlan(write, missing)


def plan_contexts(
    photo_ids: Collection[str],
    local: Mapping[str, Item | None],
    current: Mapping[str, Item],
) -> dict[str, Item]:
    """Return the contexts to write, of those photos whose contexts differ in more than counters.

    `local` has the contexts on the disk, None for a missing file; `current` those that were listed.
    """
    return {
        photo_id: keep_pool_urls(local.get(photo_id), current[photo_id])
        for photo_id in photo_ids
        if not equal_contexts(local.get(photo_id), current[photo_id])
    }
