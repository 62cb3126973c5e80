"""Test that values of any type in JSON, which may be edited, raise nothing."""

from __future__ import annotations

from typing import Any

import pytest

from pyflickr_web.mirror.metadata.photo_info import count_comments, find_differences
from pyflickr_web.mirror.plan import list_photo_ids


@pytest.mark.parametrize("value", [float("inf"), float("nan"), 10**400, "nan", [], None, "x"])
def test_other_values_count_as_zero(value: Any) -> None:
    """Python reads infinite numbers in JSON, too."""
    info = {"comments": {"_content": value}, "location": {"latitude": value}}
    assert count_comments(info) == 0
    assert find_differences({"latitude": 0, "context": 0}, info) == set()


def test_only_valid_ids_are_photos_of_an_album() -> None:
    assert list_photo_ids({"photos": ["1", "abc", "007", 5, None, "2"]}) == ["1", "2"]
    assert list_photo_ids({"photos": {"1": "2"}}) == []
