"""Fetch the files of photos into a mirror, complete or not at all, at a pace that Flickr accepts."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from threading import Lock
from typing import TYPE_CHECKING, Any, Literal, NamedTuple
from urllib.parse import urlsplit

from pyflickr_web.core.flow import BlockingEffect, Response, Sleep
from pyflickr_web.download import ResolveHost, follow_redirects, is_global
from pyflickr_web.mirror.contents.formats import find_format, is_text_page
from pyflickr_web.mirror.files.disk_work import DiskWork
from pyflickr_web.mirror.files.errors import file_errors
from pyflickr_web.mirror.files.folder import DamagedFile, MirrorFolder, NewFile
from pyflickr_web.mirror.files.parts import PartSink
from pyflickr_web.mirror.journal import Entry
from pyflickr_web.mirror.layout import part_state_name
from pyflickr_web.mirror.metadata.pictures import Picture
from pyflickr_web.mirror.pacing.file_pace import (
    FILES_A_SECOND,
    FilePace,
    FilesOutage,
    is_loopback,
    read_retry_after,
)
from pyflickr_web.transports.errors import FlickrError
from pyflickr_web.transports.failures import AnswerTooLong, find_failure
from pyflickr_web.transports.gather import Gather
from pyflickr_web.transports.limits import Limits
from pyflickr_web.transports.message import SendOptions

if TYPE_CHECKING:
    from pyflickr_web.core.flow import Flow

WORKERS = 3
# The rounds, spread over a run, after which a failure is final, and the most tries in each.
ROUNDS = 4
TRIES = 4
# Seconds between the rounds at the end of a run: a cache may repeat an error for minutes.
ROUND_PAUSES = (60.0, 120.0, 240.0)
LONGEST_WAIT = 300.0
# The files in a row without any answer after which the network is lost.
OUTAGE = 10
# Seconds of the pauses of all downloads before that ends the run: a router may start anew.
OUTAGE_PAUSES = (15.0, 30.0, 60.0, 120.0)
_STILLS = ("jpg", "png", "gif", "webp")
_HEAD = 4096
_MISSING = (404, 410)


@dataclass(frozen=True, slots=True)
class FetchedFile:
    """A complete file, to be placed; `damage` is its fault if it is incomplete at Flickr itself.

    `entries` are for the journal, once the file is placed.
    """

    file: NewFile
    damage: str | None = None

    @property
    def entries(self) -> list[Entry]:
        """The entries for the journal."""
        name = self.file.name
        damaged = self.file.sha256 if self.damage else None
        return [("damaged", name, damaged), ("unavailable", name, None)]


@dataclass(frozen=True, slots=True)
class DeferredFile:
    """A file that `fetch_deferred` tries again, at the end of the run."""

    reason: str


@dataclass(frozen=True, slots=True)
class UnavailableFile:
    """A file that Flickr does not give. `entries` are for the journal."""

    name: str
    reason: str
    page: str

    @property
    def entries(self) -> list[Entry]:
        """The entries for the journal."""
        return [("unavailable", self.name, self.page)]


@dataclass(frozen=True, slots=True)
class FailedFile:
    """A file that could not be fetched in this run."""

    reason: str


Result = FetchedFile | DeferredFile | UnavailableFile | FailedFile
Handler = Callable[[Picture, Result], "Flow"]


class _Miss(NamedTuple):
    """A failed try; `final` ones are not repeated."""

    kind: Literal["missing", "misdirected", "temporary", "lost", "refused", "damaged", "final"]
    reason: str
    retry_after: float = 0.0


@dataclass(slots=True)
class _Progress:
    """The rounds for a picture so far; `candidate` is the picture or one of its fallbacks.

    `damage` is the fault of the last damaged file, and `sha256` its checksum. The file is accepted once
    it has `accept`, the checksum of an earlier round: a cache may repeat a cut file for a while.
    """

    picture: Picture
    candidate: Picture
    rounds: int = 0
    damage: str = ""
    sha256: str | None = None
    accept: str | None = None


class Downloads:
    """The downloads of one run, into the mirror `folder`; `options` are those of the client.

    Run at most `workers` of its flows at a time. Threads may share it.
    """

    def __init__(
        self,
        folder: MirrorFolder,
        options: Mapping[str, Any],
        pace: FilePace | None = None,
        workers: int = WORKERS,
    ) -> None:
        self.workers = workers
        self.pace = pace or FilePace(
            None if is_loopback(options.get("base_url")) else FILES_A_SECOND
        )
        self._folder = folder
        self._longest = Limits.of(options).max_download
        own = (options.get("base_url"), options.get("photo_base_url"))
        self._own_hosts = {_find_host(url) for url in own if url}
        self._public: dict[str, bool] = {}
        self._deferred: dict[str, _Progress] = {}
        # The tries in a row without any answer, the pauses because of them, and the begin of the last.
        self._unanswered = 0
        self._outages = 0
        self._paused_at = -math.inf
        self._lock = Lock()

    @property
    def deferred_count(self) -> int:
        """The number of files that `fetch_deferred` tries again."""
        return len(self._deferred)

    def fetch(self, picture: Picture) -> Flow:
        """Fetch a file and return a `Result`; a flow.

        After `DeferredFile`, `fetch_deferred` tries again, at the end of the run. Raises `FileError` if
        writing fails, `RateLimitError` if Flickr refuses all files for hours, and `FilesOutage` if the
        network is lost.
        """
        progress = self._deferred.pop(picture.name, None) or _Progress(picture, picture)
        while True:
            found = yield from self._try_repeatedly(progress)
            if isinstance(found, FetchedFile):
                return found
            progress.rounds += 1
            if found.kind != "final" and progress.rounds < ROUNDS:
                progress.accept = progress.sha256
                self._deferred[picture.name] = progress
                return DeferredFile(found.reason)
            fallback = progress.candidate.fallback
            if fallback and found.kind in ("missing", "misdirected"):
                progress = _Progress(picture, fallback)
            elif found.kind == "missing":
                return UnavailableFile(picture.name, found.reason, picture.page)
            else:
                return FailedFile(found.reason)

    def fetch_deferred(self, handle: Handler) -> Flow:
        """Fetch all deferred files again until each has a final result, which the flow `handle` gets."""
        count = 0
        while self._deferred:
            if self.pace.is_limited:
                pause = ROUND_PAUSES[min(count, len(ROUND_PAUSES) - 1)]
                self.pace.announce(pause)
                yield Sleep(pause, pause)
            count += 1
            pictures = [progress.picture for progress in self._deferred.values()]
            flows = [self._fetch_and_handle(picture, handle) for picture in pictures]
            yield Gather(flows, self.workers)

    def _fetch_and_handle(self, picture: Picture, handle: Handler) -> Flow:
        result = yield from self.fetch(picture)
        if not isinstance(result, DeferredFile):
            yield from handle(picture, result)

    def _try_repeatedly(self, progress: _Progress) -> Flow:
        """Try to fetch a file a few times; return `FetchedFile` or the last `_Miss`."""
        tries = damaged = 0
        while True:
            begun = yield from self.pace.wait()
            found = yield from self._try(progress)
            if isinstance(found, _Miss) and found.kind == "refused":
                # Never given up: the host refuses all files alike.
                self.pace.refuse(begun, found.retry_after)
                continue
            self._count_unanswered(found, begun)
            if isinstance(found, FetchedFile) or found.kind in ("missing", "damaged"):
                self.pace.succeed()
            if isinstance(found, FetchedFile):
                return found
            tries += 1
            damaged += found.kind == "damaged"
            if found.kind not in ("temporary", "lost", "damaged") or tries == TRIES or damaged == 2:
                return found
            pause = min(found.retry_after, LONGEST_WAIT)
            yield Sleep(pause or 2**tries / 4, pause or 2**tries / 2)

    def _try(self, progress: _Progress) -> Flow:
        """Send one request, with its redirects; return `FetchedFile` or a `_Miss`."""
        folder, candidate = self._folder, progress.candidate
        if problem := (yield from self._check_address(candidate.url)):
            return _Miss("final", problem)
        # A redirect has no file: one sink serves all requests.
        open_sink = partial(PartSink, folder, candidate.name, candidate.url, self._longest)
        sink: PartSink = yield DiskWork(open_sink)
        try:
            response = yield from follow_redirects(
                candidate.url, lambda: SendOptions(sink=sink, headers=sink.headers)
            )
        except FlickrError as error:
            return _Miss("misdirected", str(error))
        if response.status in (200, 206) and sink.is_accepted:
            return (yield _Finish(folder, progress, sink))
        if response.status in (206, 416):
            yield DiskWork(partial(folder.discard, candidate.name))
        return _read_miss(response)

    def _check_address(self, url: str) -> Flow:
        """Return the problem of an address in an answer, which may be of a private network (SSRF)."""
        origin = _find_host(url)
        if origin is None:
            return "invalid address of the file"
        if origin in self._own_hosts:
            return None
        host = origin[0]
        if host not in self._public:
            addresses = yield ResolveHost(host)
            self._public[host] = all(is_global(address) for address in addresses)
        return (
            None
            if self._public[host]
            else f"the file's address is at {host!r}, which is not public"
        )

    def _count_unanswered(self, found: FetchedFile | _Miss, begun: float) -> None:
        """Count tries without an answer: after too many in a row, all downloads pause.

        Raises `FilesOutage` after the last pause. A try that began before a pause does not count.
        """
        with self._lock:
            if isinstance(found, FetchedFile) or found.kind != "lost":
                self._unanswered = self._outages = 0
                return
            self._unanswered += begun > self._paused_at
            if self._unanswered < OUTAGE * TRIES:
                return
            if not self.pace.is_limited or self._outages == len(OUTAGE_PAUSES):
                raise FilesOutage(
                    f"mirror: the network is lost ({found.reason}): run it again, what is complete "
                    "stays"
                )
            self._paused_at = self.pace.pause(OUTAGE_PAUSES[self._outages])
            self._outages += 1
            # After the pause, the tries of one file tell if the network is back.
            self._unanswered -= TRIES


def _find_host(url: str) -> tuple[str, int | None] | None:
    """Return the host and port of an address, one name for all of this machine; None if invalid."""
    try:
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port
    except ValueError:
        return None
    if not host or port == 0 or parts.scheme not in ("http", "https"):
        return None
    return "localhost" if is_loopback(url) else host, port


class _Finish(BlockingEffect):
    """An effect that checks and flushes a file; its result is `FetchedFile` or a `_Miss`."""

    def __init__(self, folder: MirrorFolder, progress: _Progress, sink: PartSink) -> None:
        self._folder = folder
        self._progress = progress
        self._sink = sink

    def perform(self) -> FetchedFile | _Miss:
        """Check and flush the file."""
        folder, candidate = self._folder, self._progress.candidate
        length = self._sink.total
        # Without a length, a file that came twice alike may have been cut twice.
        accept = None if length is None else self._progress.accept
        if candidate.is_video and (miss := self._discard_other_content()):
            return miss
        try:
            file = folder.finish_picture(candidate.name, length, candidate.time, accept)
        except DamagedFile as error:
            if miss := self._discard_other_content():
                return miss
            folder.discard(candidate.name)
            self._progress.damage, self._progress.sha256 = str(error), error.sha256
            return _Miss("damaged", str(error))
        if self._sink.has_state:
            with file_errors(file.temporary):
                folder.system.remove(folder.root / part_state_name(candidate.name))
        return FetchedFile(file, self._progress.damage if file.sha256 == accept else None)

    def _discard_other_content(self) -> _Miss | None:
        """Discard a file that is complete, but not the picture or video, and return the miss."""
        candidate = self._progress.candidate
        part = self._folder.part(candidate.name)
        with file_errors(part), part.open("rb") as opened:
            miss = _find_other_content(candidate, opened.read(_HEAD))
        if miss:
            self._folder.discard(candidate.name)
        return miss


def _find_other_content(candidate: Picture, head: bytes) -> _Miss | None:
    """Return the miss of a file that is complete, but not the picture or video."""
    if is_text_page(head):
        # Instead of some videos, Flickr sends a page to log in.
        kind: Literal["missing", "temporary"] = "missing" if candidate.is_video else "temporary"
        return _Miss(kind, "a page of text instead of the file")
    found = find_format(head)
    if candidate.is_video and found and found.extension in _STILLS:
        return _Miss("missing", "a still instead of the video")
    return None


def _read_miss(response: Response | None) -> _Miss:
    """Return the failure of a response without a file."""
    status = response.status if response else 0
    retry_after = read_retry_after(response.retry_after if response else None)
    if status == 429:
        return _Miss("refused", "HTTP 429", retry_after=retry_after)
    if status in _MISSING:
        return _Miss("missing", f"HTTP {status}: Flickr does not give this file")
    failure = find_failure(response)
    if isinstance(failure, AnswerTooLong):
        return _Miss("final", failure.reason)
    if not status:
        return _Miss("lost", failure.reason)
    return _Miss("temporary", failure.reason, retry_after=retry_after)
