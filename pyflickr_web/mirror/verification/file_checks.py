"""Read a file of a mirror, and compare it with its checksum and with its format."""

from __future__ import annotations

import errno
import hashlib
import os
import stat
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from threading import Event, local
from typing import Any, NamedTuple

from pyflickr_web.mirror.contents.document_checks import DamagedDocument, check_document
from pyflickr_web.mirror.contents.formats import find_damage
from pyflickr_web.mirror.files.comparison import Check
from pyflickr_web.mirror.layout import MirrorFile, parse_name
from pyflickr_web.mirror.verification.findings import Finding, FindingKind
from pyflickr_web.transports.files import describe_os_error

# Bytes that are read at a time; most files of a mirror need one read.
_BUFFER = 1024 * 1024
_SMALL = 64 * 1024
# A FIFO does not block if it is opened so; Windows has no FIFOs, but text files.
_FLAGS = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
_MISSING = (errno.ENOENT, errno.ENOTDIR)


class StopRequested(Exception):
    """The verification is stopped before its end."""


class CheckedFile(NamedTuple):
    """The result of a check: the file's kind, its length, and its SHA-256; None if it was not read.

    `may_accept` is True if only the checksum is at fault. `document` is the content of a JSON file.
    """

    check: Check
    file: MirrorFile | None
    length: int = 0
    digest: str | None = None
    finding: Finding | None = None
    may_accept: bool = False
    document: dict[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class FileChecker:
    """Checks files of the mirror in `root`, until `stop` is set. Threads may share it.

    `incomplete` has the checksums of files that are incomplete at Flickr itself.
    """

    root: str
    stop: Event
    incomplete: Mapping[str, Any] = field(default_factory=dict)
    _local: local = field(default_factory=local, init=False)

    def check(self, check: Check) -> CheckedFile:
        """Check a file; one that is not the mirror's, without a checksum, is not read.

        Raises `StopRequested`.
        """
        file = parse_name(check.name)
        if file is None and not check.sums:
            return CheckedFile(check, file)
        is_document = file is not None and file.is_document
        try:
            length, digest, content = self._read(f"{self.root}/{check.name}", is_document)
        except OSError as error:
            return self._report_error(check, file, error)
        except ValueError:
            # A name with a null byte.
            return self._report_error(check, file, FileNotFoundError(errno.ENOENT, ""))
        document = fault = None
        if file and is_document:
            try:
                document = check_document(file, content)
            except DamagedDocument as error:
                fault = str(error)
        if digest in check.sums and fault is None:
            return CheckedFile(check, file, length, digest, document=document)
        if file and not is_document and digest not in check.sums:
            fault = self._find_fault(check.name, file, digest)
        finding = _describe(check, digest, fault)
        return CheckedFile(check, file, length, digest, finding, fault is None, document)

    def _read(self, path: str, is_document: bool) -> tuple[int, str, bytes]:
        """Return the length and the SHA-256 of a file; of a document, also the content."""
        handle = os.open(path, _FLAGS)
        try:
            content = os.read(handle, _SMALL)
            rest = os.read(handle, _SMALL) if content else b""
            # Most files of a mirror are small regular ones, for which this is all.
            if rest or not content:
                return self._read_on(handle, [content, rest], is_document)
            return len(content), hashlib.sha256(content).hexdigest(), content
        finally:
            os.close(handle)

    def _read_on(
        self, handle: int, pieces: list[bytes], is_document: bool
    ) -> tuple[int, str, bytes]:
        """Read the rest of a file after its first pieces; the result is that of `_read`."""
        if not stat.S_ISREG(os.fstat(handle).st_mode):
            # A device may have no end.
            raise OSError(errno.EINVAL, "not a regular file")
        digest = hashlib.sha256(b"".join(pieces))
        length = sum(map(len, pieces))
        buffer = self._find_buffer()
        view = memoryview(buffer)
        with open(handle, "rb", buffering=0, closefd=False) as opened:
            while count := opened.readinto(buffer):
                digest.update(view[:count])
                length += count
                if is_document:
                    pieces.append(bytes(view[:count]))
                if self.stop.is_set():
                    raise StopRequested
        return length, digest.hexdigest(), b"".join(pieces) if is_document else b""

    def _find_buffer(self) -> bytearray:
        """Return the buffer of this thread."""
        buffer: bytearray | None = getattr(self._local, "buffer", None)
        if buffer is None:
            buffer = self._local.buffer = bytearray(_BUFFER)
        return buffer

    def _find_fault(self, name: str, file: MirrorFile, digest: str) -> str | None:
        """Return the fault of a picture or video by its format; None if Flickr has it so."""
        if self.incomplete.get(name) == digest:
            return None
        try:
            return find_damage(Path(self.root, name), file.extension)
        except (OSError, ValueError) as error:
            return str(error)

    def _report_error(self, check: Check, file: MirrorFile | None, error: OSError) -> CheckedFile:
        if error.errno not in _MISSING:
            finding = Finding("unreadable", check.name, describe_os_error(error))
            return CheckedFile(check, file, finding=finding)
        if check.may_be_missing:
            return CheckedFile(check, file)
        reason = "a link to a missing file" if check.is_present else ""
        finding = Finding("missing", check.name, reason)
        return CheckedFile(check, file, finding=finding, may_accept=True)


def _describe(check: Check, digest: str, fault: str | None) -> Finding:
    """Return the finding about a file that was read."""
    kind: FindingKind = "damaged" if check.sums or fault else "without_checksum"
    reason = fault or ""
    if check.sums and digest not in check.sums:
        reason = f"its SHA-256 differs; {fault}" if fault else "its SHA-256 differs"
    return Finding(kind, check.name, reason)
