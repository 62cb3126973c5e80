"""The bars of `pyflickr-web upload`: one for each file that is being sent, and one for all."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from pyflickr_web.progress.display import Bar, ProgressDisplay


class UploadBars:
    """Shows the progress of files with these `sizes`, in bytes."""

    def __init__(self, display: ProgressDisplay, sizes: Sequence[int]) -> None:
        self._display = display
        # The bytes of each file, and those that were sent.
        self._sizes, self._sent = list(sizes), [0] * len(sizes)
        self._finished = 0
        self._bars: dict[int, Bar] = {}
        self._all_bytes, self._all_sent = sum(sizes), 0
        self._all: Bar | None = None

    def show_work(self, text: str) -> None:
        """Show what is being done, beside the bar of all files."""
        self._find_total_bar().update(self._all_sent, label=text)

    def start_file(self, index: int, name: str) -> None:
        """Show a file that is being sent."""
        self._update_total()
        self._bars[index] = self._display.add_bar(Path(name).name, self._sizes[index], "bytes")

    def update_file(self, index: int, sent: int) -> None:
        """Show the bytes of a file that have been sent."""
        self._all_sent += sent - self._sent[index]
        self._sent[index] = sent
        self._bars[index].update(sent)
        self._update_total()

    def finish_file(self, index: int) -> None:
        """Remove a file that has a result."""
        # Bytes that were not sent do not count for the rate and the time left.
        self._all_bytes -= self._sizes[index] - self._sent[index]
        self._sizes[index] = self._sent[index]
        self._finished += 1
        if index in self._bars:
            self._bars.pop(index).remove()
        self._update_total()

    def _update_total(self) -> None:
        label = f"{self._finished} of {len(self._sizes)} files"
        self._find_total_bar().update(self._all_sent, self._all_bytes, label)

    def _find_total_bar(self) -> Bar:
        self._all = self._all or self._display.add_bar("", self._all_bytes, "bytes")
        return self._all
