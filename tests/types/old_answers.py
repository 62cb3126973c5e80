"""Differences of older recorded answers from today's, which have no place in the types."""

from __future__ import annotations

import re

# By method: a pattern of differences, as `find_mismatches` writes them.
OLD = [
    # Sizes were texts, or texts and numbers, until 2017.
    (r".*", r".*\.(height|width)(_\w+)?: a text.*"),
    # Fields that answers have since 2020 or before.
    (r"flickr\.people\.getInfo", r"person\.(has_\w+|is_deleted): missing"),
    (r"flickr\.photos\.addTags", r"tags: missing"),
    (
        r"flickr\.photos\.comments\.getList",
        r".*\.(author_is_deleted|path_alias|realname): missing",
    ),
    (r".*\.getContext", r"(next|prev)photo\.(owner|is_faved): missing"),
    (r"flickr\.photos\.getFavorites", r"photo\.person\[\]\.\w+: missing"),
    (
        r"flickr\.photos\.getInfo",
        r"photo\.(dates\.takenunknown|owner\.path_alias|tags\.tag\[\]\.authorname): missing",
    ),
    (r"flickr\.photos\.getPerms", r"perms\.permprint: missing"),
    (
        r"flickr\.photosets\.getInfo",
        r"photoset\.(needs_interstitial|username|visibility_can_see_set): missing",
    ),
    (r"flickr\.photosets\.getList", r".*\.(count_\w+|owner|username): missing"),
    (r"flickr\.photosets\.getPhotos", r"photoset\.(title|photo\[\]\.is\w+): missing"),
    # Fields that today's answers lack.
    (r"flickr\.people\.getInfo", r"person\.can_buy_pro: unknown"),
    (r"flickr\.photosets\.getInfo", r"photoset\.coverphoto_(farm|server): unknown"),
    # Numbers that became texts, and texts that became numbers.
    (r"flickr\.photos\.getContext", r"count\._content: a number.*"),
    (r"flickr\.photos\.getInfo", r"photo\.visibility\.is\w+: a text.*"),
    (r"flickr\.photos\.licenses\.getInfo", r"licenses\.license\[\]\.id: a text.*"),
]


def find_old(method: str, mismatch: str) -> int | None:
    """Return the index of the entry of `OLD` that explains a difference, or None."""
    for number, (methods, pattern) in enumerate(OLD):
        if re.fullmatch(methods, method) and re.fullmatch(pattern, mismatch):
            return number
    return None
