"""Test that `verify` makes checksums if it is asked to, and never otherwise."""

from __future__ import annotations

import hashlib
import subprocess
from pathlib import Path

from pyflickr_web.mirror.files.folder import MirrorFolder
from pyflickr_web.mirror.files.sums import REMOVED
from pyflickr_web.mirror.journal import Journal
from pyflickr_web.mirror.layout import CHECKSUMS
from pyflickr_web.mirror.verification.findings import read_findings
from pyflickr_web.mirror.verify import verify_mirror
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
)

__all__ = ["mirror", "state"]


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


def test_interrupted_acceptance_is_completed_by_the_next(mirror: Path) -> None:
    """Its sums are in the log, where `sha256sum -c` does not see them."""
    (mirror / THUMBNAIL).write_bytes(make_files()["images/thumbnail/2.jpg"])
    (mirror / "ia/photos/contexts/2.json").unlink()
    log = mirror / ".mirror/sums.log"
    log.parent.mkdir()
    digest = hashlib.sha256((mirror / THUMBNAIL).read_bytes()).hexdigest()
    log.write_text(f"{digest}  {THUMBNAIL}\n{REMOVED}  ia/photos/contexts/2.json\n")
    assert verify_mirror(mirror).is_intact and log.exists()
    assert verify_mirror(mirror, accept=True).is_intact
    assert not log.exists()
    lines = (mirror / CHECKSUMS).read_text().splitlines()
    assert f"{digest}  {THUMBNAIL}" in lines
    assert not [line for line in lines if line.endswith("contexts/2.json")]


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
