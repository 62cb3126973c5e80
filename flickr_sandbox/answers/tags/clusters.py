"""Clusters of tags: those that stand together on photos."""

from __future__ import annotations

from collections import Counter


def clusters(photos: list[list[str]]) -> list[list[str]]:
    """The tags of photos in clusters: two are in one where any photo has both, or others between.

    The largest cluster is first, in each the most used tags.
    """
    counts = Counter(tag for tags in photos for tag in tags)
    of: dict[str, set[str]] = {tag: {tag} for tag in counts}
    for tags in photos:
        joined = set().union(*(of[tag] for tag in tags))
        for tag in joined:
            of[tag] = joined
    distinct = {id(cluster): cluster for cluster in of.values()}.values()
    ordered = [sorted(cluster, key=lambda tag: (-counts[tag], tag)) for cluster in distinct]
    return sorted(ordered, key=lambda cluster: (-len(cluster), cluster))
