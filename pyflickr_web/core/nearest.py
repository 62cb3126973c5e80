"""Suggestions for unknown names.

The production bundle leaves out this module and the statements that call it.
"""

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

# More edits than any two names that are near.
_FAR = 1000


def suggest(name: str, names: "Iterable[str]") -> str:
    """Return `; did you mean …?` with the name nearest to `name`; "" if none is near.

    Of names with dots, each part must be near.
    """
    ranked = sorted([(_rank_name(name, other), other) for other in names])
    near = ranked and ranked[0][0] < _FAR
    return "; did you mean " + ranked[0][1] + "?" if near else ""


def _rank_name(name: str, other: str) -> float:
    left, right = name.split("."), other.split(".")
    if len(left) != len(right):
        return _FAR
    return sum([_rank_word(word, right[place]) for place, word in enumerate(left)])


def _rank_word(word: str, other: str) -> float:
    """Return the number of edits between two words; at least `_FAR` if they are not near."""
    left, right = [text.lower().replace("_", "") for text in (word, other)]
    most = max(1, len(left) / 3)
    edits = _distance(left, right)
    if edits <= most:
        return edits
    # The beginning of a name is near, but a name with few edits is nearer.
    return most + 1 if len(left) > 3 and right.startswith(left) else _FAR


def _distance(left: str, right: str) -> int:
    """Return the edit distance; two swapped letters count as one edit (optimal string alignment)."""
    before: list[int] = []
    row = list(range(len(right) + 1))
    for i, letter in enumerate(left):
        following = [i + 1]
        for j, other in enumerate(right):
            replaced = row[j] + (letter != other)
            edits = min(replaced, row[j + 1] + 1, following[j] + 1)
            if i and j and letter == right[j - 1] and left[i - 1] == other:
                edits = min(edits, before[j - 1] + 1)
            following.append(edits)
        before, row = row, following
    return row[-1]
