"""Show progress as bars in a terminal, with rich."""

from __future__ import annotations

import sys
from types import TracebackType
from typing import Self

from rich.console import Console
from rich.progress import (
    BarColumn,
    DownloadColumn,
    MofNCompleteColumn,
    Progress,
    ProgressColumn,
    Task,
    TextColumn,
    TimeRemainingColumn,
    TransferSpeedColumn,
)
from rich.text import Text

from pyflickr_web.progress.display import Bar, ProgressDisplay, Unit
from pyflickr_web.transports.text import printable

# Characters of a label: more would leave no room for the numbers.
LONGEST_LABEL = 30
BAR_WIDTH = 20


class BarDisplay(ProgressDisplay):
    """Shows bars on standard error until it ends, and prints results and messages above them."""

    def __init__(self) -> None:
        self._progress = Progress(
            # A label, such as the name of a file, may look like markup.
            TextColumn("{task.description}", markup=False),
            BarColumn(BAR_WIDTH),
            _AmountColumn(),
            TimeRemainingColumn(),
            console=Console(file=sys.stderr),
            transient=True,
            # Results on standard output may be for a pipe.
            redirect_stdout=False,
            redirect_stderr=False,
        )

    def print_result(self, text: str) -> None:
        if sys.stdout.isatty():
            self.print_message(text)
        else:
            super().print_result(text)

    def print_message(self, text: str) -> None:
        # The console prints above the bars.
        self._progress.console.print(Text(printable(text)), soft_wrap=True)

    def add_bar(self, label: str, total: int | None = None, unit: Unit = "items") -> Bar:
        return _RichBar(self._progress, label, total, unit)

    def show_pause(self, reason: str, seconds: float) -> Bar:
        super().show_pause(reason, seconds)
        return self.add_bar(reason, round(seconds), "seconds")

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


class _RichBar(Bar):
    """A bar of rich."""

    def __init__(self, progress: Progress, label: str, total: int | None, unit: Unit) -> None:
        self._progress = progress
        self._task = progress.add_task(_shorten(label), total=total, unit=unit)

    def update(self, done: int, total: int | None = None, label: str | None = None) -> None:
        description = None if label is None else _shorten(label)
        self._progress.update(self._task, completed=done, total=total, description=description)

    def remove(self) -> None:
        self._progress.remove_task(self._task)


class _AmountColumn(ProgressColumn):
    """Shows the number of items, the bytes and their rate, or the seconds that are left."""

    def __init__(self) -> None:
        super().__init__()
        self._items = _ItemColumn()
        self._bytes, self._rate = DownloadColumn(), TransferSpeedColumn()

    def render(self, task: Task) -> Text:
        if task.fields["unit"] == "items":
            return self._items.render(task)
        if task.fields["unit"] == "seconds":
            return Text(f"{max(0.0, (task.total or 0.0) - (task.elapsed or 0.0)):.0f} s")
        return Text(" ").join([self._bytes.render(task), self._rate.render(task)])


class _ItemColumn(MofNCompleteColumn):
    """Shows the number of items, and of how many if that is known."""

    def render(self, task: Task) -> Text:
        if task.total is not None:
            return super().render(task)
        return Text(f"{task.completed:,.0f}", style="progress.download")


def _shorten(label: str) -> str:
    return printable(label, LONGEST_LABEL)
