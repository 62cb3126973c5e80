"""The journal of a mirror: facts that a run leaves for the next one, as a log of JSON lines.

Its sections map keys to values: photos that failed, files that are outdated, files that Flickr does not
give, the mark of the last change. Each line is `[section, key, value]`, where null removes the key.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from contextlib import suppress
from threading import Lock
from typing import Any, Literal, get_args

from pyflickr_web.mirror.files.errors import file_errors
from pyflickr_web.mirror.files.folder import MirrorFolder
from pyflickr_web.mirror.layout import STATE
from pyflickr_web.transports.files import read_regular

JOURNAL = f"{STATE}/journal"

Section = Literal["state", "failed", "outdated", "unavailable", "damaged", "findings"]
"""`state` has the settings and marks of runs. `failed` has the reasons by photo. By file name,
`outdated` has pictures and documents to be fetched again, `unavailable` the pages of files that Flickr
does not give, `damaged` the checksums of files that are incomplete at Flickr, and `findings` the kinds
of faults that a verification found, until a run has ended."""

Entry = tuple[Section, str, Any]
SECTIONS: tuple[Section, ...] = get_args(Section)
# The value of damaged files in the section `outdated`; that of files that Flickr has replaced is True.
DAMAGED = "damaged"


class Journal:
    """The journal of a mirror. All methods raise `FileError`. Threads may share it."""

    def __init__(self, folder: MirrorFolder) -> None:
        self._folder = folder
        self._file = folder.root / JOURNAL
        self._lock = Lock()
        self._sections: dict[str, dict[str, Any]] = {name: {} for name in SECTIONS}
        self._lines = 0
        self._is_cut = False
        self._load()

    def section(self, name: Section) -> Mapping[str, Any]:
        """Return the keys and values of a section, as they are now."""
        with self._lock:
            return dict(self._sections[name])

    def get(self, section: Section, key: str) -> Any:
        """Return the value of a key; None without one."""
        return self._sections[section].get(key)

    def record(self, entries: Iterable[Entry]) -> None:
        """Set keys, or remove those with the value None, and flush them to the disk together."""
        with self._lock:
            last = {(section, key): value for section, key, value in entries}
            changes: list[Entry] = [
                (section, key, value)
                for (section, key), value in last.items()
                if self._sections[section].get(key) != value
            ]
            if changes:
                self._append(changes)
                for entry in changes:
                    self._apply(entry)

    def assume(self, entries: Iterable[Entry]) -> None:
        """Set keys, or remove those with the value None, in memory only, for a dry run."""
        with self._lock:
            for entry in entries:
                self._apply(entry)

    def compact(self) -> None:
        """Rewrite the file, if more than half of its lines are obsolete."""
        with self._lock:
            entries = [
                [name, key, value]
                for name, values in self._sections.items()
                for key, value in values.items()
            ]
            if self._lines > 2 * len(entries):
                content = "".join(_format(entry) for entry in entries)
                self._folder.write_state(JOURNAL, content.encode())
                self._lines = len(entries)

    def _append(self, entries: list[Entry]) -> None:
        system = self._folder.system
        with file_errors(self._file):
            is_new = not self._file.exists()
            system.make_folder(self._file.parent)
            try:
                with system.append(self._file) as opened:
                    # Ends a line that a crash or a full disk cut.
                    text = "\n" * self._is_cut + "".join(_format(entry) for entry in entries)
                    self._is_cut = True
                    opened.write(text.encode())
                    system.sync(opened)
                self._is_cut = False
            finally:
                if is_new:
                    system.sync_folder(self._file.parent)

    def _apply(self, entry: Iterable[Any]) -> None:
        section, key, value = entry
        self._lines += 1
        if not isinstance(key, str):
            raise TypeError(key)
        if value is None:
            self._sections[section].pop(key, None)
        else:
            self._sections[section][key] = value

    def _load(self) -> None:
        with file_errors(self._file):
            content = read_regular(self._file) if self._file.exists() else b""
        self._is_cut = bool(content) and not content.endswith(b"\n")
        for line in content.splitlines():
            # A cut line is as if it had not been written.
            with suppress(ValueError, TypeError, KeyError, RecursionError):
                self._apply(json.loads(line))


def _format(entry: Iterable[Any]) -> str:
    return json.dumps(list(entry), ensure_ascii=True) + "\n"
