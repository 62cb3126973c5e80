"""`downsync`: mirror an account, in an order that gives the most to a run that is stopped early."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from functools import partial
from pathlib import Path
from tempfile import gettempdir
from typing import TYPE_CHECKING, Any

from pyflickr_web.mirror.counts import format_count
from pyflickr_web.mirror.display import show_events
from pyflickr_web.mirror.download import WORKERS, Downloads
from pyflickr_web.mirror.events import Events, RunEnded
from pyflickr_web.mirror.files.devices import require_one_device
from pyflickr_web.mirror.files.disk_work import DiskWork
from pyflickr_web.mirror.files.file_system import FileSystem
from pyflickr_web.mirror.files.folder import MirrorFolder
from pyflickr_web.mirror.files.lock import lock_mirror
from pyflickr_web.mirror.files.owner import check_owner, claim
from pyflickr_web.mirror.files.spool import Spools
from pyflickr_web.mirror.journal import Journal
from pyflickr_web.mirror.layout import TEMPORARY
from pyflickr_web.mirror.location import read_location
from pyflickr_web.mirror.pacing.call_pace import CallPace
from pyflickr_web.mirror.pacing.call_rest import CallRest
from pyflickr_web.mirror.pacing.calls import Calls, Client
from pyflickr_web.mirror.pacing.file_pace import FILES_A_SECOND, FilePace, is_loopback
from pyflickr_web.mirror.pruning import PruneOptions, check_prune
from pyflickr_web.mirror.report import Report, describe_end
from pyflickr_web.mirror.session.placing import Placement
from pyflickr_web.mirror.session.run_state import RunState
from pyflickr_web.mirror.session.session import Account, Session
from pyflickr_web.mirror.settings import Settings, read_settings
from pyflickr_web.mirror.steps.account import find_account
from pyflickr_web.mirror.steps.repairs import (
    find_outdated_documents,
    foresee_repairs,
    schedule_repairs,
)
from pyflickr_web.mirror.steps.run import Run
from pyflickr_web.transports.errors import FlickrError

if TYPE_CHECKING:
    from os import PathLike

    from pyflickr_web.core.flow import Flow

# Without a limit of the image host, more files at a time are faster.
LOOPBACK_WORKERS = 16
# The reasons of pauses, short enough for the label of a bar.
FILES_PAUSE = "files from Flickr fail for now"
CALLS_PAUSE = "calls to Flickr fail for now"
LIMIT_PAUSE = "calls at their hourly limit"


def downsync(
    client: Client,
    location: str | PathLike[str],
    given: Mapping[str, Any],
    clock: Callable[[], float] = time.monotonic,
) -> Flow:
    """Mirror an account to the folder `location`, and return a `Report`; a flow.

    `given` are `DownsyncOptions`; `clock` is that of long pauses. Raises `FlickrError` if the run cannot
    begin or go on; what is complete stays, and the next run continues. Close the flow if it is
    interrupted.
    """
    settings = read_settings(given)
    root = read_location(location, "downsync")
    if settings.remove_deleted:
        check_prune(PruneOptions(is_owner=True, limits=settings.limits))
    report = Report(str(root), is_dry_run=settings.dry_run)
    with show_events(client.options.get("progress"), settings.on_event) as on_event:
        events = Events(on_event)
        rest = CallRest(partial(events.pause, CALLS_PAUSE), clock)
        on_limit = partial(events.pause, LIMIT_PAUSE)
        pace = CallPace.of(dict(client.options), settings.max_per_hour, on_limit)
        calls = Calls(client, pace, rest)
        with _report_end(report, calls, events), ExitStack() as stack:
            account = yield from find_account(calls, settings.user)
            prune = PruneOptions(account.is_signed_in, settings.limits, settings.max_prune)
            if settings.remove_deleted:
                check_prune(prune)
            opening = partial(stack.enter_context, _open(root, settings, account))
            folder: MirrorFolder = yield DiskWork(opening)
            journal: Journal = yield DiskWork(partial(_prepare, folder, settings, account, events))
            session = Session(
                client=client,
                settings=settings,
                account=account,
                folder=folder,
                journal=journal,
                placement=Placement(folder, journal, time.strftime("%Y-%m-%d")),
                calls=calls,
                downloads=make_downloads(folder, dict(client.options), settings, events, clock),
                events=events,
                report=report,
                state=RunState(journal, settings, account.is_signed_in),
            )
            yield from _run(session, prune)
            yield DiskWork(stack.close)
    return report


@contextmanager
def _report_end(report: Report, calls: Calls, events: Events) -> Iterator[None]:
    """Complete the report, and pass it on: at the end of a run, also of one that an error ends."""
    try:
        yield
    except BaseException as error:
        report.error = describe_end(error, report.location)
        raise
    finally:
        report.calls = calls.count
        events.emit(RunEnded(report))


def end_flow(flow: Flow, error: BaseException) -> None:
    """Pass the error of an effect on to the flow of a run, so that its report has it, and close it.

    A driver does not: the error ends the flow from outside.
    """
    with suppress(BaseException):
        flow.throw(error)
    flow.close()


@contextmanager
def _open(root: Path, settings: Settings, account: Account) -> Iterator[MirrorFolder]:
    """Lock the folder, and check its owner; for a dry run, only check the owner."""
    if settings.dry_run:
        check_owner(root, account.nsid)
        yield MirrorFolder(root)
        return
    system = FileSystem()
    with lock_mirror(root, system):
        folder = MirrorFolder(root, system)
        try:
            yield folder
        finally:
            folder.close()


def _prepare(folder: MirrorFolder, settings: Settings, account: Account, events: Events) -> Journal:
    """Prepare the folder of a run, and return its journal with what `verify` found."""
    require_one_device(folder.root)
    if not settings.dry_run:
        folder.prepare()
        claim(folder, account.nsid, account.username)
    journal = Journal(folder)
    repair = foresee_repairs if settings.dry_run else schedule_repairs
    if count := repair(folder, journal):
        events.notify(f"to repair: {format_count(count, 'finding')} of verify")
    folder.outdated_documents = find_outdated_documents(journal)
    return journal


def make_downloads(
    folder: MirrorFolder,
    options: Mapping[str, Any],
    settings: Settings,
    events: Events,
    clock: Callable[[], float] = time.monotonic,
) -> Downloads:
    """Return the downloads of a run; `options` are those of the client, `clock` that of the pace."""
    is_local = is_loopback(options.get("base_url"))
    rate = settings.file_rate or (None if is_local else FILES_A_SECOND)
    pace = FilePace(rate, clock, partial(events.pause, FILES_PAUSE))
    workers = settings.workers or (LOOPBACK_WORKERS if is_local else WORKERS)
    return Downloads(folder, options, pace, workers)


def _run(session: Session, prune: PruneOptions) -> Flow:
    """Run all steps. Whatever ends the run, what was fetched is placed, and its checksums merged."""
    settings = session.settings
    temporary = Path(gettempdir()) if settings.dry_run else session.folder.root / TEMPORARY
    spools = Spools(temporary)
    try:
        # It lists the folders of the mirror.
        run = yield from session.work(partial(Run, session, prune, spools))
        if settings.dry_run:
            yield from run.plan()
        else:
            yield from run.perform()
        yield from session.work(spools.close)
    except BaseException:
        if not settings.dry_run:
            # The error that ended the run counts, not that of a full disk now.
            with suppress(FlickrError):
                session.placement.flush()
            with suppress(FlickrError):
                session.folder.finish()
        raise
    finally:
        spools.close()
    if not settings.dry_run:
        yield from session.work(partial(_finish, session))


def _finish(session: Session) -> None:
    session.placement.flush()
    session.folder.finish()
    session.journal.compact()
