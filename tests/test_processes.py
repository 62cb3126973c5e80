"""Programs that tests start can be interrupted, even if the tests ignore SIGINT."""

from __future__ import annotations

import signal
import subprocess
import sys
from collections.abc import Iterator

import pytest

from tests.support.processes import start_interruptible

WAIT = """
import signal
try:
    print("ready", flush=True)
    signal.pause()
except KeyboardInterrupt:
    print("interrupted")
"""


@pytest.fixture
def sigint_ignored() -> Iterator[None]:
    """Ignore SIGINT, as nohup does, and shells do for jobs in the background."""
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.mark.usefixtures("sigint_ignored")
def test_program_is_interrupted_if_its_parent_ignores_sigint() -> None:
    with start_interruptible([sys.executable, "-c", WAIT], stdout=subprocess.PIPE) as process:
        assert process.stdout and process.stdout.readline() == "ready\n"
        process.send_signal(signal.SIGINT)
        assert process.stdout.read() == "interrupted\n"
    assert signal.getsignal(signal.SIGINT) == signal.SIG_IGN
