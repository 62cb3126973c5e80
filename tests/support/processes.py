"""Programs that tests start."""

from __future__ import annotations

import signal
import subprocess
from collections.abc import Sequence
from typing import Any


def start_interruptible(command: Sequence[str], **options: Any) -> subprocess.Popen[str]:
    """Start a program that Ctrl-C ends, even if the tests ignore SIGINT, as under nohup.

    Call it in the main thread. `options` are those of `Popen`.
    """
    # A child inherits ignored signals, but handlers are reset to the default.
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        return subprocess.Popen(command, text=True, **options)
    finally:
        signal.signal(signal.SIGINT, before)
