"""Test that a run removes incomplete files that no later run continues, and no others."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from pyflickr_web.mirror.files.folder import MirrorFolder
from pyflickr_web.mirror.journal import Journal
from pyflickr_web.mirror.layout import FAVORITES, Tree, part_name, part_state_name
from pyflickr_web.mirror.listing import Listing
from pyflickr_web.mirror.session.photos_on_disk import PhotosOnDisk
from pyflickr_web.mirror.steps.orphaned_parts import remove_orphaned_parts
from tests.mirror.mirroring import Mirroring, read_files

LARGE, ORIGINAL = "images/large/53.jpg", "images/original/53.mov"


def put(root: Path, *names: str) -> None:
    for name in names:
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text("{}")


def put_parts(root: Path, *names: str) -> None:
    """Write incomplete files of pictures, and their states."""
    put(root, *map(part_name, names), *map(part_state_name, names))


def is_left(root: Path, name: str) -> bool:
    """Return True if a picture has an incomplete file with its state, False if it has neither."""
    part, state = (root / part_name(name)).exists(), (root / part_state_name(name)).exists()
    assert part == state
    return part


def remove(
    root: Path, listing: Listing | None, tree: Tree | None = None, is_partial: bool = False
) -> None:
    """Remove the orphaned parts of a tree, at the end of a run with a listing."""
    folder, tree = MirrorFolder(root), tree or Tree()
    journal = Journal(folder)
    session: Any = SimpleNamespace(
        folder=folder, journal=journal, settings=SimpleNamespace(is_partial=is_partial)
    )
    local = PhotosOnDisk(root, journal, tree, scan=True)
    work: Any = SimpleNamespace(session=session, tree=tree, local=local)
    remove_orphaned_parts(work, listing)


def listing_of(*photo_ids: str, total: int | None = None) -> Listing:
    return Listing(dict.fromkeys(photo_ids), len(photo_ids) if total is None else total)


@pytest.mark.parametrize("listing", [listing_of("53"), listing_of(), None], ids=str)
def test_part_of_a_complete_file_goes(tmp_path: Path, listing: Listing | None) -> None:
    """An original is complete in any format: of a video, a file in another one may have come."""
    put(tmp_path, "ia/photos/53.json", LARGE, "images/original/53.mp4")
    put_parts(tmp_path, LARGE, ORIGINAL)
    remove(tmp_path, listing)
    assert not is_left(tmp_path, LARGE) and not is_left(tmp_path, ORIGINAL)
    assert (tmp_path / LARGE).exists()


def test_part_of_a_file_that_is_missing_or_outdated_stays(tmp_path: Path) -> None:
    put(tmp_path, "ia/photos/53.json", LARGE)
    put_parts(tmp_path, LARGE, ORIGINAL)
    Journal(MirrorFolder(tmp_path)).record([("outdated", LARGE, True)])
    for listing in (listing_of("53"), listing_of()):
        remove(tmp_path, listing)
        assert is_left(tmp_path, LARGE) and is_left(tmp_path, ORIGINAL)


@pytest.mark.parametrize("listing", [listing_of("53"), None], ids=str)
def test_part_of_a_size_that_flickr_does_not_give_goes(
    tmp_path: Path, listing: Listing | None
) -> None:
    """A replaced photo may be smaller: later runs do not look for the size."""
    put(tmp_path, "ia/photos/53.json")
    put_parts(tmp_path, LARGE, ORIGINAL)
    Journal(MirrorFolder(tmp_path)).record([("unavailable", LARGE, "https://example.org/")])
    remove(tmp_path, listing)
    assert not is_left(tmp_path, LARGE) and is_left(tmp_path, ORIGINAL)


def test_part_of_a_photo_that_is_neither_here_nor_at_flickr_goes(tmp_path: Path) -> None:
    put_parts(tmp_path, LARGE)
    remove(tmp_path, listing_of("54"))
    assert not is_left(tmp_path, LARGE)


@pytest.mark.parametrize(
    "listing", [listing_of("53"), listing_of("54", total=2), None], ids=["listed", "part", "none"]
)
def test_part_of_a_photo_that_may_be_at_flickr_stays(
    tmp_path: Path, listing: Listing | None
) -> None:
    """A run that was killed may have begun an original before its metadata had its name."""
    put_parts(tmp_path, LARGE)
    remove(tmp_path, listing)
    assert is_left(tmp_path, LARGE)


def test_run_over_some_photos_does_not_know_the_others(tmp_path: Path) -> None:
    put_parts(tmp_path, LARGE)
    remove(tmp_path, listing_of("54"), is_partial=True)
    assert is_left(tmp_path, LARGE)


def test_trees_are_apart(tmp_path: Path) -> None:
    favorite = FAVORITES + LARGE
    put_parts(tmp_path, LARGE, favorite)
    remove(tmp_path, listing_of(), Tree(FAVORITES))
    assert is_left(tmp_path, LARGE) and not is_left(tmp_path, favorite)


def test_folder_and_foreign_files_stay(tmp_path: Path) -> None:
    (tmp_path / part_name(LARGE)).mkdir(parents=True)
    put(tmp_path, "images/large/.53.jpg.part~", "images/large/.notes.part")
    before = sorted(tmp_path.rglob("*"))
    remove(tmp_path, listing_of())
    assert sorted(tmp_path.rglob("*")) == before


def test_full_run_and_deletion_leave_no_orphaned_parts(either: Mirroring) -> None:
    either.begin(sizes="thumbnail", favorites=True)
    before = read_files(either.folder, state=True)
    deleted, kept = (photo["id"] for photo in either.list_photos()[:2])
    unfinished = f"images/large/{kept}.jpg"
    favorite = next(name for name in before if name.startswith("favorites/images/thumbnail/"))
    orphaned = [f"images/thumbnail/{kept}.jpg", favorite, "images/large/1.jpg"]
    put_parts(either.folder, *orphaned, f"images/original/{deleted}.png", unfinished)
    either.call("photos.delete", photo_id=deleted)
    for is_pruned in (False, True):
        report = either.run(
            sizes="thumbnail", favorites=True, full=not is_pruned, remove_deleted=is_pruned
        )
        assert report.is_complete
        assert [name for name in orphaned if is_left(either.folder, name)] == []
        assert is_left(either.folder, unfinished)
    assert [name for name in read_files(either.folder) if f".{deleted}." in name] == []
