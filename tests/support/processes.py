"""Programs that tests start."""

from __future__ import annotations

import signal
import subprocess
from collections.abc import Sequence
from typing import Any


def start_interruptible(command: Sequence[str], **options: Any) -> subprocess.Popen[str]:
    """Start a program that Ctrl-C ends, even if the tests run under nohup, which ignores it.

    Call it in the main thread. `options` are those of `Popen`.
    """
    # A child inherits an ignored signal; with a handler it gets the default.
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        return subprocess.Popen(command, text=True, **options)
    finally:
        signal.signal(signal.SIGINT, before)
