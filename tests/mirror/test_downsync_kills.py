"""Test that runs of downsync that are killed (kill -9) leave whole files, and are completed by the next.

20 random moments in `make test`, 200 and more in `make soak`.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any

import pytest

from flickr_sandbox import Sandbox
from tests.mirror.mirroring import (
    Mirroring,
    check_whole,
    count_requests,
    read_files,
    replace_pictures,
)
from tests.support.repository import ROOT

SIZES = "original,small,thumbnail"
COMMAND = [sys.executable, "-m", "pyflickr_web", "downsync", "--sizes", SIZES]
# Kills of one mirror, before the run that completes it.
KILLS = 5
# The longest time between a request and the kill, in seconds.
LONGEST_DELAY = 0.02

pytestmark = pytest.mark.skipif(os.name != "posix", reason="Windows has no SIGKILL")


class Killer:
    """Kills runs of a mirror at random moments: some time after one of their requests."""

    def __init__(self, mirroring: Mirroring, seed: int) -> None:
        self._mirroring = mirroring
        self._chance = Random(seed)

    def kill(self, requests: int, *words: str) -> int | None:
        """Run the command, and kill it after up to so many requests.

        Return their number; None if the run ended before.
        """
        self._mirroring.sandbox.counts.clear()
        limit = self._chance.randint(1, requests)
        with subprocess.Popen(
            [*COMMAND, str(self._mirroring.folder), *words],
            cwd=ROOT,
            env=os.environ | self._mirroring.sandbox.environ,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        ) as program:
            while count_requests(self._mirroring) < limit and _is_running(program, 0.001):
                pass
            _is_running(program, self._chance.uniform(0, LONGEST_DELAY))
            program.kill()
        return limit if program.returncode == -signal.SIGKILL else None

    def kill_often(self, requests: int, *words: str) -> None:
        """Kill runs of one mirror, five times. A run that ends before is followed by a new mirror.

        `requests` is their number in an undisturbed run.
        """
        folder = self._mirroring.folder
        start = folder.with_name("start")
        if folder.exists():
            shutil.copytree(folder, start)
        kills, left = 0, requests
        while kills < KILLS:
            limit = self.kill(left, *words)
            if limit is None:
                shutil.rmtree(folder)
                if start.exists():
                    shutil.copytree(start, folder)
                left = requests
                continue
            kills += 1
            left = max(1, left - limit)
            check_whole(folder)


def _is_running(program: subprocess.Popen[bytes], seconds: float) -> bool:
    """Return True if a program still runs after some time."""
    try:
        program.wait(seconds)
    except subprocess.TimeoutExpired:
        return True
    return False


def _load_by_npm(folder: Path, cwd: Path) -> Any:
    (cwd / "data/flickr").mkdir(parents=True, exist_ok=True)
    script = ROOT / "tests/mirror/load_locally.mjs"
    loaded = subprocess.run(
        ["node", script, folder], cwd=cwd, capture_output=True, text=True, check=True
    )
    return json.loads(loaded.stdout)


def _load_and_complete(mirroring: Mirroring, cwd: Path) -> None:
    """Load by npm what kills left, complete it, and load it again."""
    photos = set(_list_ids(mirroring.folder / "ia/photos"))
    assert set(_load_by_npm(mirroring.folder, cwd)["photos"]) == photos
    report = mirroring.run(sizes=SIZES)
    assert report.is_complete, report.summarize()


def _list_ids(folder: Path) -> list[str]:
    return [file.stem for file in folder.iterdir() if file.is_file()] if folder.is_dir() else []


@dataclass(frozen=True)
class UndisturbedRun:
    """The files and the number of requests of a first run that nothing disturbs."""

    files: dict[str, bytes]
    requests: int


@pytest.fixture(scope="module")
def undisturbed_run(
    shared_sandbox: Sandbox, tmp_path_factory: pytest.TempPathFactory
) -> UndisturbedRun:
    shared_sandbox.reset()
    mirroring = Mirroring(shared_sandbox, tmp_path_factory.mktemp("undisturbed"))
    mirroring.run(sizes=SIZES)
    run = UndisturbedRun(read_files(mirroring.folder), count_requests(mirroring))
    shared_sandbox.reset()
    return run


def _check_first_run(
    mirroring: Mirroring, undisturbed_run: UndisturbedRun, cwd: Path, seed: int
) -> None:
    Killer(mirroring, seed).kill_often(undisturbed_run.requests)
    _load_and_complete(mirroring, cwd)
    assert read_files(mirroring.folder) == undisturbed_run.files


@pytest.mark.parametrize("seed", range(4))
def test_killed_run_is_completed_by_the_next(
    undisturbed_run: UndisturbedRun, mirroring: Mirroring, tmp_path: Path, seed: int
) -> None:
    _check_first_run(mirroring, undisturbed_run, tmp_path, seed)


@pytest.mark.soak
@pytest.mark.parametrize("seed", range(100, 140))
def test_killed_run_is_completed_by_the_next_soak(
    undisturbed_run: UndisturbedRun, mirroring: Mirroring, tmp_path: Path, seed: int
) -> None:
    _check_first_run(mirroring, undisturbed_run, tmp_path, seed)


@pytest.mark.soak
@pytest.mark.parametrize("seed", range(200, 220))
def test_killed_update_is_completed_by_the_next_run(
    mirroring: Mirroring, tmp_path: Path, seed: int
) -> None:
    mirroring.begin(sizes=SIZES)
    originals = _read_originals(mirroring.folder)
    replace_pictures(mirroring)
    undisturbed = tmp_path / "undisturbed"
    mirroring.run(undisturbed, sizes=SIZES)
    Killer(mirroring, seed).kill_often(count_requests(mirroring))
    _load_and_complete(mirroring, tmp_path)
    files, new = read_files(mirroring.folder), read_files(undisturbed)
    assert _without_trash(files) == new
    # The sandbox makes the same film of a video again.
    replaced = {name: data for name, data in originals.items() if data != new[name]}
    assert len(replaced) > len(originals) / 2
    _check_trash(files, replaced)


@pytest.mark.soak
@pytest.mark.parametrize("seed", range(300, 320))
def test_killed_deletion_is_completed_by_the_next_run(
    mirroring: Mirroring, tmp_path: Path, seed: int
) -> None:
    mirroring.begin(sizes=SIZES)
    before = read_files(mirroring.folder)
    deleted = [photo["id"] for photo in mirroring.list_photos()[:40]]
    for photo_id in deleted:
        mirroring.call("photos.delete", photo_id=photo_id)
    prune = ("--prune", "--max-prune", "40")
    undisturbed = tmp_path / "undisturbed"
    shutil.copytree(mirroring.folder, undisturbed)
    mirroring.run(undisturbed, sizes=SIZES, remove_deleted=True, max_prune=40)
    Killer(mirroring, seed).kill_often(count_requests(mirroring), *prune)
    assert mirroring.run(sizes=SIZES, remove_deleted=True, max_prune=40).is_complete
    files = read_files(mirroring.folder)
    assert _without_trash(files) == _without_trash(read_files(undisturbed))
    gone = {name: data for name, data in before.items() if Path(name).stem in deleted}
    assert len(gone) > len(deleted)
    _check_trash(files, gone)


def _read_originals(folder: Path) -> dict[str, bytes]:
    return {
        name: data
        for name, data in read_files(folder).items()
        if name.startswith("images/original/")
    }


def _without_trash(files: dict[str, bytes]) -> dict[str, bytes]:
    return {name: data for name, data in files.items() if not name.startswith(".trash/")}


def _check_trash(files: dict[str, bytes], expected: dict[str, bytes]) -> None:
    """Check that the trash has the expected files, by content: names there may have a number."""
    trash = {data for name, data in files.items() if name.startswith(".trash/")}
    lost = [name for name, data in expected.items() if data not in trash]
    assert not lost


@pytest.mark.parametrize("metadata", ["info", "listing"])
def test_npm_loads_the_complete_mirror(mirroring: Mirroring, tmp_path: Path, metadata: str) -> None:
    mirroring.run(sizes="thumbnail", metadata=metadata, comments=True)
    (mirroring.folder / "ia/photos/exif").mkdir(parents=True, exist_ok=True)
    loaded = _load_by_npm(mirroring.folder, tmp_path)
    assert sorted(loaded["photos"]) == sorted(photo["id"] for photo in mirroring.list_photos())
    assert sorted(loaded["photosets"]) == sorted(album["id"] for album in mirroring.list_albums())
    assert loaded["commented"]
    assert loaded["inPhotosets"]
