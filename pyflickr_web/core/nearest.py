"""The nearest name to one that is not known."""

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable


def suggest(name: str, names: "Iterable[str]") -> str:
    """`; did you mean …?` with the name that is nearest to `name`, or "" where none is near."""
    ranked = sorted([(_distance(name.lower(), other.lower()), other) for other in names])
    near = ranked and ranked[0][0] <= max(2, len(name) // 2)
    return "; did you mean " + ranked[0][1] + "?" if near else ""


def _distance(left: str, right: str) -> int:
    """How many letters must be put in, left out or changed to make one text of the other."""
    row = list(range(len(right) + 1))
    for i, letter in enumerate(left):
        following = [i + 1]
        for j, other in enumerate(right):
            swap = row[j] + (letter != other)
            following.append(min(swap, row[j + 1] + 1, following[j] + 1))
        row = following
    return row[-1]
