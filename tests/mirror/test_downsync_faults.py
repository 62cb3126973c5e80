"""Test that a run of downsync that meets faults loses nothing.

The next run completes the mirror, to the files of an undisturbed run.
"""

from __future__ import annotations

import random
import time
from collections import Counter
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from flickr_sandbox import Fault, fault_injection
from flickr_sandbox.faults import KINDS
from pyflickr_web.errors import (
    FileError,
    NetworkError,
    NotFoundError,
    RateLimitError,
    UnavailableError,
)
from tests.mirror.mirroring import (
    FirstRuns,
    Mirroring,
    check_whole,
    count_requests,
    read_files,
    replace_pictures,
    skip_pauses,
)
from tests.mirror.unreliable_file_systems import FullFileSystem, PowerLoss, VolatileFileSystem

SIZES = "original,small,thumbnail"
# Somewhat fewer than a run has on the disk, a first one or one after pictures were replaced.
OPERATIONS = 700
# All ways in which calls fail, and those in which files do.
CALL_FAILURES = [kind for kind in KINDS if kind not in ("latency", "slow", "error", "index_delay")]
FILE_FAILURES = [kind for kind in CALL_FAILURES if kind not in ("105", "201", "expired-token")]


@pytest.fixture
def undisturbed(first_runs: FirstRuns) -> dict[str, bytes]:
    """The files of an undisturbed run."""
    return read_files(first_runs.make(sizes=SIZES))


def _cut_files_twice(monkeypatch: pytest.MonkeyPatch) -> Counter[str]:
    """Make the fault `truncated` cut a file twice at most, and return the cuts by path.

    The Content-Length of a cut file matches. Cut a third time, it would be damaged at Flickr itself.
    """
    cuts: Counter[str] = Counter()
    damage = fault_injection._damage

    async def damage_twice(fault: Fault, request: Any, response: Any) -> Any:
        if fault.kind == "truncated" and request.path.endswith(".jpg"):
            cuts[request.path] += 1
            if cuts[request.path] > 2:
                return response
        return await damage(fault, request, response)

    monkeypatch.setattr(fault_injection, "_damage", damage_twice)
    return cuts


def test_storm_of_faults_ends_complete_in_one_run(
    either: Mirroring, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    skip_pauses(monkeypatch)
    either.run(tmp_path / "quiet", sizes=SIZES)
    quiet, calls = read_files(tmp_path / "quiet"), count_requests(either)
    cuts = _cut_files_twice(monkeypatch)
    for where, kinds in (("rest", CALL_FAILURES), ("files", FILE_FAILURES)):
        # Each fault applies to what the earlier ones left: 30 % of all fail.
        rate = 1 - 0.7 ** (1 / len(kinds))
        for kind in kinds:
            either.sandbox.faults.add(kind, where=where, rate=rate)
    report = either.run(sizes=SIZES)
    assert report.is_complete, report.summarize()
    assert not report.damaged
    assert cuts
    assert read_files(either.folder) == quiet
    assert count_requests(either) <= 2 * calls


def test_token_that_is_refused_once_after_other_failures_is_tried_again(
    mirroring: Mirroring, monkeypatch: pytest.MonkeyPatch
) -> None:
    skip_pauses(monkeypatch)
    mirroring.sandbox.faults.add("500", "flickr.photosets.getList", times=5)
    mirroring.sandbox.faults.add("expired-token", "flickr.photosets.getList", times=1)
    assert mirroring.run(sizes="thumbnail").is_complete


def test_interrupted_full_run_is_completed_by_a_plain_run(
    mirroring: Mirroring, undisturbed: dict[str, bytes]
) -> None:
    mirroring.begin(sizes=SIZES)
    for file in list((mirroring.folder / "images/thumbnail").iterdir())[:3]:
        file.unlink()

    def interrupt(event: Any) -> None:
        if getattr(event, "step", "") == "sizes":
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        mirroring.run(sizes=SIZES, full=True, on_event=interrupt)
    assert mirroring.run(sizes=SIZES).fetched_files == 3
    assert read_files(mirroring.folder) == undisturbed


def test_contexts_are_written_before_the_albums_that_they_come_from(
    mirroring: Mirroring, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A run that is stopped between the two leaves the albums to the next one."""
    mirroring.begin(sizes="thumbnail")
    album = mirroring.list_albums()[0]
    mirroring.call("photosets.editMeta", photoset_id=album["id"], title="New title", description="")

    def interrupt(*arguments: Any) -> None:
        raise KeyboardInterrupt

    for method in ("write_contexts", "write"):
        with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
            patch.setattr(f"pyflickr_web.mirror.steps.albums.AlbumWork.{method}", interrupt)
            mirroring.run(sizes="thumbnail")
    mirroring.run(sizes="thumbnail")
    contexts = [
        file.read_text("utf-8") for file in (mirroring.folder / "ia/photos/contexts").iterdir()
    ]
    assert any(album["id"] in text for text in contexts)
    assert all("New title" in text for text in contexts if album["id"] in text)


@pytest.mark.parametrize(
    "free",
    [
        0,
        pytest.param(2_000, marks=pytest.mark.soak),
        60_000,
        pytest.param(400_000, marks=pytest.mark.soak),
    ],
)
def test_full_disk_ends_the_run_and_the_next_completes_it(
    either: Mirroring, undisturbed: dict[str, bytes], monkeypatch: pytest.MonkeyPatch, free: int
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr("pyflickr_web.mirror.sync.FileSystem", lambda: FullFileSystem(free))
        events: list[Any] = []
        with pytest.raises(FileError, match="free some space, and run it again") as raised:
            either.run(sizes=SIZES, on_event=events.append)
    assert events[-1].report.error == str(raised.value)
    check_whole(either.folder)
    assert either.run(sizes=SIZES).is_complete
    assert read_files(either.folder) == undisturbed


@pytest.mark.parametrize(
    "seed", [0, 1, *(pytest.param(seed, marks=pytest.mark.soak) for seed in range(2, 4))]
)
def test_power_failure_leaves_whole_files(
    mirroring: Mirroring,
    undisturbed: dict[str, bytes],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    seed: int,
) -> None:
    chance, system = random.Random(seed), VolatileFileSystem()
    with monkeypatch.context() as patch:
        patch.setattr("pyflickr_web.mirror.sync.FileSystem", lambda: system)
        patch.setattr("pyflickr_web.mirror.session.placing.BATCH", 8)
        system.fail_after(chance.randint(20, OPERATIONS))
        with pytest.raises(PowerLoss):
            mirroring.run(sizes=SIZES, workers=1)
    restarted = tmp_path / "restarted"
    system.restart(mirroring.folder, restarted, chance)
    check_whole(restarted)
    assert mirroring.run(restarted, sizes=SIZES).is_complete
    assert read_files(restarted) == undisturbed


@pytest.mark.parametrize(
    "seed", [0, *(pytest.param(seed, marks=pytest.mark.soak) for seed in range(1, 8))]
)
def test_power_failure_in_an_update_is_completed(
    mirroring: Mirroring, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, seed: int
) -> None:
    chance, system = random.Random(seed), VolatileFileSystem()
    with monkeypatch.context() as patch:
        patch.setattr("pyflickr_web.mirror.sync.FileSystem", lambda: system)
        patch.setattr("pyflickr_web.mirror.session.placing.BATCH", 4)
        mirroring.run(sizes=SIZES)
        replace_pictures(mirroring)
        system.fail_after(chance.randint(20, OPERATIONS))
        with pytest.raises(PowerLoss):
            mirroring.run(sizes=SIZES, workers=1)
    restarted, new = tmp_path / "restarted", tmp_path / "new"
    system.restart(mirroring.folder, restarted, chance)
    assert mirroring.run(restarted, sizes=SIZES).is_complete
    mirroring.run(new, sizes=SIZES)
    files = {name: data for name, data in read_files(restarted).items() if ".trash" not in name}
    assert files == read_files(new)


def test_pictures_that_failed_after_their_metadata_are_fetched_by_the_next_run(
    mirroring: Mirroring, monkeypatch: pytest.MonkeyPatch
) -> None:
    mirroring.begin(sizes=SIZES)
    skip_pauses(monkeypatch)
    photo = next(photo for photo in mirroring.list_photos() if photo["media"] == "photo")
    name = f"images/small/{photo['id']}.jpg"
    before = (mirroring.folder / name).read_bytes()
    mirroring.call("photos.transform.rotate", photo_id=photo["id"], degrees=90)
    fault = mirroring.sandbox.faults.add("500", where="files")
    assert list(mirroring.run(sizes=SIZES).failed) == [photo["id"]]
    assert (mirroring.folder / name).read_bytes() == before
    mirroring.sandbox.faults.remove(fault)
    assert mirroring.run(sizes=SIZES).is_complete
    assert (mirroring.folder / name).read_bytes() != before


def test_limit_that_never_ends_stops_the_run(
    either: Mirroring, monkeypatch: pytest.MonkeyPatch
) -> None:
    skip_pauses(monkeypatch)
    events: list[Any] = []

    def exhaust(event: Any) -> None:
        events.append(event)
        if getattr(event, "step", "") == "photos":
            either.sandbox.faults.limit(0)

    with pytest.raises(RateLimitError, match=r"run it again later, .*what is complete") as raised:
        either.run(sizes=SIZES, on_event=exhaust)
    report = events[-1].report
    assert report.error == str(raised.value)
    # The calls of the listing are done.
    assert report.summarize()[0].endswith(f"; {report.calls:,} calls")
    assert report.summarize()[-1] == "incomplete; run it again to go on"
    either.sandbox.faults.limit(None)
    assert either.run(sizes=SIZES).is_complete


def test_account_that_is_deleted_ends_the_run(mirroring: Mirroring) -> None:
    mirroring.begin(sizes="thumbnail")
    files = read_files(mirroring.folder)
    for method in ("people.getPhotos", "photosets.getList", "photos.recentlyUpdated"):
        mirroring.sandbox.fail(f"flickr.{method}", 1, "User not found", times=None)
    events: list[Any] = []
    with pytest.raises(NotFoundError, match="User not found"):
        mirroring.run(sizes="thumbnail", on_event=events.append)
    assert "User not found" in events[-1].report.error
    assert read_files(mirroring.folder) == files


def test_flickr_that_is_down_stops_the_run_soon(
    mirroring: Mirroring, monkeypatch: pytest.MonkeyPatch
) -> None:
    skip_pauses(monkeypatch)
    mirroring.sandbox.faults.add(Fault("503"), "flickr.photos.getInfo")
    with pytest.raises(UnavailableError):
        mirroring.run(sizes=SIZES, workers=1)
    assert mirroring.sandbox.calls["flickr.photos.getInfo"] <= 50


def test_image_host_that_is_down_stops_the_run_soon(
    either: Mirroring, monkeypatch: pytest.MonkeyPatch
) -> None:
    skip_pauses(monkeypatch)
    fault = either.sandbox.faults.add("drop", where="files")
    with pytest.raises(NetworkError, match="run it again"):
        either.run(sizes=SIZES)
    # Forty tries in a row, and those that are on their way; aiohttp sends each twice.
    assert either.sandbox.answers["dropped"] <= 120
    either.sandbox.faults.remove(fault)
    assert either.run(sizes=SIZES).is_complete


@pytest.mark.parametrize("years", [-20, 20])
def test_clock_that_jumps_changes_nothing(
    mirroring: Mirroring, monkeypatch: pytest.MonkeyPatch, years: int
) -> None:
    mirroring.begin(sizes="thumbnail")
    files = read_files(mirroring.folder)
    jumped = time.time() + years * 365 * 24 * 3600
    clock = SimpleNamespace(time=lambda: jumped)
    monkeypatch.setattr("pyflickr_web.mirror.session.run_state.time", clock)
    assert mirroring.run(sizes="thumbnail").is_complete
    assert read_files(mirroring.folder) == files
    photo_id = mirroring.list_photos()[0]["id"]
    mirroring.sandbox.store.run(
        "UPDATE photos SET title = 'New', lastupdate = lastupdate + 60 WHERE id = :id",
        id=int(photo_id),
    )
    assert mirroring.run(sizes="thumbnail").updated_photos == 1
