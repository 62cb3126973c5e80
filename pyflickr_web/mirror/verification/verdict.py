"""Judge the results of checks: count faults, compare metadata with files, and accept checksums."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import astuple
from typing import Any

from pyflickr_web.mirror.contents.document_checks import list_icons
from pyflickr_web.mirror.files.folder import MirrorFolder
from pyflickr_web.mirror.files.owner import OWNER
from pyflickr_web.mirror.files.sorted_lines import REMOVED, Line
from pyflickr_web.mirror.files.spool import Spool
from pyflickr_web.mirror.files.sums import LOG
from pyflickr_web.mirror.journal import DAMAGED, Entry, Journal
from pyflickr_web.mirror.layout import CHECKSUMS, FAVORITES, MirrorFile, Tree
from pyflickr_web.mirror.plan import Scope, list_photo_ids
from pyflickr_web.mirror.verification.file_checks import CheckedFile
from pyflickr_web.mirror.verification.findings import Finding
from pyflickr_web.mirror.verification.photo_table import PhotoTable
from pyflickr_web.mirror.verification.report import VerifyReport
from pyflickr_web.transports.files import describe_os_error

# Accepted checksums that are logged together.
_CHUNK = 1000
_LONGEST_LINE = 160


class Verdict:
    """The verdict on a mirror. Results are added in the order of names; methods raise `FileError`.

    Findings that the next sync repairs are added to `spool`. Files without a checksum in a mirror of
    another program are only counted: the next sync takes them over.
    """

    def __init__(
        self,
        folder: MirrorFolder,
        journal: Journal,
        report: VerifyReport,
        spool: Spool,
        accept: bool,
    ) -> None:
        self.incomplete: Mapping[str, Any] = journal.section("damaged")
        self._folder = folder
        self._journal = journal
        self._report = report
        self._spool = spool
        self._accept = accept
        self._is_own = report.has_checksums or (folder.root / OWNER).exists()
        self._accepted: list[Line] = []
        self._outdated = journal.section("outdated")
        self._unavailable = journal.section("unavailable")
        scope = Scope.from_text(journal.get("state", "scope"))
        self._has_all_photos = scope is None or scope.videos
        self._tree = Tree(FAVORITES)
        self._photos = PhotoTable()
        # The collections of icons that were not checked yet.
        self._icons: dict[str, str] = {}

    def add_invalid_line(self, number: int, text: str) -> None:
        """Add an invalid line of `SHA256SUMS`."""
        self._add(Finding("invalid_line", CHECKSUMS, f"line {number}: {text[:_LONGEST_LINE]!r}"))

    def add_folder(self, name: str, error: OSError) -> None:
        """Add a folder that cannot be read."""
        self._add(Finding("unreadable", name, describe_os_error(error)))

    def add(self, checked: CheckedFile) -> None:
        """Add the result of a check."""
        check, file = checked.check, checked.file
        if file is None and not check.sums:
            self._report.add_foreign(check.name)
            return
        if checked.digest is not None:
            self._report.files += 1
            self._report.bytes += checked.length
        if check.has_conflict:
            conflict = Finding("invalid_line", check.name, f"{CHECKSUMS} has several sums for it")
            self._add(conflict, checked)
        if checked.finding:
            self._add(checked.finding, checked)
        if file:
            self._compare(checked, file)

    def end(self) -> None:
        """Complete the comparison of metadata, and merge accepted checksums."""
        self._end_tree()
        has_none = self._is_own and not self._report.has_checksums
        if has_none and self._report.counts["without_checksum"]:
            self._add(Finding("missing", CHECKSUMS))
        self._log_accepted()
        # Also the sums that an interruption left in the log.
        if self._report.accepted_count or (self._accept and (self._folder.root / LOG).exists()):
            self._folder.sums.log([])
            self._folder.finish()

    def _add(self, finding: Finding, checked: CheckedFile | None = None) -> None:
        if self._accept and self._is_acceptable(finding, checked):
            self._report.add_accepted(finding)
            if checked:
                self._accepted.append((finding.name, checked.digest or REMOVED))
                if len(self._accepted) >= _CHUNK:
                    self._log_accepted()
            return
        self._report.add(finding)
        # The first sync into a mirror of another program gives its files checksums.
        if self._is_own or finding.kind != "without_checksum":
            self._spool.add(astuple(finding))

    def _is_acceptable(self, finding: Finding, checked: CheckedFile | None) -> bool:
        if finding.kind == "invalid_line":
            return checked is None or checked.digest is not None
        return checked is not None and checked.may_accept

    def _log_accepted(self) -> None:
        lines, self._accepted = self._accepted, []
        if lines:
            self._folder.sums.log(lines)
            forgotten: list[Entry] = [
                ("outdated", name, None) for name, _ in lines if self._outdated.get(name) == DAMAGED
            ]
            forgotten += [("findings", name, None) for name, _ in lines]
            self._journal.record(forgotten)

    def _compare(self, checked: CheckedFile, file: MirrorFile) -> None:
        """Compare metadata with the files that it describes."""
        if file.tree != self._tree.prefix:
            self._end_tree()
            self._tree, self._photos = Tree(file.tree), PhotoTable()
        is_sound = checked.finding is None or (self._accept and checked.may_accept)
        if file.kind == "photo" and not is_sound:
            self._photos.report(file.id)
        elif file.kind == "photo" and checked.document is not None:
            self._photos.add_info(file.id, checked.document)
        elif file.kind == "photoset" and checked.document is not None and is_sound:
            self._compare_album(checked.check.name, checked.document)
        elif file.kind == "collection" and checked.document is not None:
            self._icons |= dict.fromkeys(list_icons(checked.document), checked.check.name)
        elif file.kind == "icon":
            self._icons.pop(checked.check.name, None)
        elif file.kind == "picture":
            self._compare_picture(checked, file, is_sound)

    def _compare_album(self, name: str, album: dict[str, Any]) -> None:
        if not self._has_all_photos:
            # Its videos have no metadata.
            return
        for photo_id in list_photo_ids(album):
            if not self._photos.has_info(photo_id) and self._photos.report(photo_id):
                text = f"its photo {photo_id} has no metadata"
                self._add(Finding("inconsistent", name, text, photo_id))

    def _compare_picture(self, checked: CheckedFile, file: MirrorFile, is_sound: bool) -> None:
        name = checked.check.name
        if not is_sound or name in self._outdated:
            self._photos.ignore_file(file.id, file.size)
        elif checked.length:
            self._photos.add_file(file.id, file.size)
        if checked.length and not self._photos.has_info(file.id):
            self._photos.report(file.id)
            self._add(Finding("inconsistent", name, "its photo has no metadata"))

    def _end_tree(self) -> None:
        for photo_id, sizes in self._photos.find_differences():
            text = f"its list of sizes is not that of its files: {', '.join(sizes)}"
            self._add(Finding("inconsistent", self._tree.document("photo", photo_id), text))
        for icon, collection in self._icons.items():
            if icon not in self._unavailable:
                self._add(Finding("missing", icon, f"{collection} has this icon"))
