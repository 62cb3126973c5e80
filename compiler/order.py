"""The order of methods in the production bundles.

Any order makes a bundle that works; in this one gzip finds more repetitions. The order was found by
trial and is kept as data, one method a line. Append a new method to the lines of its namespace; a
method that is missing from the file comes last.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from pathlib import Path

FILE = Path(__file__).parent / "reflection" / "order.txt"


@cache
def known() -> dict[str, int]:
    """The place of each method of the pinned snapshot."""
    return {name: place for place, name in enumerate(FILE.read_text("utf-8").split())}


def ordered(names: Iterable[str]) -> list[str]:
    """`names` in the order that is known; others behind them, by name."""
    places = known()
    return sorted(names, key=lambda name: (places.get(name, len(places)), name))
