"""Test that nothing is removed unless two complete, equal listings and Flickr's own answer agree."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pyflickr_web.errors import (
    FlickrError,
    LoginError,
    MirrorError,
    NetworkError,
    NotFoundError,
    PermissionRefused,
)
from pyflickr_web.mirror.listing import Listing
from pyflickr_web.mirror.pruning import (
    PruneOptions,
    PruneRefused,
    check_counts,
    check_listings,
    check_prune,
    find_missing,
    may_remove,
)

OWNER = PruneOptions(is_owner=True)


def listing(
    ids: str, total: int | None = None, is_stable: bool = True, invalid: int = 0
) -> Listing:
    """Return a listing of photos with one-letter ids."""
    items = dict.fromkeys(ids)
    return Listing(dict(items), len(items) if total is None else total, is_stable, invalid)


_listings = st.builds(
    listing,
    st.text("abc", max_size=3),
    st.none() | st.integers(0, 3),
    st.booleans(),
    st.integers(0, 1),
)


@given(first=_listings, second=_listings, local=st.sets(st.sampled_from("abcd")))
def test_nothing_goes_by_an_incomplete_listing(
    first: Listing, second: Listing, local: set[str]
) -> None:
    try:
        missing = find_missing(first, second, local)
    except MirrorError:
        return
    for one in (first, second):
        assert one.is_stable and not one.invalid and one.total == len(one.items)
    assert first.items.keys() == second.items.keys()
    assert set(missing) == local - first.items.keys()


def test_missing_photos_are_found() -> None:
    assert find_missing(listing("ab"), listing("ba"), ["a", "c", "b"]) == ["c"]


def test_reasons_are_given() -> None:
    with pytest.raises(MirrorError, match="Flickr listed 2 of 3 photos; try again later"):
        find_missing(listing("ab"), listing("ab", 3), ["c"])
    with pytest.raises(MirrorError, match="Flickr listed 0 of an unknown number of albums; try"):
        check_listings("album", Listing(), listing("ab"))
    with pytest.raises(MirrorError, match="other photos the second time; run it again"):
        find_missing(listing("ab"), listing("ac"), ["c"])


def test_only_the_owner_prunes_and_only_the_whole_account() -> None:
    check_prune(OWNER)
    with pytest.raises(MirrorError, match="sign in as that person"):
        check_prune(PruneOptions(is_owner=False))
    with pytest.raises(MirrorError, match="leave out --albums, --since"):
        check_prune(PruneOptions(is_owner=True, limits=("--albums", "--since")))


@pytest.mark.parametrize("kind", ["photo", "album", "collection"])
@pytest.mark.parametrize(
    ("missing", "local", "is_allowed"),
    [
        (1, 1, True),
        (2, 2, False),
        (9, 10, True),
        (10, 10, False),
        (11, 50, False),
        (11, 110, True),
        (12, 110, False),
        (0, 0, True),
    ],
)
def test_many_items_of_a_kind_need_confirmation(
    kind: str, missing: int, local: int, is_allowed: bool
) -> None:
    counts = {"other": (1, 1000), kind: (missing, local)}
    if is_allowed:
        check_counts(OWNER, counts)
    else:
        with pytest.raises(PruneRefused, match=f"{missing} of {local} {kind}.*max-prune"):
            check_counts(OWNER, counts)
    check_counts(PruneOptions(is_owner=True, most=missing or 1), counts)


def test_refusal_names_all_kinds_and_the_limit_that_allows_them() -> None:
    counts = {"photo": (20, 30), "album": (1, 9), "collection": (11, 12)}
    with pytest.raises(PruneRefused) as raised:
        check_counts(OWNER, counts)
    assert str(raised.value) == (
        "nothing was removed: 20 of 30 photos left Flickr, more than 10, and 11 of 12 collections "
        "left Flickr, more than 10; dry_run (--dry-run) lists them; if that is right, "
        "set max_prune (--max-prune) to 20"
    )
    check_counts(PruneOptions(is_owner=True, most=raised.value.needed), counts)


@pytest.mark.parametrize(
    ("error", "is_removed"),
    [
        (NotFoundError("Photo not found", 1), True),
        (NotFoundError("Photo not found", 2), False),
        (NotFoundError("not found", status=404), False),
        (PermissionRefused("Photo is private", 1), False),
        (LoginError("Invalid auth token", 98), False),
        (NetworkError("timed out"), False),
        (FlickrError("Photo not found", 1), False),
        (None, False),
    ],
)
def test_only_not_found_removes(error: FlickrError | None, is_removed: bool) -> None:
    assert may_remove(error) == is_removed


def test_none_may_go_if_the_limit_is_zero() -> None:
    with pytest.raises(MirrorError):
        check_counts(PruneOptions(is_owner=True, most=0), {"photo": (1, 1000)})
