"""Test that a mirror that was made in steps equals a fresh one, for random histories of an account.

Between random changes of the account, `downsync` runs with random options: some runs are stopped, some
meet faults, and during some the account changes. A last run with all options must leave what a first run
of another mirror writes.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from random import Random
from typing import Any

import pytest

from flickr_sandbox import Sandbox
from pyflickr_web import Flickr
from pyflickr_web.mirror.layout import SIZE_FOLDERS
from pyflickr_web.mirror.report import Report
from pyflickr_web.mirror.verify import verify_mirror
from tests.mirror.library import FIRST_CHANGE, Library
from tests.mirror.library_changes import make_change
from tests.mirror.mirror_comparison import compare_mirrors, load
from tests.mirror.mirroring import (
    Mirroring,
    check_sums,
    check_whole,
    open_sandbox,
    read_files,
    read_times,
    skip_pauses,
)
from tests.support.account import options_of

LIBRARY = 30
MOST_PHOTOS = 9
SIZES = tuple(folder.replace("/", "-") for folder in SIZE_FOLDERS.values())
EVERYTHING: dict[str, Any] = {"exif": True, "favorites": True}
# With these, a run sees what has no date of change, and removes all that left Flickr.
LAST: dict[str, Any] = {**EVERYTHING, "pools": True, "remove_deleted": True, "max_prune": 1000}
FAULTS = ("429", "500", "503", "empty", "wrong-format", "drop", "drop-midway")
# The calls that a run may make beside one for each 500 photos.
MOST_CALLS = 20


class Stopped(Exception):
    """A run ends here."""


@pytest.fixture(scope="module")
def small_library() -> Iterator[Sandbox]:
    """A sandbox with few photos of several small sizes, and a video."""
    with open_sandbox(LIBRARY) as sandbox:
        mine = "SELECT id FROM photos WHERE owner = :me ORDER BY id"
        me = sandbox.account.user_id
        photos = [row["id"] for row in sandbox.store.all(mine, me=me)]
        for photo in photos[MOST_PHOTOS:]:
            sandbox.store.run("DELETE FROM photos WHERE id = :id", id=photo)
        sandbox.store.run("UPDATE photos SET width = 90 + id % 3 * 120, height = 70 + id % 2 * 90")
        wide = "UPDATE photos SET width = 1100, height = 300 WHERE id = :id"
        sandbox.store.run(wide, id=photos[0])
        video = "UPDATE photos SET media = 'video', originalformat = 'mp4', duration = 5"
        sandbox.store.run(f"{video} WHERE id = :id", id=photos[1])
        sandbox.store.run("DELETE FROM favorites WHERE photo % 4")
        sandbox.mark()
        yield sandbox


class History:
    """A history of an account and its mirror; `log` has its events, for failures."""

    def __init__(self, sandbox: Sandbox, flickr: Flickr, folder: Path, seed: int) -> None:
        self.chance = Random(seed)
        self.sandbox = sandbox
        self.library = Library(sandbox, flickr, self.chance, folder)
        self.mirroring = Mirroring(sandbox, folder / "mirror")
        self.log: list[str] = []

    def make_steps(self) -> None:
        """Change the account, and mirror it, some times."""
        for _ in range(self.chance.randint(2, 5)):
            self.run()
            for _ in range(self.chance.randrange(7)):
                self.change()

    def change(self) -> None:
        self.log.append(make_change(self.library))

    def run(self) -> None:
        """Run downsync in one of the ways that a run can go."""
        events, limit = 0, self.chance.randint(1, 60)
        way = self.chance.choice(("undisturbed", "faults", "stopped", "changes"))

        def disturb(event: Any) -> None:
            nonlocal events
            events += 1
            if events >= limit and way == "stopped":
                raise Stopped
            if limit <= events < limit + 3 and way == "changes":
                self.change()

        if way == "faults":
            for fault in FAULTS:
                self.sandbox.faults.add(fault, where="rest", rate=0.02)
                self.sandbox.faults.add(fault, where="files", rate=0.02)
        options = self.choose_options()
        self.log.append(f"{way} run, {limit}: {options}")
        with suppress(Stopped):
            report = self.mirror(on_event=disturb, **options)
            assert not report.failed or way != "undisturbed", report.failed
        self.sandbox.faults.clear()
        if self.mirroring.folder.exists():
            check_whole(self.mirroring.folder)

    def choose_options(self) -> dict[str, Any]:
        """Return random options of downsync."""
        chance = self.chance
        albums = self.library.list_values("SELECT id FROM photosets WHERE owner = :me")
        values: dict[str, Any] = {
            "sizes": chance.sample(SIZES, chance.randint(1, 4)),
            "exif": True,
            "metadata": "listing",
            "comments": bool(self.library.flag()),
            "favorites": True,
            "full": True,
            "pools": True,
            "workers": chance.randint(1, 4),
        }
        chosen = {name: value for name, value in values.items() if chance.random() < 0.3}
        parts: dict[str, Any] = {
            "albums": [str(one) for one in albums[:2]] or None,
            "since": chance.choice((1_400_000_000, FIRST_CHANGE)),
            "videos": False,
        }
        part = {name: value for name, value in parts.items() if chance.random() < 0.15}
        if not part and chance.random() < 0.3:
            part = {"remove_deleted": True, "max_prune": 1000}
        return {**chosen, **part}

    def mirror(self, **options: Any) -> Report:
        """Run downsync with threads or tasks."""
        self.mirroring.is_async = bool(self.library.flag())
        return self.mirroring.run(**options)

    def check(self, fresh: Path) -> None:
        """Check that a last run and a fresh mirror agree, and that nothing is left to do."""
        folder = self.mirroring.folder
        report = self.mirror(**LAST)
        assert report.is_complete and not report.failed, self.log
        assert self.mirroring.run(fresh, **EVERYTHING).is_complete
        assert compare_mirrors(folder, fresh) == [], self.log
        assert load(folder) == load(fresh), self.log
        (folder / "index.db").unlink()
        for part in (folder / "favorites").rglob(".*.part"):
            # Of a favorite that was taken back: the file is continued if it returns.
            part.unlink()
        check_sums(folder)
        assert verify_mirror(folder).is_intact, self.log
        before = read_files(folder), read_times(folder)
        for options in (EVERYTHING, {**LAST, "full": True}):
            assert self.mirror(**options).is_complete
            assert (read_files(folder), read_times(folder)) == before, self.log
            assert not self.sandbox.calls["files"]
        self.mirroring.run(**EVERYTHING)
        assert self.mirroring.api_calls <= MOST_CALLS, self.log


def check_history(
    sandbox: Sandbox, folder: Path, monkeypatch: pytest.MonkeyPatch, seed: int
) -> None:
    sandbox.reset()
    skip_pauses(monkeypatch)
    with Flickr(**options_of(sandbox)) as flickr:
        history = History(sandbox, flickr, folder, seed)
        with monkeypatch.context() as patch:
            if seed % 2:
                # As in a large account: listings of several pages, and several batches of files.
                patch.setattr("pyflickr_web.mirror.listing.PER_PAGE", 3)
                patch.setattr("pyflickr_web.mirror.listing.MOST_CHANGES", 4)
                patch.setattr("pyflickr_web.mirror.session.placing.BATCH", 5)
            history.make_steps()
        history.check(folder / "fresh")


@pytest.mark.parametrize("seed", range(3))
def test_mirror_made_in_steps_equals_a_fresh_one(
    small_library: Sandbox, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, seed: int
) -> None:
    check_history(small_library, tmp_path, monkeypatch, seed)


@pytest.mark.soak
@pytest.mark.parametrize("seed", range(100, 200))
def test_mirror_made_in_steps_equals_a_fresh_one_soak(
    small_library: Sandbox, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, seed: int
) -> None:
    check_history(small_library, tmp_path, monkeypatch, seed)
