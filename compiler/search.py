"""Look for what makes `flickrapi.js` smallest: `python -m compiler.search [ROUNDS]`.

The order of methods and the letters of variables are searched for together, since gzip sees both, by
simulated annealing: a change is kept where it makes the bundle smaller, or not much larger while the
search is young. It starts from what is known, so a second run goes on where the first has ended.
"""

from __future__ import annotations

import math
import random
import re
import sys
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from itertools import combinations
from string import ascii_letters
from typing import TypeVar

from compiler import letters, minify_javascript, order, pack, parse, render_javascript
from compiler.model import Api
from pyflickr_web.commands.stdio import standard_streams

ROUNDS = 500_000
# How many bytes more are taken now and then, at the beginning of a search and at its end.
HOT, COLD = 1.5, 0.2
LETTERS = ascii_letters + "_$"
_STAND_IN = re.compile(r"\bx(\d+)x\b")


State = TypeVar("State")


@dataclass(frozen=True)
class Choice:
    """The order of all methods, and the letter of each variable, by the variable's number."""

    names: tuple[str, ...]
    letters: tuple[str, ...]


class Bundle:
    """A bundle in which any choice can be put in its place and measured."""

    def __init__(self, api: Api) -> None:
        values = render_javascript.tables(api, "production")
        self._text = minify_javascript.prepared(render_javascript.linked("production", values))
        self.variables = variables(self._text)
        self.apart = apart(self._text, self.variables)
        stand_ins = {variable: f"x{i}x" for i, variable in enumerate(self.variables)}
        script = minify_javascript.minified(letters.renamed(self._text, stand_ins), keep_names=True)
        whole = render_javascript.completed(script, values, api, "production")["flickrapi.js"]
        names = pack.literal(values.pop("NAMES"))
        self._pieces = _STAND_IN.split(whole)
        self._at = next(i for i, piece in enumerate(self._pieces) if names in piece)
        self._around = self._pieces[self._at].split(names)
        self._words = pack.words(api, api.methods)

    def known(self) -> Choice:
        """What is kept as data; a variable without a letter gets the first that is free."""
        known, chosen = letters.known(), list[str]()
        for i, variable in enumerate(self.variables):
            taken = {chosen[j] for j in self.apart[i] if j < i}
            letter = known.get(variable, "")
            free = (each for each in LETTERS if each not in taken)
            chosen.append(next(free) if not letter or letter in taken else letter)
        return Choice(tuple(order.ordered(self._words)), tuple(chosen))

    def size(self, choice: Choice) -> int:
        """Bytes of the bundle, as gzip -9 counts them."""
        pieces = self._pieces[:]
        pieces[1::2] = [choice.letters[int(i)] for i in pieces[1::2]]
        names = pack.in_spaces({name: self._words[name] for name in choice.names})
        pieces[self._at] = pack.literal(names).join(self._around)
        return len(zlib.compress("".join(pieces).encode(), 9)) + 12


def variables(text: str) -> list[str]:
    """The variables of a linked script: what can have another name, and the script stays the same."""
    short = minify_javascript.minified(text)
    found = sorted({use.variable for use in letters.uses(text)})
    return [
        each
        for each in found
        if minify_javascript.becomes(letters.renamed(text, {each: "xx"}), short)
    ]


def apart(text: str, names: list[str]) -> list[set[int]]:
    """For each variable those, by number, that cannot have the same letter."""
    short = minify_javascript.minified(text)
    found: list[set[int]] = [set() for _ in names]
    for (i, name), (j, other) in combinations(enumerate(names), 2):
        if not minify_javascript.becomes(letters.renamed(text, {name: "xx", other: "xx"}), short):
            found[i].add(j)
            found[j].add(i)
    return found


def moved(choice: Choice, others: list[set[int]], chance: random.Random) -> Choice:
    """`choice` with a method or a namespace in another place, or with another letter somewhere."""
    if chance.random() < 0.3:
        return Choice(tuple(order.moved([*choice.names], chance)), choice.letters)
    chosen, letter = [*choice.letters], chance.choice(LETTERS[:26] * 9 + LETTERS[26:])
    first = chance.randrange(len(chosen))
    was = chosen[first]
    # Those that may not share the letter change with the first, and so on from one to the next.
    changing = [first]
    while changing:
        i = changing.pop()
        chosen[i] = letter if chosen[i] == was else was
        changing += [j for j in others[i] if chosen[j] == chosen[i] and j not in changing]
    return Choice(choice.names, tuple(chosen))


def anneal(
    start: State,
    move: Callable[[State, random.Random], State],
    size: Callable[[State], float],
    rounds: int,
) -> State:
    """The smallest of what `rounds` changes of `start` have led to."""
    chance = random.Random(1)
    here = best = start
    now = least = size(start)
    for done in range(rounds):
        there = move(here, chance)
        found = size(there)
        heat = HOT * (COLD / HOT) ** (done / rounds)
        if found <= now or chance.random() < math.exp((now - found) / heat):
            here, now = there, found
            if now < least:
                best, least = here, now
    return best


def main(rounds: int) -> None:
    """Write the order and the letters that make the production bundle of the snapshot smallest."""
    bundle = Bundle(parse.read_snapshot())
    best = anneal(
        bundle.known(),
        lambda choice, chance: moved(choice, bundle.apart, chance),
        bundle.size,
        rounds,
    )
    order.FILE.write_text("\n".join(best.names) + "\n", "utf-8")
    letters.write(dict(zip(bundle.variables, best.letters, strict=True)))
    print(f"{bundle.size(best)} bytes", file=sys.stderr)


if __name__ == "__main__":
    with standard_streams():
        main(int(sys.argv[1]) if sys.argv[1:] else ROUNDS)
