"""The step of a run that takes over files without a checksum, which another program wrote.

A file without a fault gets its checksum as the run goes on, so that a later run does not check it again.
A damaged JSON file moves to the trash, and a damaged picture is outdated: both are fetched again.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable
from threading import Lock
from typing import TYPE_CHECKING

from pyflickr_web.mirror.contents.dimensions import read_dimensions
from pyflickr_web.mirror.contents.formats import find_damage
from pyflickr_web.mirror.events import FaultFound
from pyflickr_web.mirror.files.errors import file_errors
from pyflickr_web.mirror.files.sums import LOG, Line, hash_file
from pyflickr_web.mirror.journal import DAMAGED, Entry
from pyflickr_web.mirror.layout import CHECKSUMS, MirrorFile, parse_name
from pyflickr_web.mirror.session.photos_on_disk import list_documents
from pyflickr_web.mirror.session.session import Session
from pyflickr_web.mirror.takeover.rules import (
    NOTHING_EXPECTED,
    CheckedDocument,
    ExpectedPictures,
    find_other_picture,
    repair_document,
)
from pyflickr_web.mirror.takeover.unchecked import UncheckedFiles
from pyflickr_web.transports.files import describe_os_error, read_regular

if TYPE_CHECKING:
    from pyflickr_web.core.flow import Flow

# More threads do not read a disk faster.
MOST_CHECKERS = 4
_UNREADABLE = "not readable: {}"


class FileCheck:
    """The check of the files without a checksum, in one run. Threads may share it.

    `count` is the number of photos that have such files.
    """

    def __init__(self, session: Session) -> None:
        self.session = session
        self.files = UncheckedFiles()
        self.count = 0
        self.workers = min(MOST_CHECKERS, os.cpu_count() or 1)
        self._lock = Lock()

    def announce(self) -> None:
        """Say what happens to a mirror without checksums."""
        root = self.session.folder.root
        # A run that was killed leaves checksums in its log.
        has_checksums = (root / CHECKSUMS).exists() or (root / LOG).exists()
        if has_checksums or not next(list_documents(root, "photo"), None):
            return
        if self.session.state.is_first:
            advice = "a run checks all files, and fetches damaged ones"
        else:
            advice = "`pyflickr-web verify --accept` makes it from the files as they are"
        self.session.events.notify(f"{str(root)!r} has no {CHECKSUMS}: {advice}")

    def begin(self) -> Flow:
        """Find the files, and check those of albums and collections; a flow.

        Only until a run has ended: the checksums of our own files are never made from the files unasked.
        """
        if self.session.state.is_first:
            yield from self.session.work(self._begin)
        else:
            yield from self.session.work(self.announce)

    def run(self, flows: Iterable[Flow]) -> Flow:
        """Check the files of photos by flows, if there are any; a flow."""
        if self.count:
            self.session.events.start("checking", self.count)
            for flow in flows:
                yield from flow
            yield from self.session.work(self.session.placement.flush)

    def _begin(self) -> None:
        self.files.find(self.session.folder)
        self.count = self.files.count
        for name in self.files.others:
            file = parse_name(name)
            assert file
            if file.kind == "icon":
                if self.check_picture(name, file):
                    # A missing icon is fetched.
                    self.session.placement.add([], [], [name])
            else:
                self.check_document(name, file)
        # The next steps read these files.
        self.session.placement.flush()

    def check_document(self, name: str, file: MirrorFile) -> CheckedDocument:
        """Check a JSON file, and write it if it can be repaired; a damaged one moves to the trash."""
        session = self.session
        try:
            content = read_regular(session.folder.root / name)
        except OSError as error:
            found = CheckedDocument(fault=_UNREADABLE.format(describe_os_error(error)))
        else:
            found = repair_document(file, content)
        if found.fault:
            self._report(name, found.fault)
        if found.value is None:
            session.placement.add([], [], [name])
        elif found.is_repaired:
            new = session.folder.write_json(name, found.value)
            session.placement.add([new] if new else [])
        else:
            self._accept((name, hashlib.sha256(content).hexdigest()))
        return found

    def check_picture(
        self, name: str, file: MirrorFile, expected: ExpectedPictures = NOTHING_EXPECTED
    ) -> str | None:
        """Check a picture, video or icon, and return its fault; None if it is complete."""
        path = self.session.folder.root / name
        try:
            # Before the file is mapped into memory, where a bad sector would end the process.
            digest = hash_file(path)
            fault = find_damage(path, file.extension)
            if digest == self.session.journal.get("damaged", name):
                # It is as Flickr gives it.
                fault = None
            fault = fault or find_other_picture(file.size, read_dimensions(path), expected)
        except OSError as error:
            fault = _UNREADABLE.format(describe_os_error(error))
        if fault:
            self._report(name, fault)
        else:
            self._accept((name, digest))
        return fault

    def set_outdated(self, name: str) -> None:
        """Record that a damaged picture is to be fetched again, also by a later run."""
        entry: Entry = ("outdated", name, DAMAGED)
        self.session.placement.add([], [entry])

    def settle(self) -> Flow:
        """Report which faults are repaired, at the end of a run; a flow."""
        yield from self.session.work(self._settle)

    def _settle(self) -> None:
        session, report = self.session, self.session.report
        if not report.unrepaired:
            return
        session.placement.flush()
        with file_errors(session.folder.root):
            sums = session.folder.sums.find(report.unrepaired)
            for name, fault in list(report.unrepaired.items()):
                if name in sums or self._is_replaced(name):
                    report.repaired[name] = fault
                    del report.unrepaired[name]

    def _is_replaced(self, name: str) -> bool:
        """Return True for an original that another one has replaced, in another format."""
        file = parse_name(name)
        return bool(
            file and file.kind == "picture" and not (self.session.folder.root / name).exists()
        )

    def _accept(self, line: Line) -> None:
        self.session.placement.add_sums([line])
        self.session.report.count("accepted_files")

    def _report(self, name: str, fault: str) -> None:
        with self._lock:
            self.session.report.unrepaired[name] = fault
        self.session.events.emit(FaultFound(name, fault))
