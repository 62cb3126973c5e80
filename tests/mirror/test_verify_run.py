"""Test a verification as a whole: its order, its end, and the findings that it leaves."""

from __future__ import annotations

import random
import tracemalloc
from collections.abc import Callable
from pathlib import Path
from threading import Event
from typing import Any

import pytest

from pyflickr_web.errors import FileError, MirrorError, OptionError
from pyflickr_web.mirror.events import StepAdvanced, StepStarted, VerifyEnded
from pyflickr_web.mirror.files.folder import MirrorFolder
from pyflickr_web.mirror.files.lock import lock_mirror
from pyflickr_web.mirror.layout import CHECKSUMS
from pyflickr_web.mirror.verification.file_checks import StopRequested
from pyflickr_web.mirror.verification.findings import locate_findings, read_findings
from pyflickr_web.mirror.verification.report import VerifyReport
from pyflickr_web.mirror.verify import verify_mirror
from tests.mirror.damage import RefusedLock, flip_bit
from tests.mirror.mirroring import read_files
from tests.mirror.small_mirror import THUMBNAIL, list_findings, mirror, state, write_mirror

__all__ = ["mirror", "state"]

# Both remove the temporary files of a process that was killed.
RUNS = pytest.mark.parametrize(
    "run", [verify_mirror, lambda root: MirrorFolder(root).prepare()], ids=["verify", "downsync"]
)


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
    assert not any(file.exists() for file in locate_findings(mirror))


def test_read_only_mirror_has_its_findings_in_the_users_folder(
    mirror: Path, state: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    flip_bit(mirror / THUMBNAIL)
    before = read_files(mirror, state=True)
    monkeypatch.setattr("pyflickr_web.mirror.files.lock.FileLock", RefusedLock)
    report = verify_mirror(mirror)
    assert Path(str(report.findings_file)).is_relative_to(state)
    assert [one.name for one in read_findings(mirror)] == [THUMBNAIL]
    assert read_files(mirror, state=True) == before
    with pytest.raises(FileError, match="Read-only file system"):
        verify_mirror(mirror, accept=True)


@RUNS
def test_temporary_files_of_a_killed_verification_are_removed(
    mirror: Path, run: Callable[[Path], object]
) -> None:
    temporary = mirror / ".mirror/tmp"
    (temporary / "tmp1234abc_").mkdir(parents=True)
    (temporary / "tmp1234abc_/merged-0").write_text("x")
    for name in ("0123456789abcdef", "SHA256SUMS", "logged-0", "merged-12", "summed-1"):
        (temporary / name).write_text("x")
    (mirror / "own").mkdir()
    (mirror / "own/x").write_text("mine")
    (temporary / "merged-1").symlink_to(mirror / "own")
    run(mirror)
    assert list(temporary.iterdir()) == []
    assert (mirror / "own/x").exists()


@RUNS
def test_other_files_among_the_temporary_ones_are_kept(
    mirror: Path, run: Callable[[Path], object]
) -> None:
    """Somebody may have put them there, or made the folder a link to a folder of their own."""
    temporary, own = mirror / ".mirror/tmp", mirror / "own"
    (temporary / "tmp").mkdir(parents=True)
    for name in ("tmp/x", "notes.txt", "merged-0.txt"):
        (temporary / name).write_text("mine")
    run(mirror)
    assert {file.name for file in temporary.rglob("*")} == {"tmp", "x", "notes.txt", "merged-0.txt"}
    temporary.rename(own)
    (own / "merged-0").write_text("mine")
    temporary.symlink_to(own)
    with pytest.raises(MirrorError, match=r"\.mirror/tmp' is a link: remove it, and run it again"):
        run(mirror)
    assert len(list(own.iterdir())) == 4


def test_mirror_in_use_is_refused(mirror: Path) -> None:
    with lock_mirror(mirror), pytest.raises(MirrorError, match="is in use by process"):
        verify_mirror(mirror)


@pytest.mark.parametrize("name", ["missing", "empty", "file"])
def test_folder_without_a_mirror_is_refused_and_stays_as_it_is(tmp_path: Path, name: str) -> None:
    (tmp_path / "empty").mkdir()
    (tmp_path / "file").write_text("x")
    with pytest.raises(MirrorError, match="no mirror at"):
        verify_mirror(tmp_path / name)
    assert not (tmp_path / "missing").exists()
    assert list((tmp_path / "empty").iterdir()) == []


@pytest.mark.parametrize("workers", [0, -1, 65, True, "2"])
def test_invalid_workers_are_refused(mirror: Path, workers: Any) -> None:
    with pytest.raises(OptionError, match="invalid workers"):
        verify_mirror(mirror, workers=workers)


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


def test_fault_of_the_program_is_reported_as_such_and_a_stop_as_interruption(mirror: Path) -> None:
    events: list[Any] = []

    def fail(event: Any) -> None:
        events.append(event)
        if isinstance(event, StepStarted):
            raise KeyError("shape")

    with pytest.raises(KeyError):
        verify_mirror(mirror, on_event=fail)
    assert events[-1].report.error == "KeyError: 'shape'"
    stop = Event()
    stop.set()
    with pytest.raises(StopRequested):
        verify_mirror(mirror, on_event=events.append, stop=stop)
    assert events[-1].report.error == "interrupted"


def test_findings_that_are_gone_are_forgotten(mirror: Path) -> None:
    flip_bit(mirror / THUMBNAIL)
    verify_mirror(mirror)
    flip_bit(mirror / THUMBNAIL)
    assert verify_mirror(mirror).findings_file is None
    assert list(read_findings(mirror)) == []


def test_report_lists_the_first_findings_and_counts_all(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pyflickr_web.mirror.verification.report.MOST_LISTED", 5)
    names = write_mirror(tmp_path, 3)
    for name in names:
        flip_bit(tmp_path / name)
    report = verify_mirror(tmp_path)
    assert len(report.findings) == 5
    assert report.counts["damaged"] == len(names)
    assert f"… and {len(names) - 5} more" in report.summarize()
    assert len(list(read_findings(tmp_path))) == len(names)


@pytest.mark.soak
def test_memory_does_not_grow_with_the_lines(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pyflickr_web.mirror.verification.report.MOST_LISTED", 10)
    monkeypatch.setattr("pyflickr_web.mirror.files.spool.IN_MEMORY", 1000)
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
