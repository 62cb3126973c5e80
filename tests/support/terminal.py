"""Make standard error a terminal that keeps its text."""

from __future__ import annotations

import io
import sys

import pytest


class TerminalStream(io.StringIO):
    """A terminal, as far as `isatty` shows."""

    def isatty(self) -> bool:
        return True


def use_terminal(monkeypatch: pytest.MonkeyPatch) -> TerminalStream:
    """Make standard error a terminal. Call it in the test: pytest replaces the streams of fixtures."""
    terminal = TerminalStream()
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setattr(sys, "stderr", terminal)
    return terminal
