"""Test that the files of a photo are found on the disk, by a scan and one by one."""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path

import pytest

from pyflickr_web.errors import FileError
from pyflickr_web.mirror.files.folder import MirrorFolder
from pyflickr_web.mirror.journal import Journal
from pyflickr_web.mirror.layout import FAVORITES, Tree
from pyflickr_web.mirror.plan import PhotoOnDisk
from pyflickr_web.mirror.session.photos_on_disk import PhotosOnDisk, list_documents

FIXTURES = Path(os.environ.get("FLICKR_FIXTURES", "none")) / "node-mirror"
INFO = {"id": "53", "originalformat": "png"}


def put(root: Path, name: str, content: str = "x") -> None:
    (root / name).parent.mkdir(parents=True, exist_ok=True)
    (root / name).write_text(content)


def open_photos(root: Path, scan: bool, tree: Tree | None = None) -> PhotosOnDisk:
    return PhotosOnDisk(root, Journal(MirrorFolder(root)), tree, scan)


@pytest.fixture(params=[False, True], ids=["one by one", "scan"])
def scan(request: pytest.FixtureRequest) -> bool:
    return bool(request.param)


def test_files_of_a_photo_are_found(scan: bool, tmp_path: Path) -> None:
    names = ["ia/photos/53.json", "ia/photos/comments/53.json", "images/original/53.png"]
    names += ["images/square/small/53.jpg", "ia/photos/exif/53.json", "ia/photos/contexts/53.json"]
    for name in names:
        put(tmp_path, name, json.dumps(INFO))
    put(tmp_path, "images/large/.53.jpg.part")
    put(tmp_path, "images/large/53.txt")
    put(tmp_path, "images/medium/53.jpg", "")
    photos = open_photos(tmp_path, scan)
    assert photos.read("53") == PhotoOnDisk(INFO, frozenset("os"), has_comments=True, has_exif=True)
    assert sorted(photos.list_files("53")) == sorted(names)
    assert photos.list_empty_files("53") == ["images/medium/53.jpg"]
    assert photos.list_ids() == ["53"]


def test_missing_photo_has_nothing(scan: bool, tmp_path: Path) -> None:
    photos = open_photos(tmp_path, scan)
    assert photos.read("54") == PhotoOnDisk()
    assert photos.list_ids() == photos.list_files("54") == []


@pytest.mark.parametrize("content", ["", "{", "[]", "null", "7"])
def test_damaged_metadata_is_missing(scan: bool, tmp_path: Path, content: str) -> None:
    put(tmp_path, "ia/photos/53.json", content)
    assert open_photos(tmp_path, scan).read("53").info is None


@pytest.mark.parametrize("extension", ["jpg", "png", "mov", "avi"])
def test_original_is_found_whatever_its_format(scan: bool, tmp_path: Path, extension: str) -> None:
    put(tmp_path, "ia/photos/53.json", json.dumps(INFO))
    put(tmp_path, f"images/original/53.{extension}")
    photos = open_photos(tmp_path, scan)
    assert photos.read("53").sizes == {"o"}
    assert f"images/original/53.{extension}" in photos.list_files("53")


def test_photo_without_comments_has_none(scan: bool, tmp_path: Path) -> None:
    put(tmp_path, "ia/photos/53.json", json.dumps(INFO))
    assert open_photos(tmp_path, scan).read("53") == PhotoOnDisk(INFO)


@pytest.mark.parametrize("extensions", [("jpg", "png"), ("png", "jpg"), ("gif", "png", "mov")])
def test_all_formats_of_an_original_are_found(
    scan: bool, tmp_path: Path, extensions: tuple[str, ...]
) -> None:
    put(tmp_path, "ia/photos/53.json", json.dumps(INFO))
    names = [f"images/original/53.{extension}" for extension in extensions]
    for name in names:
        put(tmp_path, name)
    photos = open_photos(tmp_path, scan)
    assert sorted(photos.list_files("53")) == sorted(["ia/photos/53.json", *names])
    assert photos.read("53").sizes == {"o"}


def test_original_in_the_format_of_the_metadata_comes_first(tmp_path: Path) -> None:
    put(tmp_path, "ia/photos/53.json", json.dumps(INFO))
    for extension in ("jpg", "png"):
        put(tmp_path, f"images/original/53.{extension}")
    names = [f"images/original/53.{extension}" for extension in ("png", "jpg")]
    assert open_photos(tmp_path, scan=False).list_files("53") == ["ia/photos/53.json", *names]


def test_folder_is_no_file_of_a_photo(scan: bool, tmp_path: Path) -> None:
    for name in ("images/large/53.jpg", "ia/photos/comments/53.json"):
        (tmp_path / name).mkdir(parents=True)
    photos = open_photos(tmp_path, scan)
    assert photos.list_files("53") == photos.list_ids() == []


def test_scan_also_finds_photos_without_metadata(tmp_path: Path) -> None:
    put(tmp_path, "images/small/54.jpg")
    assert open_photos(tmp_path, scan=True).list_ids() == ["54"]
    assert open_photos(tmp_path, scan=False).list_ids() == []


def test_folder_that_cannot_be_read_is_an_error_and_not_empty(tmp_path: Path) -> None:
    put(tmp_path, "images/large", "a file")
    with pytest.raises(FileError, match="images/large"):
        open_photos(tmp_path, scan=True)
    put(tmp_path, "ia/photosets", "a file")
    with pytest.raises(FileError, match="ia/photosets"):
        list(list_documents(tmp_path, "photoset"))


def test_journal_has_outdated_and_unavailable_sizes(scan: bool, tmp_path: Path) -> None:
    Journal(MirrorFolder(tmp_path)).record(
        [
            ("outdated", "images/large/53.jpg", 1),
            ("unavailable", "images/original/53.mp4", "https://example.com/53"),
            ("outdated", "favorites/images/small/53.jpg", 1),
            ("outdated", "../53.jpg", 1),
            ("outdated", "ia/photos/53.json", 1),
        ]
    )
    found = open_photos(tmp_path, scan).read("53")
    assert found == PhotoOnDisk(outdated=frozenset("b"), unavailable=frozenset("o"))
    found = open_photos(tmp_path, scan, Tree(FAVORITES)).read("53")
    assert found == PhotoOnDisk(outdated=frozenset("m"))


def test_files_that_a_check_refuses_count_as_missing_or_outdated(tmp_path: Path) -> None:
    names = ["ia/photos/53.json", "ia/photos/comments/53.json", "images/original/53.jpg"]
    for name in names:
        put(tmp_path, name, json.dumps(INFO))
    photos = open_photos(tmp_path, scan=True)
    photos.set_outdated("53", "o")
    photos.forget("53", "comments")
    assert photos.read("53") == PhotoOnDisk(INFO, frozenset("o"), frozenset("o"))
    photos.forget("53", "photo")
    photos.forget("54", "photo")
    assert photos.read("53") == PhotoOnDisk(None, frozenset("o"), frozenset("o"))
    assert photos.list_files("53") == ["images/original/53.jpg"]


def test_trees_are_apart(scan: bool, tmp_path: Path) -> None:
    put(tmp_path, "ia/photos/1.json", '{"id": "1"}')
    put(tmp_path, "favorites/ia/photos/2.json", '{"id": "2"}')
    put(tmp_path, "favorites/images/small/2.jpg")
    assert open_photos(tmp_path, scan).list_ids() == ["1"]
    favorites = open_photos(tmp_path, scan, Tree(FAVORITES))
    assert favorites.list_ids() == ["2"] and favorites.read("2").sizes == {"m"}
    assert favorites.list_files("2") == [
        "favorites/ia/photos/2.json",
        "favorites/images/small/2.jpg",
    ]


@pytest.mark.skipif(not FIXTURES.is_dir(), reason="FLICKR_FIXTURES has no mirror")
def test_mirror_of_node_flickrapi_is_read(scan: bool, tmp_path: Path) -> None:
    shutil.copytree(FIXTURES, tmp_path, dirs_exist_ok=True)
    photos = open_photos(tmp_path, scan)
    found = photos.list_ids()
    assert len(found) == 27
    for photo_id in found:
        local = photos.read(photo_id)
        assert local.info and local.info["id"] == photo_id
        assert local.has_comments and local.sizes == {"t", "s"}
    assert len(list(list_documents(tmp_path, "photoset"))) == 12
    assert len(list(list_documents(tmp_path, "collection"))) == 2
