"""Counters of a sandbox: calls by method, answers by status."""

from __future__ import annotations

from collections import Counter
from threading import Lock


class Counts:
    """Numbers of calls by name and of answers by status. Safe to read in any thread."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._calls: Counter[str] = Counter()
        self._answers: Counter[str] = Counter()

    def count_call(self, name: str) -> None:
        """Count a call: `flickr.photos.search`, `oauth/request_token`, `upload`, `files` …"""
        with self._lock:
            self._calls[name] += 1

    def count_answer(self, status: str) -> None:
        """Count an answer by its HTTP status, or as `dropped`."""
        with self._lock:
            self._answers[status] += 1

    @property
    def calls(self) -> Counter[str]:
        """The number of calls by name."""
        with self._lock:
            return self._calls.copy()

    @property
    def answers(self) -> Counter[str]:
        """The number of answers by status."""
        with self._lock:
            return self._answers.copy()

    def clear(self) -> None:
        """Reset all counters."""
        with self._lock:
            self._calls.clear()
            self._answers.clear()
