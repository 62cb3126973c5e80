"""`verify`: read a mirror again, and compare it with its checksums and its metadata."""

from __future__ import annotations

import errno
import os
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory, gettempdir
from threading import Event as Flag
from typing import TYPE_CHECKING, Any

from pyflickr_web.mirror.display import show_events
from pyflickr_web.mirror.events import Event, StepAdvanced, StepStarted, VerifyEnded
from pyflickr_web.mirror.files.comparison import Check, compare
from pyflickr_web.mirror.files.devices import STATE_FOLDERS, require_one_device
from pyflickr_web.mirror.files.errors import file_errors, missing_mirror
from pyflickr_web.mirror.files.file_system import FileSystem
from pyflickr_web.mirror.files.folder import MirrorFolder
from pyflickr_web.mirror.files.lock import lock_mirror
from pyflickr_web.mirror.files.owner import OWNER
from pyflickr_web.mirror.files.sorted_lines import inspect_lines, read_lines, sort_lines
from pyflickr_web.mirror.files.spool import Spool
from pyflickr_web.mirror.files.sums import LOG
from pyflickr_web.mirror.files.tree_walk import walk_mirror
from pyflickr_web.mirror.journal import Journal
from pyflickr_web.mirror.layout import CHECKSUMS, FAVORITES, STATE
from pyflickr_web.mirror.location import read_location
from pyflickr_web.mirror.report import describe_end
from pyflickr_web.mirror.verification.file_checks import CheckedFile, FileChecker, StopRequested
from pyflickr_web.mirror.verification.findings import Finding, write_findings
from pyflickr_web.mirror.verification.report import VerifyReport
from pyflickr_web.mirror.verification.verdict import Verdict
from pyflickr_web.transports.blocking import call_in_thread
from pyflickr_web.transports.errors import FileError, MirrorError, OptionError
from pyflickr_web.transports.files import require_replaceable

if TYPE_CHECKING:
    from os import PathLike

MOST_WORKERS = 64
# Files that a worker checks in a row, and the batches for each worker that wait. An original, which is
# large, counts as several files.
BATCH = 64
ORIGINAL_WEIGHT = 8
QUEUE = 4
_ORIGINALS = "images/original/"
_READ_ONLY = (errno.EACCES, errno.EPERM, errno.EROFS)
_SUMS = (CHECKSUMS, LOG)
# A folder with one of these is a mirror.
_SIGNS = (CHECKSUMS, STATE, "ia", "images", FAVORITES)


def verify_mirror(
    location: str | PathLike[str] = "./data",
    *,
    accept: bool = False,
    workers: int | None = None,
    progress: bool | None = None,
    on_event: Callable[[Event], object] | None = None,
    stop: Flag | None = None,
) -> VerifyReport:
    """Read all files of the mirror in `location` again, and return the report of their faults.

    Each file is compared with `SHA256SUMS` and, without a checksum, with its format; metadata also with
    the files that it describes. The faults stay in `.mirror/findings` (for a read-only mirror, in the
    user's folder), and the next `downsync` repairs them. Nothing else is written, unless `accept` makes
    the checksums those of the files as they are now, if their formats are whole.

    `workers` threads read at a time, by default one for each CPU. `on_event` gets the progress; without
    it, a terminal shows it, unless `progress` is False. `stop` ends the verification early with
    `StopRequested`; the findings so far are kept, as after Ctrl-C.

    Raises `MirrorError` if the folder has no mirror or is in use, `OptionError` or
    `ArgumentError` for an invalid option or location, and `FileError` if the checksums cannot be read,
    or nothing can be written.
    """
    if workers is not None and (type(workers) is not int or not 1 <= workers <= MOST_WORKERS):
        raise OptionError(f"verify: invalid workers {workers!r}: use 1 to {MOST_WORKERS}")
    if not isinstance(accept, bool):
        raise OptionError(f"verify: accept must be True or False, not {accept!r}")
    if on_event is not None and not callable(on_event):
        raise OptionError(f"verify: on_event must be a function, not {on_event!r}")
    root = read_location(location, "verify")
    report = VerifyReport(str(root))
    with show_events(progress, on_event) as show, _report_end(report, show):
        _require_mirror(root)
        verification = _Verification(
            root, report, accept, stop or Flag(), show or (lambda event: None)
        )
        verification.run(workers or os.cpu_count() or 1)
    return report


async def verify_in_task(location: str | PathLike[str], **options: Any) -> VerifyReport:
    """Verify a mirror in a thread, which ends before a task that is cancelled: see `verify_mirror`."""
    stop = Flag()
    return await call_in_thread(partial(verify_mirror, location, stop=stop, **options), stop.set)


@contextmanager
def _report_end(report: VerifyReport, on_event: Callable[[Event], object] | None) -> Iterator[None]:
    """Pass the report on at the end of a verification, also of one that an error ends or prevents."""
    try:
        yield
    except StopRequested:
        report.error = "interrupted"
        raise
    except BaseException as error:
        report.error = describe_end(error, report.location)
        raise
    finally:
        if on_event:
            on_event(VerifyEnded(report))


def _require_mirror(root: Path) -> None:
    """Raise `MirrorError` unless a folder has a mirror of its own."""
    with file_errors(root):
        if not any((root / sign).exists() for sign in _SIGNS):
            raise missing_mirror(root, f"it has no {CHECKSUMS} and no folder 'ia'")
        parent = root.resolve().parent
        is_part = root.resolve().name == FAVORITES.rstrip("/") and (parent / STATE).is_dir()
        if is_part and not (root / OWNER).exists():
            raise MirrorError(
                f"{str(root)!r} has the favorites of the mirror {str(parent)!r}: verify that folder"
            )


class _Verification:
    """A verification: the files to check, the threads that check them, and the record of both."""

    def __init__(
        self,
        root: Path,
        report: VerifyReport,
        accept: bool,
        stop: Flag,
        on_event: Callable[[Event], object],
    ) -> None:
        self._root = root
        self._report = report
        self._accept = accept
        self._stop = stop
        self._on_event = on_event
        self._done = 0

    def run(self, workers: int) -> None:
        """Check all files; the findings so far are kept if an error or the user ends it."""
        with ExitStack() as stack, file_errors(self._root):
            is_read_only = self._lock(stack)
            if self._accept:
                require_one_device(self._root, STATE_FOLDERS)
            folder = MirrorFolder(self._root)
            stack.callback(folder.close)
            # For lists that do not fit into memory.
            parent = Path(gettempdir()) if is_read_only else folder.empty_temporary()
            temporary = Path(stack.enter_context(TemporaryDirectory(dir=parent)))
            spool = Spool(temporary)
            stack.callback(spool.close)
            self._report.has_checksums = any((self._root / name).exists() for name in _SUMS)
            verdict = Verdict(folder, Journal(folder), self._report, spool, self._accept)
            is_complete = False
            try:
                self._check_all(verdict, temporary, stack, workers)
                is_complete = True
            finally:
                self._store(spool, is_read_only, is_complete)

    def _lock(self, stack: ExitStack) -> bool:
        """Lock the mirror; return True if it is read-only."""
        try:
            stack.enter_context(lock_mirror(self._root))
        except FileError as error:
            cause = error.__cause__
            if self._accept or not isinstance(cause, OSError) or cause.errno not in _READ_ONLY:
                raise
            return True
        return False

    def _store(self, spool: Spool, is_read_only: bool, is_complete: bool) -> None:
        findings = (Finding(*values) for values in spool)
        file = write_findings(self._root, findings, is_read_only, is_complete)
        self._report.findings_file = str(file) if file else None

    def _check_all(self, verdict: Verdict, temporary: Path, stack: ExitStack, workers: int) -> None:
        sums, log = self._root / CHECKSUMS, self._root / LOG
        for name in _SUMS:
            require_replaceable(self._root / name)
        count, is_sorted = inspect_lines(sums, verdict.add_invalid_line)
        self._on_event(StepStarted("verifying", count or None))
        merged = read_lines(sums)
        system = FileSystem()
        if not is_sorted:
            merged = sort_lines(merged, temporary, system, stack, "merged")
        logged = sort_lines(read_lines(log), temporary, system, stack, "logged")
        present = walk_mirror(self._root, verdict.add_folder)
        checker = FileChecker(str(self._root), self._stop, verdict.incomplete)
        for batch in self._check_in_threads(checker, compare(present, merged, logged), workers):
            for checked in batch:
                verdict.add(checked)
            self._done += len(batch)
            self._on_event(StepAdvanced("verifying", self._done))
        verdict.end()

    def _check_in_threads(
        self, checker: FileChecker, checks: Iterator[Check], workers: int
    ) -> Iterator[list[CheckedFile]]:
        """Yield the results of checks, in their order, in batches."""
        if workers == 1:
            while batch := _take_batch(checks):
                yield _check_batch(checker, batch)
            return
        pending: deque[Future[list[CheckedFile]]] = deque()
        pool = ThreadPoolExecutor(workers)
        try:
            while batch := _take_batch(checks):
                pending.append(pool.submit(_check_batch, checker, batch))
                if len(pending) >= QUEUE * workers:
                    yield pending.popleft().result()
            while pending:
                yield pending.popleft().result()
        except BaseException:
            self._stop.set()
            raise
        finally:
            pool.shutdown(cancel_futures=True)


def _take_batch(checks: Iterator[Check]) -> list[Check]:
    batch, weight = [], 0
    for check in checks:
        batch.append(check)
        weight += ORIGINAL_WEIGHT if _ORIGINALS in check.name else 1
        if weight >= BATCH:
            break
    return batch


def _check_batch(checker: FileChecker, batch: list[Check]) -> list[CheckedFile]:
    checked = []
    for check in batch:
        if checker.stop.is_set():
            raise StopRequested
        checked.append(checker.check(check))
    return checked
