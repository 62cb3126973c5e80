"""Write the incomplete file of a picture, the part, and continue it after an interruption.

Only bytes that were flushed are certain after a power failure. The state of a part, a file in
`.mirror/parts/`, has their number, the ETag and the address. A later request continues from there, by
Range and If-Range (RFC 9110, sections 13.1.5 and 14).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass
from types import TracebackType
from typing import BinaryIO

from pyflickr_web.mirror.files.errors import file_errors
from pyflickr_web.mirror.files.folder import MirrorFolder
from pyflickr_web.mirror.files.json_files import read_json, to_json
from pyflickr_web.mirror.layout import part_state_name
from pyflickr_web.transports.errors import FileError
from pyflickr_web.transports.message import FileSink, FileTooLarge

# The bytes after which a part is flushed, and the smallest part that is worth continuing.
CHECKPOINT = 8 * 1024 * 1024
SMALLEST_PART = 256 * 1024
# RFC 9110, section 8.8.3; the state may be edited, and a header takes no other characters.
_STRONG_ETAG = re.compile(r'"[\x21\x23-\x7e]*"')
_LENGTH = re.compile(r"\d{1,18}", re.ASCII)
_CONTENT_RANGE = re.compile(r"bytes (\d{1,18})-(\d{1,18})/(\d{1,18})", re.ASCII)


@dataclass(frozen=True, slots=True)
class PartState:
    """The state of a part: the address of its file, the ETag, and the number of bytes on the disk."""

    url: str
    etag: str
    length: int


class PartSink(FileSink):
    """A sink that writes the part of the picture `name`, from the file at `url`.

    `total` is the length of the complete file, once an answer is accepted; None if it is unknown.
    `has_state` is True if the state of a part is on the disk, possibly for another address.
    """

    def __init__(self, folder: MirrorFolder, name: str, url: str, longest: int) -> None:
        self._folder = folder
        self._path = folder.part(name)
        self._state_name = part_state_name(name)
        self._url = url
        self._longest = longest
        with file_errors(self._path):
            self.has_state = (folder.root / self._state_name).exists()
        self._state = self._read_state()
        self._start = 0
        self._count = 0
        self._flushed = 0
        self._etag = ""
        self._has_synced_name = False
        self._file: BinaryIO | None = None
        self.is_accepted = False
        self.total: int | None = None

    @property
    def headers(self) -> dict[str, str]:
        """The headers of a request that continues the part, or begins a new one."""
        headers = {"Accept-Encoding": "identity"}
        if self._state:
            headers["Range"] = f"bytes={self._state.length}-"
            headers["If-Range"] = self._state.etag
        return headers

    def accepts(self, status: int, headers: Mapping[str, str]) -> bool:
        """Return True for a complete file, and for the requested range. Raises `FileTooLarge`."""
        # The length of an encoded body says nothing about the file.
        is_encoded = headers.get("Content-Encoding", "identity").strip().lower() != "identity"
        etag, length = headers.get("ETag", ""), headers.get("Content-Length", "")
        if status == 200:
            self._start = 0
            is_known = _LENGTH.fullmatch(length) and not is_encoded
            self.total = int(length) if is_known else None
        elif status == 206 and self._state and not is_encoded:
            found = _CONTENT_RANGE.fullmatch(headers.get("Content-Range", "").strip())
            if not found or int(found[1]) != self._state.length:
                return False
            self._start, self.total = self._state.length, int(found[3])
            etag = self._state.etag
        else:
            return False
        # If-Range only compares strong ETags.
        self._etag = etag if etag.startswith('"') and not is_encoded else ""
        self._count = self._flushed = self._start
        self._check_length(self.total or 0)
        self.is_accepted = True
        return True

    def write(self, piece: bytes) -> None:
        assert self._file
        self._count += len(piece)
        self._check_length(self._count)
        with file_errors(self._path):
            self._file.write(piece)
            if self._etag and self._count - self._flushed >= CHECKPOINT:
                self._flush(self._file)

    def __enter__(self) -> PartSink:
        system = self._folder.system
        with file_errors(self._path):
            if self._start:
                self._file = system.append(self._path)
                # What follows was not flushed.
                self._file.truncate(self._start)
            else:
                self._remove_state()
                self._file = self._create()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        assert self._file
        if error is None:
            with file_errors(self._path):
                self._file.close()
            return
        try:
            # The error that ended the transfer counts, not that of a full disk now.
            with suppress(OSError, FileError):
                if self._etag and self._count - self._flushed >= SMALLEST_PART:
                    self._flush(self._file)
        finally:
            with suppress(OSError):
                self._file.close()

    def _check_length(self, length: int) -> None:
        if length > self._longest:
            raise FileTooLarge(self._longest)

    def _flush(self, opened: BinaryIO) -> None:
        """Flush the part, and then record its length, so that the disk has at least that much."""
        self._folder.system.sync(opened)
        if not self._has_synced_name:
            self._folder.system.sync_folder(self._path.parent)
            self._has_synced_name = True
        state = PartState(self._url, self._etag, self._count)
        self.has_state = True
        self._folder.write_state(self._state_name, to_json(asdict(state)))
        self._flushed = self._count

    def _create(self) -> BinaryIO:
        system = self._folder.system
        try:
            return system.create(self._path)
        except FileExistsError:
            system.remove(self._path)
            return system.create(self._path)

    def _remove_state(self) -> None:
        """Remove the state for good: after a power failure it must not describe another file."""
        if self.has_state:
            state = self._folder.root / self._state_name
            self._folder.system.remove(state)
            self._folder.system.sync_folder(state.parent)
            self.has_state = False

    def _read_state(self) -> PartState | None:
        """Return the state of the part; None if it cannot be continued."""
        if not self.has_state:
            return None
        with file_errors(self._path):
            size = self._path.stat().st_size if self._path.is_file() else 0
        found = (read_json(self._folder.root / self._state_name) or {}) if size else {}
        url, etag, length = found.get("url"), found.get("etag"), found.get("length")
        if (
            url != self._url
            or not isinstance(etag, str)
            or not _STRONG_ETAG.fullmatch(etag)
            or type(length) is not int
            or not 0 < length <= size
        ):
            return None
        return PartState(url, etag, length)
