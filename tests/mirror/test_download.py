"""Test that a mirror's files are fetched whole, whatever the host answers."""

from __future__ import annotations

import errno
import gzip
import os
import tracemalloc
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from pyflickr_web.errors import FileError, NetworkError, RateLimitError
from pyflickr_web.mirror.download import (
    OUTAGE,
    OUTAGE_PAUSES,
    ROUNDS,
    TRIES,
    Downloads,
    FailedFile,
    FetchedFile,
    Result,
    UnavailableFile,
    _Miss,
)
from pyflickr_web.mirror.files.file_system import FileSystem
from pyflickr_web.mirror.files.folder import MirrorFolder
from pyflickr_web.mirror.files.sums import hash_file
from pyflickr_web.mirror.metadata.pictures import Picture
from pyflickr_web.mirror.pacing.file_pace import REST, FilePace
from tests.mirror.fetching import fetch_all
from tests.mirror.image_host import CUT, HostedFile, ImageHost, host_files
from tests.mirror.pictures import VIDEO, box, picture
from tests.mirror.unreliable_file_systems import FullFileSystem
from tests.mirror.virtual_time import Drive, VirtualClock
from tests.support.scripted_server import Answer
from tests.support.sockets import free_port

if TYPE_CHECKING:
    from pyflickr_web.core.flow import Flow

NAME, FILM, PAGE = "images/large/53.jpg", "images/original/53.mp4", "https://flickr.example/53"
JPEG, OTHER = picture("jpg", 10), picture("jpg", 20)
CUT_JPEG = JPEG[:-2]
HTML = b"<!DOCTYPE html><title>Log in</title>"
POSTED = 1_300_000_000


@pytest.fixture
def host() -> Iterator[ImageHost]:
    with host_files(photo=JPEG, film=VIDEO, still=JPEG, page=HTML) as host:
        yield host


def of_host(host: ImageHost, **more: Any) -> Picture:
    """Return the picture of the host."""
    return Picture(NAME, f"{host.url}/photo", **more)


def open_downloads(
    root: Path, url: str, pace: FilePace | None = None, folder: MirrorFolder | None = None
) -> Downloads:
    return Downloads(folder or MirrorFolder(root), {"base_url": url}, pace)


def place(root: Path, result: Result) -> bytes:
    """Place a fetched file, and return its content."""
    assert isinstance(result, FetchedFile), result
    with closing(MirrorFolder(root)) as folder:
        folder.place([result.file])
    target = root / result.file.name
    assert hash_file(target) == result.file.sha256
    return target.read_bytes()


def test_file_is_complete_with_its_time_and_leaves_nothing_else(
    drive: Drive, host: ImageHost, tmp_path: Path
) -> None:
    result = drive(open_downloads(tmp_path, host.url).fetch(of_host(host, time=POSTED)))
    assert place(tmp_path, result) == JPEG
    assert (tmp_path / NAME).stat().st_mtime == POSTED
    names = {file.name for file in tmp_path.rglob("*") if file.is_file()}
    assert names == {"53.jpg", "sums.log"}
    assert result.entries == [("damaged", NAME, None), ("unavailable", NAME, None)]


@pytest.mark.parametrize(
    "fault",
    [
        Answer(b"", 500),
        Answer(HTML, 502),
        Answer(HTML, 503, {"Retry-After": "7"}),
        Answer(b"no", 403),
        Answer(b"no", 404),
        Answer(b"no", 410),
        Answer(b"no", 429),
        Answer(drop=True),
        CUT,
        Answer(CUT_JPEG),
        Answer(b""),
        Answer(HTML),
        Answer(b"\0" * 100),
        Answer(JPEG, 206, {"Content-Range": "bytes 0-5/6"}),
        Answer(b"", 416),
        Answer(b"", 302, {"Location": "file:///etc/passwd"}),
        Answer(b"", 302, {"Location": "/photo", "Content-Type": "text/html"}),
    ],
    ids=lambda fault: f"{fault.status} {fault.body[:8]!r} {fault.drop} {fault.cut}",
)
def test_file_is_complete_after_any_fault(
    drive: Drive, host: ImageHost, tmp_path: Path, fault: Answer
) -> None:
    host.faults = [fault, fault]
    results = drive(fetch_all(open_downloads(tmp_path, host.url), of_host(host)))
    assert place(tmp_path, results[NAME]) == JPEG
    assert results[NAME].damage is None


def test_pause_that_the_host_asks_for_is_kept(
    drive: Drive, host: ImageHost, tmp_path: Path
) -> None:
    host.faults = [Answer(b"", 429, {"Retry-After": "500"}), Answer(b"", 503, {"Retry-After": "7"})]
    clock = VirtualClock()
    downloads = open_downloads(tmp_path, host.url, FilePace(None, clock))
    assert isinstance(drive(downloads.fetch(of_host(host)), clock), FetchedFile)
    assert clock.pauses == [500, 7]


def test_file_is_never_given_up_for_429(drive: Drive, host: ImageHost, tmp_path: Path) -> None:
    host.faults = [Answer(b"", 429)] * 50
    clock = VirtualClock()
    downloads = open_downloads(tmp_path, host.url, FilePace(2.0, clock))
    assert place(tmp_path, drive(downloads.fetch(of_host(host)), clock)) == JPEG
    assert len(host.asked) == 51


def test_host_that_refuses_for_hours_ends_the_run_without_a_failed_file(
    drive: Drive, host: ImageHost, tmp_path: Path
) -> None:
    host.faults = [Answer(b"", 429)] * 100
    clock = VirtualClock()
    downloads = open_downloads(tmp_path, host.url, FilePace(2.0, clock))
    begin = clock.now
    with pytest.raises(RateLimitError, match="for hours: run it again later"):
        drive(downloads.fetch(of_host(host)), clock)
    assert clock.now - begin > 3600


def test_404_is_final_after_four_looks_spread_over_the_run(
    drive: Drive, host: ImageHost, tmp_path: Path
) -> None:
    del host.files["/photo"]
    clock = VirtualClock()
    rests: list[float] = []
    downloads = open_downloads(tmp_path, host.url, FilePace(2.0, clock, rests.append))
    results = drive(fetch_all(downloads, of_host(host, page=PAGE)), clock)
    [result] = results.values()
    assert isinstance(result, UnavailableFile) and "HTTP 404" in result.reason
    assert result.entries == [("unavailable", NAME, PAGE)]
    assert len(host.asked) == ROUNDS
    assert [pause for pause in clock.pauses if pause >= 60] == [60, 120, 240]
    assert rests == [60, 120, 240]


def test_missing_file_is_no_refusal(drive: Drive, host: ImageHost, tmp_path: Path) -> None:
    clock = VirtualClock()
    rests: list[float] = []
    downloads = open_downloads(tmp_path, host.url, FilePace(2.0, clock, rests.append))
    host.faults = [*[Answer(b"", 429)] * 9, Answer(b"", 404), *[Answer(b"", 429)] * 9]
    results = drive(fetch_all(downloads, of_host(host)), clock)
    assert isinstance(results[NAME], FetchedFile)
    assert max(rests) < REST


def test_host_that_always_fails_is_a_failure_and_no_missing_file(
    drive: Drive, host: ImageHost, tmp_path: Path
) -> None:
    host.faults = [Answer(b"", 500)] * 100
    results = drive(fetch_all(open_downloads(tmp_path, host.url), of_host(host)))
    assert results == {NAME: FailedFile("HTTP 500")}
    assert len(host.asked) == ROUNDS * TRIES


@pytest.mark.parametrize("content", [CUT_JPEG, b"\0" * 100], ids=["cut short", "unknown"])
def test_file_that_is_damaged_at_flickr_is_kept_once_it_came_twice(
    drive: Drive, host: ImageHost, tmp_path: Path, content: bytes
) -> None:
    host.files["/photo"] = HostedFile(content)
    results = drive(fetch_all(open_downloads(tmp_path, host.url), of_host(host)))
    assert place(tmp_path, results[NAME]) == content
    assert results[NAME].damage
    assert results[NAME].entries[0] == ("damaged", NAME, results[NAME].file.sha256)
    # Twice at once, because it may be a fault of the transfer, and once later, if a cache repeats it.
    assert len(host.asked) == 3


def test_damaged_file_without_a_length_is_a_failure(
    drive: Drive, host: ImageHost, tmp_path: Path
) -> None:
    """The length of an encoded body is not that of the file, which may be cut alike each time."""
    encoded = Answer(gzip.compress(CUT_JPEG, mtime=0), headers={"Content-Encoding": "gzip"})
    host.faults = [encoded] * 100
    results = drive(fetch_all(open_downloads(tmp_path, host.url), of_host(host)))
    assert results == {NAME: FailedFile("the JPG file is cut short")}
    host.faults = [Answer(gzip.compress(JPEG), headers={"Content-Encoding": "gzip"})]
    results = drive(fetch_all(open_downloads(tmp_path, host.url), of_host(host)))
    assert place(tmp_path, results[NAME]) == JPEG


def test_bytes_that_differ_each_time_are_a_failure(
    drive: Drive, host: ImageHost, tmp_path: Path
) -> None:
    host.faults = [Answer(picture("jpg", color)[:-2]) for color in range(0, 250, 5)]
    results = drive(fetch_all(open_downloads(tmp_path, host.url), of_host(host)))
    assert results == {NAME: FailedFile("the JPG file is cut short")}
    assert not list(tmp_path.rglob("*.part"))


@pytest.mark.parametrize("content", [HTML, b"", b'{"stat":"fail"}'])
def test_page_of_text_is_never_kept(
    drive: Drive, host: ImageHost, tmp_path: Path, content: bytes
) -> None:
    host.files["/photo"] = HostedFile(content)
    results = drive(fetch_all(open_downloads(tmp_path, host.url), of_host(host)))
    assert isinstance(results[NAME], FailedFile)
    assert not list(tmp_path.rglob("*.part"))


@pytest.mark.parametrize("original", ["missing", "still", "page"])
def test_video_falls_back_to_the_best_file_that_flickr_gives(
    drive: Drive, host: ImageHost, tmp_path: Path, original: str
) -> None:
    site = Picture(FILM, f"{host.url}/film", POSTED, PAGE)
    first = Picture("images/original/53.mov", f"{host.url}/{original}", POSTED, PAGE, site)
    results = drive(fetch_all(open_downloads(tmp_path, host.url), first))
    assert place(tmp_path, results[first.name]) == VIDEO
    assert results[first.name].file.name == FILM


@pytest.mark.parametrize("url", ["missing", "still", "page"])
def test_video_without_a_file_is_listed_with_its_page(
    drive: Drive, host: ImageHost, tmp_path: Path, url: str
) -> None:
    results = drive(
        fetch_all(open_downloads(tmp_path, host.url), Picture(FILM, f"{host.url}/{url}", page=PAGE))
    )
    assert isinstance(results[FILM], UnavailableFile) and results[FILM].page == PAGE
    assert not list(tmp_path.rglob("*.part"))


def test_large_file_is_not_held_in_memory(drive: Drive, host: ImageHost, tmp_path: Path) -> None:
    size = 48 * 1024 * 1024
    host.files["/film"] = HostedFile(VIDEO + box(b"free", bytes(size)))
    downloads = open_downloads(tmp_path, host.url)
    tracemalloc.start()
    try:
        result = drive(downloads.fetch(Picture(FILM, f"{host.url}/film")))
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert isinstance(result, FetchedFile) and result.file.size > size
    assert peak < size / 4


def test_full_disk_ends_the_run(drive: Drive, host: ImageHost, tmp_path: Path) -> None:
    folder = MirrorFolder(tmp_path, FullFileSystem(100))
    downloads = open_downloads(tmp_path, host.url, folder=folder)
    with pytest.raises(FileError, match=r"\(No space left on device\): free some space"):
        drive(downloads.fetch(of_host(host)))


class _NoRoomForFolders(FileSystem):
    def make_folder(self, folder: Path) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(folder))


def test_disk_too_full_for_a_folder_ends_the_run(
    drive: Drive, host: ImageHost, tmp_path: Path
) -> None:
    downloads = open_downloads(
        tmp_path, host.url, folder=MirrorFolder(tmp_path, _NoRoomForFolders())
    )
    with pytest.raises(FileError, match=r"\(No space left on device\): free some space"):
        drive(downloads.fetch(of_host(host)))


def test_lost_network_ends_the_run_instead_of_failing_every_file(
    drive: Drive, tmp_path: Path
) -> None:
    url = f"http://127.0.0.1:{free_port()}"
    downloads = open_downloads(tmp_path, url)
    pictures = [Picture(f"images/large/{n}.jpg", f"{url}/{n}") for n in range(1, OUTAGE + 2)]
    with pytest.raises(NetworkError, match="the network is lost"):
        drive(fetch_all(downloads, *pictures))


def test_lost_network_is_waited_for(
    drive: Drive, host: ImageHost, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock, pauses = VirtualClock(), list[float]()
    downloads = open_downloads(tmp_path, host.url, FilePace(100, clock, pauses.append))
    attempt, lost = Downloads._try, iter([True] * (OUTAGE + 3) * TRIES + [False])

    def lose(downloads: Downloads, progress: Any) -> Flow:
        if next(lost, False):
            return _Miss("lost", "connection refused")
        return (yield from attempt(downloads, progress))

    monkeypatch.setattr(Downloads, "_try", lose)
    pictures = [Picture(f"images/large/{n}.jpg", f"{host.url}/photo") for n in range(1, 20)]
    results = drive(fetch_all(downloads, *pictures), clock)
    assert all(isinstance(result, FetchedFile) for result in results.values()), results
    assert len(results) == len(pictures)
    # Then those before the files that failed are tried again.
    assert pauses[: len(OUTAGE_PAUSES)] == [*OUTAGE_PAUSES]


def test_network_that_stays_lost_ends_the_run_after_pauses(drive: Drive, tmp_path: Path) -> None:
    url, clock, pauses = f"http://127.0.0.1:{free_port()}", VirtualClock(), list[float]()
    downloads = open_downloads(tmp_path, url, FilePace(100, clock, pauses.append))
    pictures = [Picture(f"images/large/{n}.jpg", f"{url}/{n}") for n in range(1, OUTAGE + 20)]
    with pytest.raises(NetworkError, match="the network is lost"):
        drive(fetch_all(downloads, *pictures), clock)
    assert pauses == [*OUTAGE_PAUSES]


def test_file_above_the_limit_is_a_failure(drive: Drive, host: ImageHost, tmp_path: Path) -> None:
    downloads = Downloads(
        MirrorFolder(tmp_path), {"base_url": host.url, "max_download": len(JPEG) - 1}
    )
    [result] = drive(fetch_all(downloads, of_host(host))).values()
    assert isinstance(result, FailedFile) and "max_download" in result.reason
    assert len(host.asked) == 1
