"""The report of a verification: the faults of a mirror's files, and the files that are not its own."""

from __future__ import annotations

from collections import Counter
from dataclasses import asdict, dataclass, field
from typing import Any

from pyflickr_web.mirror.counts import format_bytes, format_count
from pyflickr_web.mirror.layout import CHECKSUMS
from pyflickr_web.mirror.verification.findings import KINDS, Finding

# The most findings, foreign files and accepted files that a report lists; it counts all.
MOST_LISTED = 10_000
_NO_SUM = "without_checksum"


@dataclass(slots=True)
class VerifyReport:
    """The result of a verification of the mirror in `location`.

    `files` and `bytes` were read. `counts` are the numbers of findings by kind. `findings`, `foreign`
    and `accepted` list the first `MOST_LISTED` faults, names of files that are not the mirror's, and
    former faults whose checksums were accepted. `findings_file` has all findings that the next sync
    repairs. `has_checksums` is False for a mirror without `SHA256SUMS`, as other programs write it: then
    files without a checksum are only counted. `error` ended the verification early.
    """

    location: str = ""
    files: int = 0
    bytes: int = 0
    has_checksums: bool = True
    counts: Counter[str] = field(default_factory=Counter)
    findings: list[Finding] = field(default_factory=list)
    foreign_count: int = 0
    foreign: list[str] = field(default_factory=list)
    accepted_count: int = 0
    accepted: list[Finding] = field(default_factory=list)
    findings_file: str | None = None
    error: str | None = None

    @property
    def is_intact(self) -> bool:
        """True if all files were read, and nothing is at fault."""
        return not self.counts and self.error is None

    def add(self, finding: Finding) -> None:
        """Count a finding."""
        self.counts[finding.kind] += 1
        if not self.has_checksums and finding.kind == _NO_SUM:
            # It would be a list of all files.
            return
        if len(self.findings) < MOST_LISTED:
            self.findings.append(finding)

    def add_foreign(self, name: str) -> None:
        """Count a file or folder that is not the mirror's."""
        self.foreign_count += 1
        if len(self.foreign) < MOST_LISTED:
            self.foreign.append(name)

    def add_accepted(self, finding: Finding) -> None:
        """Count a fault that was accepted."""
        self.accepted_count += 1
        if len(self.accepted) < MOST_LISTED:
            self.accepted.append(finding)

    def to_dict(self) -> dict[str, Any]:
        """Return the report as a JSON object."""
        values = {name: getattr(self, name) for name in self.__dataclass_fields__}
        values |= {"counts": {kind: self.counts[kind] for kind in KINDS}}
        values |= {name: list(map(asdict, values[name])) for name in ("findings", "accepted")}
        return values | {"is_intact": self.is_intact}

    def advise(self) -> str:
        """Return what to do about the faults."""
        faults = format_count(self.counts.total(), "fault")
        command = f"`pyflickr-web downsync {self.location}`"
        if self.has_checksums and self.counts["inconsistent"] == self.counts.total():
            return (
                f"{faults}: run {command} to complete these photos, as after a run that was stopped"
            )
        if self.has_checksums:
            return f"{faults}: run {command} to fetch these files again"
        if any(one.kind == "missing" and one.name == CHECKSUMS for one in self.findings):
            accept = f"`pyflickr-web verify {self.location} --accept`"
            return f"{faults}: run {accept} to make {CHECKSUMS} from the files as they are"
        return f"{faults}: run {command} to check these files, and to fetch damaged ones again"

    def summarize(self) -> list[str]:
        """Return the report as lines of text."""
        lines = self._list(
            [f"not of the mirror: {name}" for name in self.foreign], self.foreign_count
        )
        lines += self._list([f"accepted: {one}" for one in self.accepted], self.accepted_count)
        unlisted = 0 if self.has_checksums else self.counts[_NO_SUM]
        lines += self._list([str(one) for one in self.findings], self.counts.total() - unlisted)
        if unlisted:
            lines.append(f"{CHECKSUMS} is missing: only the formats of the files were checked")
        lines.append(self._summarize_state())
        return lines

    def _list(self, lines: list[str], count: int) -> list[str]:
        rest = count - len(lines)
        return [*lines, f"… and {rest:,} more"] if rest > 0 else lines

    def _summarize_state(self) -> str:
        text = f"{format_count(self.files, 'file')} ({format_bytes(self.bytes)})"
        counts = [_count(kind, self.counts[kind]) for kind in KINDS if self.counts[kind]]
        if self.error:
            return f"not verified to the end ({self.error}): {', '.join([text, *counts])}"
        return f"faults: {', '.join(counts)}; {text}" if counts else f"intact: {text}"


def _count(kind: str, number: int) -> str:
    words = kind.replace("_", " ")
    # Other kinds are adjectives of files.
    return format_count(number, words) if words.endswith("line") else f"{number:,} {words}"
