"""Test the numbers that `downsync` shows in a terminal."""

from __future__ import annotations

import re
from typing import Any

import pytest

from pyflickr_web.mirror.display import describe_estimate
from pyflickr_web.mirror.events import StepStarted
from pyflickr_web.mirror.pacing.estimate import Estimate
from tests.mirror.mirroring import Mirroring
from tests.support.terminal import use_terminal


def test_unchanged_run_shows_no_step_without_work(
    mirroring: Mirroring, monkeypatch: pytest.MonkeyPatch
) -> None:
    mirroring.begin(sizes="thumbnail")
    terminal = use_terminal(monkeypatch)
    mirroring.run(sizes="thumbnail")
    text = terminal.getvalue()
    assert "photos listed" in text
    assert "/?" not in text
    assert not re.search("tried again|groups of photos|metadata|collections", text)


def test_contexts_and_retries_have_a_total(
    mirroring: Mirroring, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pyflickr_web.mirror.download.TRIES", 1)
    totals: dict[str, int | None] = {}

    def on_event(event: Any) -> None:
        if isinstance(event, StepStarted):
            totals[event.step] = event.total

    photos = len(mirroring.list_photos())
    mirroring.sandbox.faults.add("wrong-format", where="files", times=3)
    assert mirroring.run(sizes="thumbnail", on_event=on_event).is_complete
    assert (totals["contexts"], totals["retries"]) == (photos, 3)


def test_short_times_are_not_said() -> None:
    assert "minute" not in describe_estimate(Estimate(9, 9, 9, 0.01, 0.004, 0.002))
    text = describe_estimate(Estimate(9, 9, 9, 0.1, 0.2, 0.001))
    assert text.partition("; ")[2].startswith(
        "about 12 minutes (calls 6 minutes, files 12 minutes, originals alone less than a minute)."
    )
