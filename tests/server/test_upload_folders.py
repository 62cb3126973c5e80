"""Test the search for pictures and videos in folders."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from pyflickr_web.upload.folders import find_files


def touch(folder: Path, *names: str) -> None:
    for name in names:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).touch()


def found_in(folder: Path) -> list[str]:
    files, problems = find_files([str(folder)])
    assert not problems
    return [str(file.relative_to(folder)) for file in files]


def test_pictures_and_videos_of_all_subfolders_are_found_by_name(tmp_path: Path) -> None:
    touch(tmp_path, "b.jpg", "a.PNG", "c.MOV", "b/2.heic", "b/1.tiff", "a/x/deep.webp", "z.txt")
    touch(tmp_path, "README", "b/Thumbs.db", "b/1.xmp", "jpg")
    assert found_in(tmp_path) == [
        "a.PNG",
        "b.jpg",
        "c.MOV",
        "a/x/deep.webp",
        "b/1.tiff",
        "b/2.heic",
    ]


def test_hidden_files_and_folders_are_ignored(tmp_path: Path) -> None:
    # The first one is a file of macOS beside a picture.
    touch(tmp_path, "._a.jpg", ".thumbnails/a.jpg", ".b.png", "a.jpg")
    assert found_in(tmp_path) == ["a.jpg"]


def test_hidden_folder_that_is_named_is_searched(tmp_path: Path) -> None:
    touch(tmp_path, ".hidden/a.jpg")
    assert found_in(tmp_path / ".hidden") == ["a.jpg"]


def test_links_to_folders_are_not_followed(tmp_path: Path) -> None:
    touch(tmp_path, "a.jpg", "sub/b.jpg")
    (tmp_path / "sub/loop").symlink_to(tmp_path)
    (tmp_path / "sub/self").symlink_to("self")
    (tmp_path / "c.jpg").symlink_to("a.jpg")
    assert found_in(tmp_path) == ["a.jpg", "c.jpg", "sub/b.jpg"]


def test_link_to_a_folder_that_is_named_is_followed(tmp_path: Path) -> None:
    touch(tmp_path, "sub/b.jpg")
    (tmp_path / "link").symlink_to("sub")
    assert found_in(tmp_path / "link") == ["b.jpg"]


def test_other_paths_are_returned_in_the_order_given(tmp_path: Path) -> None:
    touch(tmp_path, "sub/a.jpg", "note.txt")
    os.mkfifo(tmp_path / "pipe.jpg")
    names = ["pipe.jpg", "missing.jpg", "sub", "note.txt"]
    files, problems = find_files(str(tmp_path / name) for name in names)
    assert [file.name for file in files] == ["pipe.jpg", "missing.jpg", "a.jpg", "note.txt"]
    assert not problems


def test_name_that_is_not_unicode_is_found(tmp_path: Path) -> None:
    name = os.fsdecode(b"\xff.jpg")
    touch(tmp_path, name)
    assert found_in(tmp_path) == [name]


def test_folder_without_pictures_is_a_failure(tmp_path: Path) -> None:
    touch(tmp_path, "sub/note.txt")
    files, [problem] = find_files([str(tmp_path)])
    assert not files and (problem.file, problem.status) == (str(tmp_path), "failed")
    assert str(problem.error).endswith("has no pictures or videos")


def test_folder_that_cannot_be_read_is_a_failure(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    touch(tmp_path, "a.jpg", "locked/b.jpg")
    scan = os.scandir

    def refuse(path: str) -> object:
        # Root, which tests may run as, can read every folder.
        if str(path).endswith("locked"):
            raise PermissionError(13, "Permission denied", str(path))
        return scan(path)

    monkeypatch.setattr("os.scandir", refuse)
    files, [problem] = find_files([str(tmp_path)])
    assert [file.name for file in files] == ["a.jpg"]
    assert problem.file == str(tmp_path / "locked")
    assert "cannot be read: Permission denied" in str(problem.error)
