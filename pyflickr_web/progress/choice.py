"""Choose the display of progress: bars for people, lines for pipes, or none."""

from __future__ import annotations

import os
import sys

from pyflickr_web.progress.display import LineDisplay, ProgressDisplay

# The terminals on which rich draws no bars.
_DUMB_TERMINALS = "dumb", "unknown"


def shows_progress(progress: bool | None) -> bool:
    """Return True if progress is shown: by default only in a terminal."""
    return stderr_is_terminal() if progress is None else progress


def choose_display(progress: bool | None = None) -> ProgressDisplay:
    """Return a display: bars if standard error is a terminal, lines elsewhere if `progress` is True.

    A terminal that cannot move its cursor shows lines, too. With None, only messages are shown
    elsewhere; with False, they are everywhere.
    """
    if progress is not False and stderr_is_terminal():
        if os.environ.get("TERM", "").lower() in _DUMB_TERMINALS:
            return LineDisplay()
        # Imported here: only terminals need rich.
        from pyflickr_web.progress.bars import BarDisplay

        return BarDisplay()
    return LineDisplay() if progress else ProgressDisplay()


def stderr_is_terminal() -> bool:
    """Return True if standard error is a terminal."""
    # Python sets a closed stream to None.
    return sys.stderr is not None and sys.stderr.isatty()
