"""Test `verify`: the mirrors and files that it reads, its report, and the checksums that it accepts."""

from __future__ import annotations

import errno
import hashlib
import os
import random
import subprocess
import tracemalloc
from pathlib import Path
from typing import Any

import pytest

from pyflickr_web.errors import FileError, MirrorError, OptionError
from pyflickr_web.mirror.events import StepAdvanced, StepStarted, VerifyEnded
from pyflickr_web.mirror.file_system import FileSystem
from pyflickr_web.mirror.files import MirrorFolder
from pyflickr_web.mirror.findings import find_files, read_findings
from pyflickr_web.mirror.journal import Journal
from pyflickr_web.mirror.layout import CHECKSUMS
from pyflickr_web.mirror.lock import lock_mirror
from pyflickr_web.mirror.sums import REMOVED, Sums
from pyflickr_web.mirror.verify import verify_mirror
from pyflickr_web.mirror.verify_report import VerifyReport
from tests.mirror.damage import RefusedLock, edit_lines, flip_bit
from tests.mirror.mirroring import read_files
from tests.mirror.small_mirror import make_files, write_mirror, write_sums
from tests.support.irregular_paths import KINDS, put

PHOTO = "ia/photos/1.json"
THUMBNAIL = "images/thumbnail/1.jpg"
CUT_JPEG = b"\xff\xd8\xff\xe0" + bytes(40)


@pytest.fixture(autouse=True)
def state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The user's folder for findings about mirrors that are read-only."""
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    return tmp_path / "state"


@pytest.fixture
def mirror(tmp_path: Path) -> Path:
    folder = tmp_path / "mirror"
    write_mirror(folder)
    return folder


def list_findings(report: VerifyReport) -> list[tuple[str, str]]:
    return [(finding.kind, finding.name) for finding in report.findings]


@pytest.mark.parametrize("workers", [1, 2, 7])
def test_findings_are_in_the_order_of_names(tmp_path: Path, workers: int) -> None:
    names = write_mirror(tmp_path, 100)
    chosen = sorted(random.Random(3).sample(names, 90))
    for name in chosen:
        flip_bit(tmp_path / name)
    report = verify_mirror(tmp_path, workers=workers)
    assert [name for _, name in list_findings(report)] == chosen
    assert (report.files, report.error) == (len(names), None)
    assert report.bytes == sum((tmp_path / name).stat().st_size for name in names)
    assert [finding.name for finding in read_findings(tmp_path)] == chosen


def test_nothing_is_written_about_an_intact_mirror(mirror: Path) -> None:
    before = read_files(mirror)
    assert verify_mirror(mirror).is_intact
    assert read_files(mirror) == before
    assert not any(file.exists() for file in find_files(mirror))


def test_foreign_files_are_listed_and_no_fault(mirror: Path) -> None:
    (mirror / "notes").mkdir()
    for name in ("notes/a.txt", "images/.DS_Store", "images/original/1.jpg.bak", "zebra"):
        (mirror / name).write_text("mine")
    for name in ("images/original/.1.jpg.part", "index.db", "index.db-journal"):
        (mirror / name).write_text("ours")
    (mirror / ".trash/2026-01-01").mkdir(parents=True)
    (mirror / ".trash/2026-01-01/SHA256SUMS").write_text("")
    report = verify_mirror(mirror)
    assert report.is_intact
    assert report.foreign == ["images/.DS_Store", "images/original/1.jpg.bak", "notes/", "zebra"]


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
    assert f"damaged: {PHOTO}: invalid JSON" in lines
    assert lines[-2] == "SHA256SUMS is missing: only the formats of the files were checked"
    # The next sync takes the others over.
    assert [one.name for one in read_findings(tmp_path)] == [PHOTO, THUMBNAIL]
    assert not (tmp_path / CHECKSUMS).exists()


def test_metadata_of_another_photo_is_damaged(mirror: Path) -> None:
    files = make_files() | {PHOTO: b'{"id": "2", "sizes": ["s", "t", "o"]}'}
    (mirror / PHOTO).write_bytes(files[PHOTO])
    write_sums(mirror, files)
    (finding,) = verify_mirror(mirror).findings
    assert (finding.kind, finding.reason) == ("damaged", "the id in it is '2'")


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

    monkeypatch.setattr("pyflickr_web.mirror.file_checks.os.open", refuse_file)
    monkeypatch.setattr("pyflickr_web.mirror.tree_walk.os.scandir", refuse_folder)
    report = verify_mirror(mirror)
    assert [str(one) for one in report.findings] == [
        "unreadable: ia/photos/comments: Permission denied",
        f"unreadable: {THUMBNAIL}: Input/output error",
    ]


def test_read_only_mirror_has_its_findings_in_the_users_folder(
    mirror: Path, state: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    flip_bit(mirror / THUMBNAIL)
    before = read_files(mirror, state=True)
    monkeypatch.setattr("pyflickr_web.mirror.lock.FileLock", RefusedLock)
    report = verify_mirror(mirror)
    assert Path(str(report.findings_file)).is_relative_to(state)
    assert [one.name for one in read_findings(mirror)] == [THUMBNAIL]
    assert read_files(mirror, state=True) == before
    with pytest.raises(FileError, match="Read-only file system"):
        verify_mirror(mirror, accept=True)


def test_mirror_in_use_is_refused(mirror: Path) -> None:
    with lock_mirror(mirror), pytest.raises(MirrorError, match="is in use by process"):
        verify_mirror(mirror)


@pytest.mark.parametrize("name", ["missing", "empty", "file"])
def test_folder_without_a_mirror_is_refused_and_stays_as_it_is(tmp_path: Path, name: str) -> None:
    (tmp_path / "empty").mkdir()
    (tmp_path / "file").write_text("x")
    with pytest.raises(MirrorError, match="has no mirror"):
        verify_mirror(tmp_path / name)
    assert not (tmp_path / "missing").exists()
    assert list((tmp_path / "empty").iterdir()) == []


@pytest.mark.parametrize("workers", [0, -1, 65, True, "2"])
def test_invalid_workers_are_refused(mirror: Path, workers: Any) -> None:
    with pytest.raises(OptionError, match="invalid workers"):
        verify_mirror(mirror, workers=workers)


def test_accepted_checksums_are_those_of_the_files(mirror: Path) -> None:
    comments, new = "ia/photos/comments/1.json", "images/original/2.png"
    (mirror / comments).write_bytes(b'{"photo_id": "1"}')
    (mirror / "ia/photos/contexts/2.json").unlink()
    (mirror / THUMBNAIL).write_bytes(CUT_JPEG)
    edit_lines(mirror, lambda lines: ["garbage\n", *lines[1:]])
    accepted = verify_mirror(mirror, accept=True)
    names = [(one.kind, one.name) for one in accepted.accepted]
    assert names == [
        ("invalid_line", CHECKSUMS),
        ("without_checksum", PHOTO),
        ("damaged", comments),
        ("missing", "ia/photos/contexts/2.json"),
    ]
    # What is not whole by its format is no truth: the next sync fetches it.
    assert list_findings(accepted) == [("damaged", THUMBNAIL)]
    assert [one.name for one in read_findings(mirror)] == [THUMBNAIL]
    assert f"accepted: damaged: {comments}: its SHA-256 differs" in accepted.summarize()
    assert list_findings(verify_mirror(mirror)) == [("damaged", THUMBNAIL)]
    assert new not in (mirror / CHECKSUMS).read_text()
    (mirror / THUMBNAIL).write_bytes(make_files()[THUMBNAIL])
    program = subprocess.run(["sha256sum", "-c", "--quiet", CHECKSUMS], cwd=mirror, check=False)
    assert program.returncode == 0


def test_checksums_are_never_made_without_being_asked(mirror: Path) -> None:
    flip_bit(mirror / THUMBNAIL)
    edit_lines(mirror, lambda lines: lines[2:])
    before = (mirror / CHECKSUMS).read_bytes()
    verify_mirror(mirror)
    assert (mirror / CHECKSUMS).read_bytes() == before
    assert not (mirror / ".mirror/sums.log").exists()


def test_accepted_mirror_of_another_program_gets_checksums(tmp_path: Path) -> None:
    names = write_mirror(tmp_path, has_checksums=False)
    report = verify_mirror(tmp_path, accept=True)
    assert report.is_intact
    assert report.accepted_count == len(names)
    lines = (tmp_path / CHECKSUMS).read_text().splitlines()
    assert [line.split("  ")[1] for line in lines] == names
    assert verify_mirror(tmp_path).is_intact


def test_accepted_file_is_not_fetched_again(mirror: Path) -> None:
    """A sync had entered the finding into the journal, but Flickr did not give the file."""
    Journal(MirrorFolder(mirror)).record(
        [("outdated", THUMBNAIL, "damaged"), ("outdated", "images/thumbnail/2.jpg", True)]
    )
    content = make_files()["images/thumbnail/2.jpg"]
    for name in (THUMBNAIL, "images/thumbnail/2.jpg"):
        (mirror / name).write_bytes(content + b"\n")
    verify_mirror(mirror, accept=True)
    outdated = Journal(MirrorFolder(mirror)).section("outdated")
    assert list(outdated) == ["images/thumbnail/2.jpg"]


def test_events_show_the_progress(tmp_path: Path) -> None:
    names = write_mirror(tmp_path, 40)
    events: list[Any] = []
    report = verify_mirror(tmp_path, on_event=events.append)
    assert events[0] == StepStarted("verifying", len(names))
    done = [event.done for event in events if isinstance(event, StepAdvanced)]
    assert done == sorted(done)
    assert done[-1] == len(names)
    assert events[-1] == VerifyEnded(report)


@pytest.mark.parametrize("workers", [1, 2])
def test_interruption_keeps_the_findings(mirror: Path, tmp_path: Path, workers: int) -> None:
    folder = tmp_path / "large"
    write_mirror(folder, 200)
    flip_bit(folder / "ia/photos/1.json")
    last = "images/thumbnail/200.jpg"
    flip_bit(folder / last)
    verify_mirror(folder)
    flip_bit(folder / "ia/photos/10.json")
    ended: list[VerifyReport] = []

    def interrupt(event: Any) -> None:
        if isinstance(event, StepAdvanced):
            raise KeyboardInterrupt
        if isinstance(event, VerifyEnded):
            ended.append(event.report)

    with pytest.raises(KeyboardInterrupt):
        verify_mirror(folder, workers=workers, on_event=interrupt)
    assert ended[0].error == "interrupted"
    names = {finding.name for finding in read_findings(folder)}
    # Those of the earlier verification, and those so far.
    assert names == {"ia/photos/1.json", "ia/photos/10.json", last}
    verify_mirror(folder)
    assert len(list(read_findings(folder))) == 3


def test_findings_that_are_gone_are_forgotten(mirror: Path) -> None:
    flip_bit(mirror / THUMBNAIL)
    verify_mirror(mirror)
    flip_bit(mirror / THUMBNAIL)
    assert verify_mirror(mirror).findings_file is None
    assert list(read_findings(mirror)) == []


def test_report_lists_the_first_findings_and_counts_all(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pyflickr_web.mirror.verify_report.MOST_LISTED", 5)
    names = write_mirror(tmp_path, 3)
    for name in names:
        flip_bit(tmp_path / name)
    report = verify_mirror(tmp_path)
    assert len(report.findings) == 5
    assert report.counts["damaged"] == len(names)
    assert f"… and {len(names) - 5} more" in report.summarize()
    assert len(list(read_findings(tmp_path))) == len(names)


def test_memory_does_not_grow_with_the_lines(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pyflickr_web.mirror.verify_report.MOST_LISTED", 10)
    monkeypatch.setattr("pyflickr_web.mirror.spool.IN_MEMORY", 1000)
    monkeypatch.setattr("pyflickr_web.mirror.verify.BATCH", 8)
    verify_mirror(write_missing(tmp_path / "small", 100))
    folder = write_missing(tmp_path / "large", 10_000)
    tracemalloc.start()
    report = verify_mirror(folder, workers=2)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert report.counts["missing"] == 10_000
    # The findings alone would take two megabytes.
    assert peak < 500_000


def write_missing(folder: Path, count: int) -> Path:
    """Write the checksums of missing files."""
    (folder / "images").mkdir(parents=True)
    names = [f"images/thumbnail/{10**9 + number}.jpg" for number in range(count)]
    (folder / CHECKSUMS).write_text("".join(f"{'0' * 64}  {name}\n" for name in names))
    return folder
