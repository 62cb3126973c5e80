"""The order of methods in which gzip finds the most to shorten: `python -m compiler.order` looks for it.

Any order makes the same bundle; this one makes a smaller one. It is searched for, not reasoned out,
so it is kept as data; a method that it does not know comes last.
"""

from __future__ import annotations

import random
import sys
import zlib
from collections.abc import Callable, Iterable
from functools import cache
from pathlib import Path

FILE = Path(__file__).parent / "reflection" / "order.txt"
ROUNDS = 60_000


@cache
def known() -> dict[str, int]:
    """The place of each method of the pinned snapshot."""
    return {name: place for place, name in enumerate(FILE.read_text("utf-8").split())}


def ordered(names: Iterable[str]) -> list[str]:
    """`names` in the order that is known; others behind them, by name."""
    places = known()
    return sorted(names, key=lambda name: (places.get(name, len(places)), name))


def search(names: list[str], size: Callable[[list[str]], int], rounds: int) -> list[str]:
    """The best order that moving one name, or all of a namespace, `rounds` times has led to."""
    chance = random.Random(1)
    best, least = names, size(names)
    for _ in range(rounds):
        tried = _moved(best, chance)
        found = size(tried)
        if found <= least:
            best, least = tried, found
    return best


def _moved(names: list[str], chance: random.Random) -> list[str]:
    name, target = chance.sample(names, 2)
    space, other = (each.rpartition(".")[0] for each in (name, target))
    moving = [name] if space == other else [each for each in names if each.startswith(space + ".")]
    if target in moving:
        return names
    rest = [each for each in names if each not in moving]
    place = rest.index(target)
    return rest[:place] + moving + rest[place:]


def main() -> None:
    """Write the order that makes the production bundle of the pinned snapshot smallest."""
    from compiler import pack, parse, render_javascript

    api = parse.read_snapshot()
    bundle = render_javascript.javascript(api, "production")["flickrapi.js"]
    head, tail = bundle.split(pack.literal(pack.names(api, ordered)[0]))

    def size(names: list[str]) -> int:
        literal = pack.literal(pack.names(api, lambda _: names)[0])
        return len(zlib.compress((head + literal + tail).encode(), 9))

    found = search(ordered(method.name for method in api.methods), size, ROUNDS)
    FILE.write_text("\n".join(found) + "\n", "utf-8")
    print(f"{size(found)} bytes", file=sys.stderr)


if __name__ == "__main__":
    main()
