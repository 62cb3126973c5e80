"""Test `verify`: the files that it compares with checksums, formats and metadata."""

from __future__ import annotations

import errno
import hashlib
import os
import random
from pathlib import Path
from typing import Any

import pytest

from pyflickr_web.mirror.files.file_system import FileSystem
from pyflickr_web.mirror.files.folder import MirrorFolder
from pyflickr_web.mirror.files.sums import REMOVED, Sums
from pyflickr_web.mirror.journal import Journal
from pyflickr_web.mirror.layout import CHECKSUMS
from pyflickr_web.mirror.verification.findings import read_findings
from pyflickr_web.mirror.verify import verify_mirror
from pyflickr_web.transports.errors import MirrorError
from tests.mirror.damage import edit_lines, flip_bit
from tests.mirror.small_mirror import (
    CUT_JPEG,
    PHOTO,
    THUMBNAIL,
    list_findings,
    make_files,
    mirror,
    state,
    write_mirror,
    write_sums,
)
from tests.support.irregular_paths import KINDS, put

__all__ = ["mirror", "state"]


def test_foreign_files_are_listed_and_no_fault(mirror: Path) -> None:
    (mirror / "notes").mkdir()
    for name in ("notes/a.txt", "images/.DS_Store", "images/original/1.jpg.bak", "zebra"):
        (mirror / name).write_text("mine")
    (mirror / "favorites").mkdir()
    temporary = ".pyflickr-web-0123456789abcdef"
    for name in ("index.db", "index.db-journal", temporary):
        (mirror / name).write_text("ours")
        (mirror / "favorites" / name).write_text("ours")
    (mirror / "images/original/.1.jpg.part").write_text("ours")
    (mirror / "index.db.old").write_text("mine")
    (mirror / ".trash/2026-01-01").mkdir(parents=True)
    (mirror / ".trash/2026-01-01/SHA256SUMS").write_text("")
    report = verify_mirror(mirror)
    assert report.is_intact
    pictures = ["images/.DS_Store", "images/original/1.jpg.bak"]
    assert report.foreign == [*pictures, "index.db.old", "notes/", "zebra"]


def test_favorites_are_verified_with_their_mirror(mirror: Path) -> None:
    write_mirror(mirror / "favorites", has_checksums=False)
    files = make_files()
    files |= {f"favorites/{name}": content for name, content in files.items()}
    write_sums(mirror, files)
    (mirror / ".mirror").mkdir()
    (mirror / "favorites/index.db").write_text("ours")
    report = verify_mirror(mirror)
    assert report.is_intact
    assert report.foreign == []
    with pytest.raises(MirrorError, match="verify that folder"):
        verify_mirror(mirror / "favorites")
    # Not even a lock file.
    assert not (mirror / "favorites/.mirror").exists()


def test_foreign_file_with_a_checksum_is_compared(mirror: Path) -> None:
    (mirror / "notes").mkdir()
    (mirror / "notes/a.txt").write_text("mine")
    digest = hashlib.sha256(b"mine").hexdigest()
    edit_lines(mirror, lambda lines: [*lines, f"{digest}  notes/a.txt\n"])
    assert verify_mirror(mirror).is_intact
    (mirror / "notes/a.txt").write_text("changed")
    assert list_findings(verify_mirror(mirror)) == [("damaged", "notes/a.txt")]


@pytest.mark.parametrize("name", ["/etc/hostname", "../secret", "images/../../secret", "./secret"])
def test_names_that_lead_out_of_the_folder_are_invalid(mirror: Path, name: str) -> None:
    (mirror.parent / "secret").write_text("x")
    edit_lines(mirror, lambda lines: [*lines, f"{'0' * 64}  {name}\n"])
    (finding,) = verify_mirror(mirror).findings
    assert (finding.kind, finding.name) == ("invalid_line", CHECKSUMS)
    assert name in finding.reason


def test_invalid_lines_are_named_by_their_number(mirror: Path) -> None:
    edit_lines(mirror, lambda lines: ["\n", "<<<<<<< mine\n", *lines[:3], "x" * 500, "\n"])
    report = verify_mirror(mirror)
    reasons = [one.reason for one in report.findings if one.kind == "invalid_line"]
    assert reasons == ["line 2: '<<<<<<< mine'", f"line 6: '{'x' * 160}'"]


def test_name_that_no_system_has_is_an_invalid_line(mirror: Path) -> None:
    edit_lines(mirror, lambda lines: [*lines, f"{'a' * 64}  {'x' * 10_000}\n"])
    [finding] = verify_mirror(mirror).findings
    assert finding.kind == "invalid_line"
    assert len(finding.reason) < 200


def test_checksums_in_capital_digits_are_valid(mirror: Path) -> None:
    """As some programs write them, and `sha256sum -c` reads them."""
    edit_lines(mirror, lambda lines: [line[:64].upper() + line[64:] for line in lines])
    assert verify_mirror(mirror).is_intact


def test_checksums_in_another_order_are_read(mirror: Path) -> None:
    edit_lines(mirror, lambda lines: random.Random(1).sample(lines, len(lines)))
    flip_bit(mirror / THUMBNAIL)
    assert list_findings(verify_mirror(mirror)) == [("damaged", THUMBNAIL)]


def test_sums_of_a_log_are_valid_beside_the_old_ones(mirror: Path) -> None:
    """A run was killed: of each file either version may be there, and new or removed ones may not."""
    new = hashlib.sha256(b"{}").hexdigest()
    sums = Sums(mirror, FileSystem())
    other = "ia/photos/comments/2.json"
    sums.log([(other, new), (THUMBNAIL, REMOVED), ("images/thumbnail/3.jpg", new)])
    sums.close()
    assert verify_mirror(mirror).is_intact
    (mirror / other).write_bytes(b"{}")
    assert verify_mirror(mirror).is_intact
    (mirror / other).write_bytes(b"[]")
    assert list_findings(verify_mirror(mirror)) == [("damaged", other)]
    (mirror / other).unlink()
    assert list_findings(verify_mirror(mirror)) == [("missing", other)]


def test_mirror_without_checksums_has_its_formats_checked(tmp_path: Path) -> None:
    names = write_mirror(tmp_path, has_checksums=False)
    (tmp_path / THUMBNAIL).write_bytes(CUT_JPEG)
    (tmp_path / PHOTO).write_bytes(b'{"id": "1"')
    report = verify_mirror(tmp_path)
    assert report.counts == {"damaged": 2, "without_checksum": len(names) - 2}
    assert not report.has_checksums
    lines = report.summarize()
    assert f"damaged: {THUMBNAIL}: the JPG file is cut short" in lines
    assert f"damaged: {PHOTO}: invalid JSON: line 1: Expecting ',' delimiter" in lines
    assert lines[-2] == "SHA256SUMS is missing: only the formats of the files were checked"
    # The next sync takes the others over.
    assert [one.name for one in read_findings(tmp_path)] == [PHOTO, THUMBNAIL]
    assert not (tmp_path / CHECKSUMS).exists()


def test_metadata_of_another_photo_is_damaged(mirror: Path) -> None:
    files = make_files() | {PHOTO: b'{"id": "2", "sizes": ["s", "t", "o"]}'}
    (mirror / PHOTO).write_bytes(files[PHOTO])
    write_sums(mirror, files)
    (finding,) = verify_mirror(mirror).findings
    assert (finding.kind, finding.reason) == (
        "damaged",
        "the JSON is of another item: its id is '2'",
    )


def test_photos_of_albums_and_pictures_need_metadata(mirror: Path) -> None:
    files = make_files()
    del files[PHOTO]
    (mirror / PHOTO).unlink()
    write_sums(mirror, files)
    (finding,) = verify_mirror(mirror).findings
    assert (finding.name, finding.photo_id) == ("ia/photosets/9.json", "1")
    (mirror / "ia/photosets/9.json").write_bytes(b'{"id": "9", "photos": []}')
    files["ia/photosets/9.json"] = b'{"id": "9", "photos": []}'
    write_sums(mirror, files)
    (finding,) = verify_mirror(mirror).findings
    assert (finding.name, finding.reason) == (
        "images/original/1.jpg",
        "its photo has no metadata",
    )


def test_album_of_a_mirror_without_videos_may_have_videos(mirror: Path) -> None:
    files = make_files() | {"ia/photosets/9.json": b'{"id": "9", "photos": ["1", "5"]}'}
    (mirror / "ia/photosets/9.json").write_bytes(files["ia/photosets/9.json"])
    write_sums(mirror, files)
    assert len(verify_mirror(mirror).findings) == 1
    scope = repr((("o",), False, "info", True, False))
    Journal(MirrorFolder(mirror)).record([("state", "scope", scope)])
    assert verify_mirror(mirror).is_intact


def test_file_that_flickr_itself_has_incomplete_only_lacks_its_checksum(mirror: Path) -> None:
    (mirror / THUMBNAIL).write_bytes(CUT_JPEG)
    edit_lines(mirror, lambda lines: [line for line in lines if THUMBNAIL not in line])
    assert list_findings(verify_mirror(mirror)) == [("damaged", THUMBNAIL)]
    digest = hashlib.sha256(CUT_JPEG).hexdigest()
    Journal(MirrorFolder(mirror)).record([("damaged", THUMBNAIL, digest)])
    assert list_findings(verify_mirror(mirror)) == [("without_checksum", THUMBNAIL)]


@pytest.mark.parametrize("kind", KINDS)
def test_irregular_files_are_found_and_not_read(mirror: Path, kind: str) -> None:
    put(kind, mirror / THUMBNAIL)
    (finding,) = verify_mirror(mirror).findings
    assert (finding.kind, finding.name) in {("unreadable", THUMBNAIL), ("missing", THUMBNAIL)}


def test_links_are_followed(mirror: Path) -> None:
    (mirror / "images/original").rename(mirror.parent / "other_disk")
    (mirror / "images/original").symlink_to(mirror.parent / "other_disk")
    (mirror / THUMBNAIL).rename(mirror.parent / "thumbnail")
    (mirror / THUMBNAIL).symlink_to(mirror.parent / "thumbnail")
    assert verify_mirror(mirror).is_intact
    flip_bit(mirror.parent / "thumbnail")
    assert list_findings(verify_mirror(mirror)) == [("damaged", THUMBNAIL)]
    (mirror.parent / "thumbnail").unlink()
    (finding,) = verify_mirror(mirror).findings
    assert str(finding) == f"missing: {THUMBNAIL}: a link to a missing file"


def test_folder_that_contains_itself_ends(mirror: Path) -> None:
    (mirror / "images/loop").symlink_to(mirror)
    report = verify_mirror(mirror)
    assert report.is_intact
    assert report.foreign == ["images/loop/"]


def test_unreadable_files_and_folders_are_findings(
    mirror: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    open_file, list_folder = os.open, os.scandir

    def refuse_file(path: Any, *arguments: Any, **options: Any) -> int:
        if str(path).endswith(THUMBNAIL):
            raise OSError(errno.EIO, "Input/output error", path)
        return open_file(path, *arguments, **options)

    def refuse_folder(path: Any) -> Any:
        if str(path).rstrip("/").endswith("comments"):
            raise PermissionError(errno.EACCES, "Permission denied", path)
        return list_folder(path)

    monkeypatch.setattr("pyflickr_web.mirror.verification.file_checks.os.open", refuse_file)
    monkeypatch.setattr("pyflickr_web.mirror.files.tree_walk.os.scandir", refuse_folder)
    report = verify_mirror(mirror)
    assert [str(one) for one in report.findings] == [
        "unreadable: ia/photos/comments: Permission denied",
        f"unreadable: {THUMBNAIL}: Input/output error",
    ]
