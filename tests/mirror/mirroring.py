"""Mirror a sandbox's account, with threads or tasks, and compare mirrors."""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from flickr_sandbox import Sandbox
from pyflickr_web import AsyncFlickr, Flickr
from pyflickr_web.mirror.contents.formats import find_damage
from pyflickr_web.mirror.download import Downloads, _Miss
from pyflickr_web.mirror.report import Report
from pyflickr_web.mirror.session.session import Session
from pyflickr_web.mirror.sync import downsync
from tests.support.account import options_of
from tests.support.loops import run

if TYPE_CHECKING:
    from pyflickr_web.core.flow import Flow

PHOTOS = 60


@contextmanager
def open_sandbox(photos: int = PHOTOS) -> Iterator[Sandbox]:
    """Start a sandbox with small originals, which are quick to draw; `reset` restores it."""
    with Sandbox(photos=photos) as sandbox:
        sandbox.store.run(
            "UPDATE photos SET width = width / 4, height = height / 4 WHERE width > 2000"
        )
        sandbox.mark()
        yield sandbox


class FirstRuns:
    """Mirrors of the account as it is at the start, each made by a first run when it is first used."""

    def __init__(self, sandbox: Sandbox, folder: Path) -> None:
        self._sandbox = sandbox
        self._folder = folder
        self._made: dict[str, Path] = {}

    def make(self, **options: Any) -> Path:
        """Return the mirror of a first run with some options, which must stay as it is.

        Call it before the test calls or changes the sandbox: otherwise, the mirror would depend on the
        test that is the first.
        """
        assert not self._sandbox.store.value("SELECT total_changes()"), "the account has changed"
        assert not self._sandbox.faults.rules()
        name = json.dumps(options, sort_keys=True)
        if name not in self._made:
            mirror = self._folder / str(len(self._made))
            assert Mirroring(self._sandbox, mirror).run(**options).is_complete
            self._sandbox.reset()
            self._made[name] = mirror
        return self._made[name]


class Mirroring:
    """Runs downsync in a folder, with `Flickr` or `AsyncFlickr`, and calls Flickr as the owner."""

    def __init__(
        self,
        sandbox: Sandbox,
        folder: Path,
        is_async: bool = False,
        first_runs: FirstRuns | None = None,
    ) -> None:
        self.sandbox = sandbox
        self.folder = folder
        self.is_async = is_async
        self.options = options_of(sandbox)
        self._first_runs = first_runs

    def begin(self, **options: Any) -> None:
        """Copy the mirror of a first run to the folder; call it first in a test."""
        assert self._first_runs
        shutil.copytree(self._first_runs.make(**options), self.folder)

    def run(self, folder: Path | None = None, **options: Any) -> Report:
        """Run downsync, and return its report."""
        self.sandbox.counts.clear()
        location = folder or self.folder
        if not self.is_async:
            with Flickr(**self.options) as flickr:
                return flickr.downsync(location, **options)

        async def mirror() -> Report:
            async with AsyncFlickr(**self.options) as flickr:
                return await flickr.downsync(location, **options)

        report: Report = run(mirror())
        return report

    def call(self, method: str, **values: Any) -> dict[str, Any]:
        """Call a method as the owner."""
        with Flickr(**self.options) as flickr:
            answer: dict[str, Any] = flickr.call(method, authenticated=True, **values)
        return answer

    def list_photos(self) -> list[dict[str, Any]]:
        """Return the photos of the account."""
        answer = self.call("people.getPhotos", user_id="me", per_page=500, extras="media")
        photos: list[dict[str, Any]] = answer["photos"]["photo"]
        return photos

    def list_albums(self) -> list[dict[str, Any]]:
        """Return the albums of the account."""
        albums: list[dict[str, Any]] = self.call("photosets.getList")["photosets"]["photoset"]
        return albums

    @property
    def api_calls(self) -> int:
        """The number of calls since the last run began."""
        return sum(count for name, count in self.sandbox.calls.items() if name != "files")


def read_document(folder: Path, name: str) -> Any:
    """Read a JSON file of a mirror."""
    return json.loads((folder / name).read_bytes())


def read_files(folder: Path, state: bool = False) -> dict[str, bytes]:
    """Return the files of a mirror by name; with `state`, those of `.mirror/` too."""
    return {
        file.relative_to(folder).as_posix(): file.read_bytes()
        for file in folder.rglob("*")
        if file.is_file() and (state or ".mirror" not in file.parts)
    }


def check_sums(folder: Path) -> None:
    """Check that SHA256SUMS has a right sum for every file but those in the trash."""
    lines = (folder / "SHA256SUMS").read_text().splitlines()
    sums = {name: digest for digest, name in (line.split("  ", 1) for line in lines)}
    files = {
        name: data
        for name, data in read_files(folder).items()
        if name != "SHA256SUMS" and not name.startswith(".trash/")
    }
    assert list(sums) == sorted(sums)
    assert sums == {name: hashlib.sha256(data).hexdigest() for name, data in files.items()}


def read_times(folder: Path) -> dict[str, int]:
    """Return the times of modification of the files of a mirror."""
    return {
        file.relative_to(folder).as_posix(): file.stat().st_mtime_ns
        for file in folder.rglob("*")
        if file.is_file() and ".mirror" not in file.parts
    }


def count_requests(mirroring: Mirroring) -> int:
    """Return the number of requests since the last run began, for calls and files."""
    return sum(mirroring.sandbox.calls.values())


def check_whole(folder: Path) -> None:
    """Check that each file at its final name is complete."""
    for name in read_files(folder):
        file = folder / name
        if name.endswith(".json"):
            json.loads(file.read_bytes())
        elif name.startswith("images/") and not file.name.startswith("."):
            assert find_damage(file, file.suffix[1:]) is None, name


def replace_pictures(mirroring: Mirroring) -> None:
    """Replace the pictures of all photos: their secrets are new, and what they show."""
    mirroring.sandbox.store.run(
        "UPDATE photos SET rotation = 90, secret = substr(secret, 2) || 'a', "
        "originalsecret = substr(originalsecret, 2) || 'b', "
        "lastupdate = (SELECT max(lastupdate) FROM photos) + id % 1000"
    )


def skip_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    """Make pauses of flows end at once, and the clock of the pace of files run ahead."""
    clock = count(0, 100)

    async def wait(seconds: float) -> None:
        """Return immediately."""

    monkeypatch.setattr("pyflickr_web.transports.threads._pause", lambda seconds: None)
    monkeypatch.setattr("pyflickr_web.transports.tasks.asyncio.sleep", wait)
    # The clients look it up when they run it.
    monkeypatch.setattr(
        "pyflickr_web.mirror.sync.downsync", partial(downsync, clock=lambda: float(next(clock)))
    )


def withhold_files(monkeypatch: pytest.MonkeyPatch, folder: str) -> set[str]:
    """Make the host answer 404 for the files of a folder; return the names that it is asked for."""
    names: set[str] = set()
    attempt = Downloads._try

    def refuse(downloads: Downloads, progress: Any) -> Flow:
        name = progress.candidate.name
        if folder in name:
            names.add(name)
            return _Miss("missing", "HTTP 404")
        return (yield from attempt(downloads, progress))

    monkeypatch.setattr(Downloads, "_try", refuse)
    return names


def edit_answers(
    monkeypatch: pytest.MonkeyPatch, method: str, edit: Callable[[dict[str, Any]], None]
) -> None:
    """Edit the answers of a method before a run sees them."""
    call = Session.call

    def answer(session: Session, name: str, values: dict[str, Any]) -> Flow:
        found = yield from call(session, name, values)
        if name == method:
            edit(found)
        return found

    monkeypatch.setattr(Session, "call", answer)


def forget_sums(folder: Path) -> None:
    """Make a mirror one of another program: without our files."""
    shutil.rmtree(folder / ".mirror")
    (folder / "SHA256SUMS").unlink()
