"""Test that the dimensions of a photo's sizes are read from an item of a listing."""

from __future__ import annotations

from typing import Any

import pytest

from pyflickr_web.mirror.metadata.photo_files import list_dimensions


@pytest.mark.parametrize(
    ("item", "dimensions"),
    [
        ({}, {}),
        ({"width_o": 40, "height_o": "30", "o_width": "9", "o_height": "9"}, {"o": [40, 30]}),
        ({"o_width": "40", "o_height": "30"}, {"o": [40, 30]}),
        ({"width_sq": 75, "height_sq": 75}, {"s": [75, 75]}),
        ({"width_l": "1024", "height_l": 683}, {"b": [1024, 683]}),
        ({"width_m": 500, "height_m": 375}, {}),
        ({"width_t": 100}, {}),
        ({"width_t": 0, "height_t": 0, "width_s": "x", "height_s": None}, {}),
    ],
)
def test_dimensions_of_an_item(item: dict[str, Any], dimensions: dict[str, Any]) -> None:
    assert list_dimensions(item) == dimensions
