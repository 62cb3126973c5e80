"""Test that an interrupted download is continued, and that no part of it is of another file."""

from __future__ import annotations

import itertools
import json
import random
import signal
import subprocess
import sys
from contextlib import closing, suppress
from pathlib import Path
from typing import Any

import pytest

from pyflickr_web.mirror.download import Downloads, FetchedFile
from pyflickr_web.mirror.files import parts
from pyflickr_web.mirror.files.folder import MirrorFolder
from pyflickr_web.mirror.files.json_files import read_json
from pyflickr_web.mirror.layout import part_name, part_state_name
from pyflickr_web.mirror.metadata.pictures import Picture
from tests.mirror.image_host import CUT, HostedFile, ImageHost, host_files
from tests.mirror.killed_download import CHECKPOINT, KILLED_AT
from tests.mirror.pictures import box
from tests.mirror.unreliable_file_systems import PowerLoss, VolatileFileSystem
from tests.mirror.virtual_time import Drive, drive_in_threads
from tests.support.repository import ROOT
from tests.support.scripted_server import Answer

FILM = "images/original/53.mp4"
STATE = part_state_name(FILM)


def make_film(megabytes: float, seed: int = 1) -> bytes:
    """Return a complete video file of random bytes."""
    data = random.Random(seed).randbytes(int(megabytes * 1e6))
    return box(b"ftyp", b"isom") + box(b"moov", bytes(40)) + box(b"mdat", data)


CONTENT, OTHER = make_film(3), make_film(3, seed=2)


def fetch(host: ImageHost, root: Path, drive: Drive, system: Any = None) -> bytes:
    """Fetch and place the host's film, as a run does; return its content."""
    with closing(MirrorFolder(root, system)) as folder:
        folder.prepare()
        downloads = Downloads(folder, {"base_url": host.url})
        result = drive(downloads.fetch(Picture(FILM, f"{host.url}/film")))
        assert isinstance(result, FetchedFile), result
        folder.place([result.file])
        folder.finish()
    return (root / FILM).read_bytes()


def read_start(requested: str | None) -> int:
    """Return the first byte of a requested range."""
    return int((requested or "").removeprefix("bytes=").removesuffix("-"))


@pytest.fixture
def small_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    """Make small files parts that are worth continuing."""
    monkeypatch.setattr(parts, "CHECKPOINT", 1000)
    monkeypatch.setattr(parts, "SMALLEST_PART", 100)


def test_lost_connection_continues_where_it_was_lost(drive: Drive, tmp_path: Path) -> None:
    with host_files(film=CONTENT) as host:
        host.faults = [CUT, CUT]
        assert fetch(host, tmp_path, drive) == CONTENT
    first, *others = host.ranges
    assert first is None and len(others) == 2
    starts = [read_start(found) for found in others]
    assert 0 < starts[0] <= starts[1] < len(CONTENT)
    assert all(asked.headers["If-Range"] == '"v1"' for asked in host.asked[1:])
    assert not (tmp_path / STATE).exists()


def test_requests_ask_for_bytes_without_compression(drive: Drive, tmp_path: Path) -> None:
    with host_files(film=CONTENT) as host:
        fetch(host, tmp_path, drive)
    assert host.asked[0].headers["Accept-Encoding"] == "identity"


@pytest.mark.parametrize(
    "other",
    [
        HostedFile(OTHER, '"v2"'),
        HostedFile(OTHER, "", ranges=False),
        HostedFile(OTHER, ranges=False),
    ],
    ids=["new version", "no versions", "no ranges"],
)
def test_file_that_changed_in_the_meantime_begins_anew(
    drive: Drive, tmp_path: Path, other: HostedFile
) -> None:
    with host_files(film=CONTENT) as host:
        host.faults = [CUT, *[Answer(b"", 500)] * 3]
        with pytest.raises(AssertionError, match="DeferredFile"):
            fetch(host, tmp_path, drive)
        assert (tmp_path / STATE).exists()
        host.files["/film"] = other
        assert fetch(host, tmp_path, drive) == OTHER
        assert host.asked[-1].headers["Range"]
    assert not (tmp_path / STATE).exists()


@pytest.mark.parametrize("etag", ["", 'W/"v1"', "v1"])
def test_file_without_a_strong_etag_is_never_continued(
    drive: Drive, tmp_path: Path, etag: str
) -> None:
    with host_files() as host:
        host.files["/film"] = HostedFile(CONTENT, etag)
        host.faults = [CUT]
        assert fetch(host, tmp_path, drive) == CONTENT
    assert host.ranges == [None, None]


@pytest.mark.parametrize(
    "answer",
    [
        Answer(OTHER, 206, {"Content-Range": f"bytes 0-{len(OTHER) - 1}/{len(OTHER)}"}),
        Answer(OTHER, 206, {"Content-Range": "bytes 5-1/9"}),
        Answer(OTHER, 206),
        Answer(b"", 416),
    ],
    ids=["other range", "invalid range", "no range", "refused range"],
)
def test_other_range_than_requested_begins_anew(
    drive: Drive, tmp_path: Path, answer: Answer
) -> None:
    with host_files(film=CONTENT) as host:
        host.faults = [CUT, answer]
        assert fetch(host, tmp_path, drive) == CONTENT
    assert [bool(found) for found in host.ranges] == [False, True, False]


def test_range_from_another_position_is_refused_even_if_the_length_agrees(
    drive: Drive, tmp_path: Path
) -> None:
    folder, start = MirrorFolder(tmp_path), 1000
    folder.part(FILM).write_bytes(CONTENT[:start])
    with host_files(film=CONTENT) as host:
        state = {"url": f"{host.url}/film", "etag": '"v1"', "length": start}
        folder.write_state(STATE, json.dumps(state).encode())
        headers = {"Content-Range": f"bytes {start - 1}-{len(CONTENT) - 2}/{len(CONTENT)}"}
        host.faults = [Answer(CONTENT[start - 1 : -1], 206, headers)]
        assert fetch(host, tmp_path, drive) == CONTENT
    assert host.ranges == [f"bytes={start}-", None]


def test_part_of_another_address_is_not_continued(drive: Drive, tmp_path: Path) -> None:
    with host_files(film=CONTENT, other=OTHER) as host:
        host.faults = [CUT, *[Answer(b"", 500)] * 3]
        with pytest.raises(AssertionError, match="DeferredFile"):
            fetch(host, tmp_path, drive)
        folder = MirrorFolder(tmp_path)
        drive(Downloads(folder, {"base_url": host.url}).fetch(Picture(FILM, f"{host.url}/other")))
    assert host.ranges[-1] is None
    assert folder.part(FILM).read_bytes() == OTHER


@pytest.mark.parametrize(
    "state",
    [
        b"",
        b"[]",
        b"{}",
        b'{"url": 1, "etag": 2, "length": true}',
        b'{"url": "URL", "etag": "\\"a\\"\\r\\nX: y", "length": 9}',
        b'{"url": "URL", "etag": "\\"\\ud800\\"", "length": 9}',
        b'{"url": "URL", "etag": "", "length": 9}',
        b'{"url": "URL", "etag": "\\"v1\\"", "length": 1001}',
    ],
    ids=lambda state: state.decode(),
)
def test_damaged_state_begins_anew(drive: Drive, tmp_path: Path, state: bytes) -> None:
    folder = MirrorFolder(tmp_path)
    folder.part(FILM).write_bytes(b"x" * 1000)
    with host_files(film=CONTENT) as host:
        folder.write_state(STATE, state.replace(b"URL", f"{host.url}/film".encode()))
        assert fetch(host, tmp_path, drive) == CONTENT
    assert host.ranges == [None]


@pytest.mark.parametrize("length", ["", "x", "-5", "\u0663", "9" * 5000])
def test_invalid_length_is_unknown(tmp_path: Path, length: str) -> None:
    sink = parts.PartSink(MirrorFolder(tmp_path), FILM, "http://host.example/film", 10)
    assert sink.accepts(200, {"Content-Length": length})
    assert sink.total is None


def test_discarded_part_leaves_no_state(drive: Drive, tmp_path: Path) -> None:
    with host_files(film=CONTENT) as host:
        host.faults = [CUT, *[Answer(b"", 500)] * 3]
        with pytest.raises(AssertionError, match="DeferredFile"):
            fetch(host, tmp_path, drive)
    MirrorFolder(tmp_path).discard(FILM)
    assert not list(tmp_path.rglob("*53*"))


def test_killed_run_is_continued_from_its_last_checkpoint(tmp_path: Path) -> None:
    """The process kills itself in the middle of the body; nothing is flushed at its end."""
    with host_files(film=CONTENT) as host:
        program = [sys.executable, "-m", "tests.mirror.killed_download", host.url, str(tmp_path)]
        killed = subprocess.run(program, cwd=ROOT, check=False)
        assert killed.returncode == -signal.SIGKILL
        assert fetch(host, tmp_path, drive_in_threads) == CONTENT
    first, second = host.ranges
    assert first is None and CHECKPOINT <= read_start(second) < KILLED_AT


def check_state(root: Path, content: bytes) -> None:
    """Fail unless a part that can be continued begins as the file does."""
    state, part = read_json(root / STATE), root / part_name(FILM)
    if state and part.exists() and part.stat().st_size >= state["length"]:
        assert part.read_bytes()[: state["length"]] == content[: state["length"]]


def receive(folder: MirrorFolder, content: bytes, count: int, ranges: bool) -> None:
    """Receive the next `count` bytes of a file from a host with or without ranges, and lose the rest."""
    sink = parts.PartSink(folder, FILM, "http://host.example/film", len(content))
    requested, start = sink.headers.get("Range"), 0
    headers = {"ETag": '"v1"', "Content-Length": str(len(content))}
    if requested and ranges:
        start = read_start(requested)
        headers["Content-Range"] = f"bytes {start}-{len(content) - 1}/{len(content)}"
    assert sink.accepts(206 if start else 200, headers)
    with suppress(ConnectionError), sink:
        for position in range(start, start + count, 300):
            sink.write(content[position : position + 300])
        raise ConnectionError


def test_state_never_promises_more_than_the_disk_has_after_a_power_loss(
    tmp_path: Path, small_parts: None
) -> None:
    """Also if a host without ranges sends the whole file again, over the part and its state."""
    content = make_film(0.006)
    continued = 0
    for stop in itertools.count():
        root = tmp_path / f"run-{stop}"
        root.mkdir()
        system = VolatileFileSystem()
        system.fail_after(stop)
        try:
            folder = MirrorFolder(root, system)
            for count, ranges in ((600, True), (900, False), (1500, True), (900, False)):
                receive(folder, content, count, ranges)
            break
        except PowerLoss:
            """The usual end."""
        for seed in range(20):
            survivor = tmp_path / f"run-{stop}-{seed}"
            system.restart(root, survivor, random.Random(seed))
            check_state(survivor, content)
            continued += (survivor / STATE).exists()
    assert stop > 40 and continued > 100


def test_power_loss_at_any_operation_leaves_a_part_that_can_be_continued(
    tmp_path: Path, small_parts: None
) -> None:
    content = make_film(0.003)
    continued = 0
    with host_files(film=content) as host:
        # The number of operations depends on the pieces in which the answers arrive.
        for stop in itertools.count():
            root = tmp_path / f"run-{stop}"
            root.mkdir()
            system = VolatileFileSystem()
            system.fail_after(stop)
            host.faults = [CUT, CUT]
            try:
                assert fetch(host, root, drive_in_threads, system) == content
                break
            except PowerLoss:
                """The usual end."""
            for seed in range(2):
                survivor = tmp_path / f"run-{stop}-{seed}"
                system.restart(root, survivor, random.Random(seed))
                target = survivor / FILM
                assert not target.exists() or target.read_bytes() == content
                check_state(survivor, content)
                host.faults, host.asked = [], []
                assert fetch(host, survivor, drive_in_threads) == content, (stop, seed)
                continued += host.ranges[0] is not None
    assert stop > 20 and continued
