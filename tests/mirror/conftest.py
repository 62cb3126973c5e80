"""Fixtures: drivers of both kinds, with pauses that take no time."""

from __future__ import annotations

import pytest

from tests.mirror.virtual_time import Drive, drive_in_tasks, drive_in_threads


@pytest.fixture(params=[drive_in_threads, drive_in_tasks], ids=["threads", "tasks"])
def drive(request: pytest.FixtureRequest) -> Drive:
    """Run a flow in threads or in tasks."""
    driver: Drive = request.param
    return driver
