"""The search for a small bundle: what it changes stays the same bundle, and it finds what is small."""

from __future__ import annotations

import random

from compiler import search

NAMES: tuple[str, ...] = (
    "flickr.a.one",
    "flickr.a.two",
    "flickr.b.one",
    "flickr.b.c.one",
    "flickr.b.c.two",
)


def _move(names: tuple[str, ...], chance: random.Random) -> tuple[str, ...]:
    return search.moved(search.Choice(names, ("a",)), [set()], chance).names


def test_annealing_finds_a_smaller_order_of_the_same_names() -> None:
    wanted = NAMES[::-1]
    found = search.anneal(NAMES, _move, lambda names: -sum(map(str.__eq__, names, wanted)), 3_000)
    assert found == wanted


def test_variables_that_must_stay_apart_never_get_one_letter() -> None:
    apart = [{1, 2}, {0, 3}, {0}, {1}]
    choice = search.Choice(NAMES, ("a", "b", "b", "a"))
    chance = random.Random(1)
    seen: set[str] = set()
    for _ in range(500):
        choice = search.moved(choice, apart, chance)
        seen.update(choice.letters)
        for i, others in enumerate(apart):
            assert choice.letters[i] not in {choice.letters[j] for j in others}
    assert len(seen) > 20


def test_two_variables_are_apart_where_one_letter_would_change_the_script() -> None:
    text = "{\nlet a = 1;\nlet f = (x) => x + a;\nlet g = (y) => y;\n}"
    names = search.variables(text)
    assert names == ["a", "f", "f.x", "g", "g.y"]
    assert search.apart(text, names) == [{1, 2, 3}, {0, 3}, {0}, {0, 1}, set()]
