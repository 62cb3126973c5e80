"""`flickr.tags.*` that find related tags, clusters and hot tags."""

from __future__ import annotations

from collections import Counter

from flickr_sandbox.answers.extras import TABLES
from flickr_sandbox.answers.listing import Page, Query
from flickr_sandbox.call import Answer, Call
from flickr_sandbox.registry import answers
from flickr_sandbox.store import Row
from flickr_sandbox.store.library.photos import normalise

# The number of newest photos that hot tags are taken from, by period.
PERIODS = {"day": 500, "week": 3000}
HOT, MOST_HOT = 20, 200
SAMPLE = 2000
MOST_RELATED = 50
MOST_IN_CLUSTER = 24
_SHOWN = "p.ispublic AND p.safety_level = 0"


def clusters(photos: list[list[str]]) -> list[list[str]]:
    """Group tags into clusters: tags of the same photo are in one cluster, directly or indirectly.

    Clusters are sorted by size, largest first, and the tags in each by use, most used first.
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


@answers("tags.getRelated")
def get_related(call: Call) -> Answer:
    """Return the tags that occur most often with a tag."""
    tag = normalise(call.text("tag"))
    beside = _find_tags_beside(call, tag)
    if beside is None:
        raise call.unknown("tag")
    counts = Counter(other for tags in beside for other in tags)
    ordered = sorted(counts, key=lambda other: (-counts[other], other))[:MOST_RELATED]
    return {"tags": {"source": tag, "tag": [{"_content": other} for other in ordered]}}


@answers("tags.getClusters")
def get_clusters(call: Call) -> Answer:
    """Return the tags that occur with a tag, in clusters."""
    tag = normalise(call.text("tag"))
    found = clusters(_find_tags_beside(call, tag) or [])
    if not found:
        raise call.unknown("tag")
    return {
        "clusters": {
            "source": tag,
            "total": len(found),
            "cluster": [
                {"total": len(each), "tag": [{"_content": other} for other in each]}
                for each in found
            ],
        }
    }


@answers("tags.getClusterPhotos")
def get_cluster_photos(call: Call) -> Answer:
    """Return the newest photos with a tag and one of a cluster's first tags."""
    query = Query(call, tables=f"photo_tags t JOIN {TABLES}")
    query.where(f"t.photo = p.id AND t.tag = :tag AND {_SHOWN}", tag=normalise(call.text("tag")))
    names = {f"tag{n}": tag for n, tag in enumerate(call.text("cluster_id").split("-")[:3])}
    marks = ", ".join(f":{name}" for name in names)
    query.where(
        f"EXISTS (SELECT 1 FROM photo_tags x WHERE x.photo = p.id AND x.tag IN ({marks}))", **names
    )
    photos = [_thumbnail(row, row["username"]) for row in query.rows(Page(1, MOST_IN_CLUSTER))]
    return {"photos": {"photo": photos}}


@answers("tags.getHotList")
def get_hot_list(call: Call) -> Answer:
    """Return the most used tags of the newest photos, for a day or a week."""
    period = call.text("period", "day")
    if period not in PERIODS:
        raise call.unknown("period")
    count = call.number("count", HOT, 1, MOST_HOT)
    rows = call.store.all(
        "SELECT t.tag, count(*) AS uses FROM photo_tags t WHERE NOT t.machine_tag AND t.photo IN"
        f" (SELECT p.id FROM photos p WHERE {_SHOWN} ORDER BY p.posted DESC LIMIT :newest)"
        " GROUP BY t.tag ORDER BY uses DESC, t.tag LIMIT :count",
        newest=PERIODS[period],
        count=count,
    )
    hot = [
        {"_content": row["tag"], "thm_data": {"photos": {"photo": _newest(call, row["tag"])}}}
        for row in rows
    ]
    return {"period": period, "count": len(hot), "hottags": {"tag": hot}}


def _newest(call: Call, tag: str) -> list[Answer]:
    """Return the newest photo with a tag, without its owner's name."""
    query = Query(call, tables=f"photo_tags t JOIN {TABLES}")
    query.where(f"t.photo = p.id AND t.tag = :tag AND {_SHOWN}", tag=tag)
    return [_thumbnail(row, None) for row in query.rows(Page(1, 1))]


def _thumbnail(row: Row, username: str | None) -> Answer:
    return {
        "id": str(row["id"]),
        "secret": row["secret"],
        "server": row["server"],
        "farm": row["farm"],
        "owner": row["owner"],
        "username": username,
        "title": row["title"],
        "ispublic": row["ispublic"],
        "isfriend": row["isfriend"],
        "isfamily": row["isfamily"],
    }


def _find_tags_beside(call: Call, tag: str) -> list[list[str]] | None:
    """Return the other tags of the newest photos with a tag, by photo, or None if no photo has it."""
    rows = call.store.all(
        "SELECT s.photo, x.tag FROM (SELECT t.photo FROM photo_tags t JOIN photos p"
        f" ON p.id = t.photo WHERE t.tag = :tag AND {_SHOWN} ORDER BY t.photo DESC LIMIT :sample) s"
        " JOIN photo_tags x ON x.photo = s.photo WHERE NOT x.machine_tag",
        tag=tag,
        sample=SAMPLE,
    )
    if not rows:
        return None
    by_photo: dict[int, list[str]] = {}
    for row in rows:
        others = by_photo.setdefault(row["photo"], [])
        if row["tag"] != tag:
            others.append(row["tag"])
    return list(by_photo.values())
