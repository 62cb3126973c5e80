"""Test that a run of downsync that meets faults, or is killed, loses nothing.

The next run completes the mirror, to the files of an undisturbed run.
"""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from flickr_sandbox import Fault
from flickr_sandbox.faults import KINDS
from pyflickr_web.errors import (
    FileError,
    NetworkError,
    NotFoundError,
    RateLimitError,
    UnavailableError,
)
from pyflickr_web.mirror.formats import find_damage
from tests.mirror.mirroring import Mirroring, read_files, skip_pauses
from tests.mirror.unreliable_file_systems import FullFileSystem, PowerLoss, VolatileFileSystem
from tests.support.repository import ROOT

SIZES = "original,small,thumbnail"
KILLS = 5
# Faults that are failures; the others are slow.
FAILURES = [kind for kind in KINDS if kind not in ("latency", "slow", "error")]
# Failures of calls. A file that is cut short twice, with the right length, counts as damaged at Flickr.
NOT_FOR_FILES = ("105", "201", "expired-token", "truncated")


@pytest.fixture
def undisturbed(mirroring: Mirroring) -> dict[str, bytes]:
    """The files of an undisturbed run."""
    folder = mirroring.folder.parent / "undisturbed"
    mirroring.run(folder, sizes=SIZES)
    return read_files(folder)


def _count_requests(mirroring: Mirroring) -> int:
    return sum(mirroring.sandbox.calls.values())


def test_storm_of_faults_ends_complete_in_one_run(
    either: Mirroring, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    skip_pauses(monkeypatch)
    either.run(tmp_path / "quiet", sizes=SIZES)
    quiet, calls = read_files(tmp_path / "quiet"), _count_requests(either)
    for kind in FAILURES:
        for where in ("rest", "files"):
            if where == "rest" or kind not in NOT_FOR_FILES:
                either.sandbox.faults.add(Fault(kind), where=where, rate=0.3 / len(FAILURES))
    report = either.run(sizes=SIZES)
    assert report.is_complete, report.summarize()
    assert read_files(either.folder) == quiet
    assert _count_requests(either) <= 2 * calls


def _kill_randomly(
    mirroring: Mirroring, folder: Path, chance: random.Random, requests: int
) -> None:
    """Run the command, and kill it after a random number of requests."""
    mirroring.sandbox.counts.clear()
    limit = chance.randint(1, requests)
    words = [sys.executable, "-m", "pyflickr_web", "downsync", str(folder), "--sizes", SIZES]
    environment = os.environ | mirroring.sandbox.environ
    with subprocess.Popen(
        words, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    ) as program:
        while program.poll() is None and _count_requests(mirroring) < limit:
            try:
                program.wait(0.001)
            except subprocess.TimeoutExpired:
                continue
        program.kill()


def _check_whole(folder: Path) -> None:
    """Check that each file at its final name is complete."""
    for name in read_files(folder):
        file = folder / name
        if name.endswith(".json"):
            json.loads(file.read_bytes())
        elif name.startswith("images/") and not file.name.startswith("."):
            assert find_damage(file, file.suffix[1:]) is None, name


def _kill_and_complete(mirroring: Mirroring, seed: int, undisturbed: dict[str, bytes]) -> None:
    chance = random.Random(seed)
    for _ in range(KILLS):
        _kill_randomly(mirroring, mirroring.folder, chance, 200)
        _check_whole(mirroring.folder)
    report = mirroring.run(sizes=SIZES)
    assert report.is_complete, report.summarize()
    assert read_files(mirroring.folder) == undisturbed


@pytest.mark.parametrize("seed", range(4))
def test_killed_run_is_completed_by_the_next(
    mirroring: Mirroring, undisturbed: dict[str, bytes], seed: int
) -> None:
    _kill_and_complete(mirroring, seed, undisturbed)


@pytest.mark.soak
@pytest.mark.parametrize("seed", range(100, 140))
def test_killed_run_is_completed_by_the_next_soak(
    mirroring: Mirroring, undisturbed: dict[str, bytes], seed: int
) -> None:
    _kill_and_complete(mirroring, seed, undisturbed)


def test_interrupted_full_run_is_completed_by_a_plain_run(
    mirroring: Mirroring, undisturbed: dict[str, bytes]
) -> None:
    mirroring.run(sizes=SIZES)
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
    mirroring.run(sizes="thumbnail")
    album = mirroring.list_albums()[0]
    mirroring.call("photosets.editMeta", photoset_id=album["id"], title="New title", description="")

    def interrupt(*arguments: Any) -> None:
        raise KeyboardInterrupt

    for method in ("write_contexts", "write"):
        with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
            patch.setattr(f"pyflickr_web.mirror.albums.AlbumWork.{method}", interrupt)
            mirroring.run(sizes="thumbnail")
    mirroring.run(sizes="thumbnail")
    contexts = [
        file.read_text("utf-8") for file in (mirroring.folder / "ia/photos/contexts").iterdir()
    ]
    assert any(album["id"] in text for text in contexts)
    assert all("New title" in text for text in contexts if album["id"] in text)


def test_npm_loads_what_a_kill_left_and_the_complete_mirror(
    mirroring: Mirroring, tmp_path: Path
) -> None:
    _kill_randomly(mirroring, mirroring.folder, random.Random(7), 60)
    (mirroring.folder / "ia/photos/exif").mkdir(parents=True, exist_ok=True)
    _load_by_npm(mirroring.folder, tmp_path)
    mirroring.run(sizes=SIZES)
    loaded = _load_by_npm(mirroring.folder, tmp_path)
    assert sorted(loaded["photos"]) == sorted(photo["id"] for photo in mirroring.list_photos())
    assert sorted(loaded["photosets"]) == sorted(album["id"] for album in mirroring.list_albums())
    assert loaded["commented"]
    assert loaded["inPhotosets"]


def _load_by_npm(folder: Path, cwd: Path) -> Any:
    (cwd / "data/flickr").mkdir(parents=True, exist_ok=True)
    script = ROOT / "tests/mirror/load_locally.mjs"
    loaded = subprocess.run(
        ["node", script, folder], cwd=cwd, capture_output=True, text=True, check=True
    )
    return json.loads(loaded.stdout)


@pytest.mark.parametrize("free", [0, 2_000, 60_000, 400_000])
def test_full_disk_ends_the_run_and_the_next_completes_it(
    either: Mirroring, undisturbed: dict[str, bytes], monkeypatch: pytest.MonkeyPatch, free: int
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr("pyflickr_web.mirror.sync.FileSystem", lambda: FullFileSystem(free))
        events: list[Any] = []
        with pytest.raises(FileError, match="free some space, and run it again") as raised:
            either.run(sizes=SIZES, on_event=events.append)
    assert events[-1].report.error == str(raised.value)
    _check_whole(either.folder)
    assert either.run(sizes=SIZES).is_complete
    assert read_files(either.folder) == undisturbed


@pytest.mark.parametrize("seed", range(4))
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
        patch.setattr("pyflickr_web.mirror.placing.BATCH", 8)
        system.fail_after(chance.randint(20, 1500))
        with pytest.raises(PowerLoss):
            mirroring.run(sizes=SIZES, workers=1)
    restarted = tmp_path / "restarted"
    system.restart(mirroring.folder, restarted, chance)
    _check_whole(restarted)
    assert mirroring.run(restarted, sizes=SIZES).is_complete
    assert read_files(restarted) == undisturbed


def _replace_pictures(mirroring: Mirroring) -> None:
    """Replace the pictures of all photos: their secrets are new, and what they show."""
    mirroring.sandbox.store.run(
        "UPDATE photos SET rotation = 90, secret = substr(secret, 2) || 'a', "
        "originalsecret = substr(originalsecret, 2) || 'b', "
        "lastupdate = (SELECT max(lastupdate) FROM photos) + id % 1000"
    )


@pytest.mark.parametrize("seed", range(8))
def test_power_failure_in_an_update_is_completed(
    mirroring: Mirroring, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, seed: int
) -> None:
    chance, system = random.Random(seed), VolatileFileSystem()
    with monkeypatch.context() as patch:
        patch.setattr("pyflickr_web.mirror.sync.FileSystem", lambda: system)
        patch.setattr("pyflickr_web.mirror.placing.BATCH", 4)
        mirroring.run(sizes=SIZES)
        _replace_pictures(mirroring)
        system.fail_after(chance.randint(20, 1150))
        with suppress(PowerLoss):
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
    skip_pauses(monkeypatch)
    mirroring.run(sizes=SIZES)
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

    with pytest.raises(RateLimitError) as raised:
        either.run(sizes=SIZES, on_event=exhaust)
    assert events[-1].report.error == str(raised.value)
    either.sandbox.faults.limit(None)
    assert either.run(sizes=SIZES).is_complete


def test_account_that_is_deleted_ends_the_run(mirroring: Mirroring) -> None:
    mirroring.run(sizes="thumbnail")
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
    mirroring.run(sizes="thumbnail")
    files = read_files(mirroring.folder)
    jumped = time.time() + years * 365 * 24 * 3600
    clock = SimpleNamespace(time=lambda: jumped)
    monkeypatch.setattr("pyflickr_web.mirror.run_state.time", clock)
    assert mirroring.run(sizes="thumbnail").is_complete
    assert read_files(mirroring.folder) == files
    photo_id = mirroring.list_photos()[0]["id"]
    mirroring.sandbox.store.run(
        "UPDATE photos SET title = 'New', lastupdate = lastupdate + 60 WHERE id = :id",
        id=int(photo_id),
    )
    assert mirroring.run(sizes="thumbnail").updated_photos == 1
