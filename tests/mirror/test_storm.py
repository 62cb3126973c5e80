"""Test that all files are complete in one run, although a third of the requests fail in every way."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import requests

from flickr_sandbox import Fault, Sandbox
from pyflickr_web.mirror.download import DeferredFile, Downloads, FetchedFile, Result
from pyflickr_web.mirror.files.folder import MirrorFolder
from pyflickr_web.mirror.metadata.pictures import Picture
from pyflickr_web.mirror.pacing.file_pace import FilePace
from pyflickr_web.transports.gather import Gather
from tests.mirror.virtual_time import Drive, VirtualClock, drive_in_tasks, drive_in_threads
from tests.support.timeouts import TIMEOUT

if TYPE_CHECKING:
    from pyflickr_web.core.flow import Flow

PHOTOS = 60
FAULTS = (
    Fault("429"),
    Fault("429", retry_after=30),
    Fault("500"),
    Fault("502"),
    Fault("503", retry_after=5),
    Fault("empty"),
    Fault("truncated"),
    Fault("wrong-format"),
    Fault("drop"),
    Fault("drop-midway"),
)
# Each fault applies to what the earlier ones left: about 30 % together.
RATE = 0.035


def list_pictures(sandbox: Sandbox) -> list[Picture]:
    """Return two sizes of each photo in the library."""
    rows = sandbox.store.all("SELECT * FROM photos WHERE media = 'photo' LIMIT 60")
    addresses = {
        row["id"]: f"{sandbox.url}/{row['server']}/{row['id']}_{row['secret']}" for row in rows
    }
    return [
        Picture(f"images/{folder}/{number}.jpg", f"{address}_{size}.jpg", 1_300_000_000)
        for number, address in addresses.items()
        for folder, size in (("thumbnail", "t"), ("square/medium", "q"))
    ]


@pytest.mark.parametrize(
    "drive",
    [drive_in_threads, pytest.param(drive_in_tasks, marks=pytest.mark.soak)],
    ids=["threads", "tasks"],
)
def test_storm_of_faults_ends_with_all_files_complete(drive: Drive, tmp_path: Path) -> None:
    clock = VirtualClock()
    with Sandbox(photos=PHOTOS + 10, seed=3) as sandbox, closing(MirrorFolder(tmp_path)) as folder:
        pictures = list_pictures(sandbox)
        expected = {one.name: requests.get(one.url, timeout=TIMEOUT).content for one in pictures}
        folder.prepare()
        downloads = Downloads(folder, {"base_url": sandbox.url}, FilePace(2.0, clock))
        for fault in FAULTS:
            sandbox.faults.add(fault, where="files", rate=RATE)
        before = sandbox.calls["files"]

        def place(picture: Picture, result: Result) -> Flow:
            assert isinstance(result, FetchedFile), result
            assert result.damage is None
            folder.place([result.file])
            yield from ()

        def fetch(picture: Picture) -> Flow:
            result = yield from downloads.fetch(picture)
            if not isinstance(result, DeferredFile):
                yield from place(picture, result)

        def work() -> Flow:
            yield Gather((fetch(picture) for picture in pictures), downloads.workers)
            yield from downloads.fetch_deferred(place)

        drive(work(), clock)
        sent = sandbox.calls["files"] - before
        folder.finish()
    found = {name: (tmp_path / name).read_bytes() for name in expected}
    assert found == expected
    assert len(pictures) < sent <= 2 * len(pictures)
    assert not list(tmp_path.rglob("*.part")) and not list(tmp_path.rglob("*53*.json"))
