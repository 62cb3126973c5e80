"""The order of methods in which gzip finds the most to shorten.

Any order makes the same bundle; this one makes a smaller one. It is searched for, not reasoned out
(`python -m compiler.search`), so it is kept as data; a method that it does not know comes last.
"""

from __future__ import annotations

import random
from collections.abc import Iterable, Sequence
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


def moved(names: Sequence[str], chance: random.Random) -> Sequence[str]:
    """`names` with one of them, or all of a namespace, in another place."""
    name, target = chance.sample(names, 2)
    space, other = (each.rpartition(".")[0] for each in (name, target))
    moving = [name] if space == other else [each for each in names if each.startswith(space + ".")]
    if target in moving:
        return names
    rest = [each for each in names if each not in moving]
    place = rest.index(target)
    return rest[:place] + moving + rest[place:]
