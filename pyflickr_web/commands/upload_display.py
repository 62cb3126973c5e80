"""The display of `pyflickr-web upload`: progress bars in a terminal, and only lines elsewhere."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Self

import click

from pyflickr_web.transports.text import printable

if TYPE_CHECKING:
    from rich.progress import Progress, TaskID

# Characters of a file's name beside its bar.
LONGEST_NAME = 30
BAR_WIDTH = 20


class Display:
    """Prints lines: results to standard output, messages to standard error."""

    def print_result(self, line: str) -> None:
        """Print the result of a file."""
        click.echo(line)

    def print_message(self, line: str) -> None:
        """Print a message about the upload."""
        click.echo(line, err=True)

    def show_work(self, text: str) -> None:
        """Show what is being done, beside the bar of all files."""

    def start_file(self, index: int, name: str) -> None:
        """Show a file that is being sent."""

    def update_file(self, index: int, sent: int) -> None:
        """Show the bytes of a file that have been sent."""

    def finish_file(self, index: int) -> None:
        """Remove a file that has a result."""

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """End the display."""


class Bars(Display):
    """Shows a bar for each file and one for all, with rate and time left; `sizes` are in bytes."""

    def __init__(self, sizes: Sequence[int]) -> None:
        self._progress = _make_progress()
        # The bytes of each file, and those that were sent.
        self._sizes, self._sent = list(sizes), [0] * len(sizes)
        self._all_bytes, self._all_sent = sum(sizes), 0
        self._finished = 0
        self._tasks: dict[int, TaskID] = {}
        self._total = self._progress.add_task("", total=self._all_bytes)
        self._show_total()

    def print_result(self, line: str) -> None:
        if sys.stdout.isatty():
            self.print_message(line)
        else:
            super().print_result(line)

    def print_message(self, line: str) -> None:
        from rich.text import Text

        # The console prints above the bars.
        self._progress.console.print(Text(line), soft_wrap=True)

    def show_work(self, text: str) -> None:
        self._progress.update(self._total, description=text)

    def start_file(self, index: int, name: str) -> None:
        short = printable(Path(name).name, LONGEST_NAME)
        self._tasks[index] = self._progress.add_task(short, total=self._sizes[index])

    def update_file(self, index: int, sent: int) -> None:
        self._all_sent += sent - self._sent[index]
        self._sent[index] = sent
        self._progress.update(self._tasks[index], completed=sent)
        self._show_total()

    def finish_file(self, index: int) -> None:
        # Bytes that were not sent do not count for the rate and the time left.
        self._all_bytes -= self._sizes[index] - self._sent[index]
        self._sizes[index] = self._sent[index]
        self._finished += 1
        if index in self._tasks:
            self._progress.remove_task(self._tasks.pop(index))
        self._show_total()

    def _show_total(self) -> None:
        self._progress.update(
            self._total,
            description=f"{self._finished} of {len(self._sizes)} files",
            total=self._all_bytes,
            completed=self._all_sent,
        )

    def __enter__(self) -> Self:
        self._progress.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._progress.stop()


def _make_progress() -> Progress:
    from rich.console import Console
    from rich.progress import (
        BarColumn,
        DownloadColumn,
        Progress,
        TextColumn,
        TimeRemainingColumn,
        TransferSpeedColumn,
    )

    return Progress(
        # The name of a file may look like markup.
        TextColumn("{task.description}", markup=False),
        BarColumn(BAR_WIDTH),
        DownloadColumn(),
        TransferSpeedColumn(),
        TimeRemainingColumn(),
        console=Console(file=sys.stderr),
        transient=True,
        # Results on standard output may be for a pipe.
        redirect_stdout=False,
        redirect_stderr=False,
    )
