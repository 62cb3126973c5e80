"""`flickr.machinetags.*`: the machine tags of the photos that the caller may see."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from flickr_sandbox.answers.find import VISIBLE
from flickr_sandbox.answers.listing import page
from flickr_sandbox.call import Answer, Call
from flickr_sandbox.registry import answers

_PART = re.compile(r"[a-z]\w*", re.I)
MOST_RECENT = 500
_TAGS_IN_USE = f"""
SELECT t.tag, count(*) AS usage, min(p.posted) AS first, max(p.posted) AS last
FROM photo_tags t JOIN photos p ON p.id = t.photo
WHERE t.machine_tag AND {VISIBLE} GROUP BY t.tag ORDER BY t.tag
"""


@dataclass(frozen=True, slots=True)
class MachineTag:
    """A machine tag: the number of its photos, and the times when the first and last were posted."""

    namespace: str
    predicate: str
    value: str
    usage: int
    first: int
    last: int


@answers("machinetags.getNamespaces")
def get_namespaces(call: Call) -> Answer:
    """Return the namespaces in use, or those of a predicate."""
    groups = _group_tags(_find_tags(call), lambda tag: tag.namespace)
    items = [
        {"usage": _usage(tags), "predicates": len({t.predicate for t in tags}), "_content": name}
        for name, tags in groups.items()
    ]
    return {"namespaces": _paginate(call, "namespace", items)}


@answers("machinetags.getPredicates")
def get_predicates(call: Call) -> Answer:
    """Return the predicates in use, or those of a namespace."""
    groups = _group_tags(_find_tags(call), lambda tag: tag.predicate)
    items = [
        {"usage": _usage(tags), "namespaces": len({t.namespace for t in tags}), "_content": name}
        for name, tags in groups.items()
    ]
    return {"predicates": _echo_arguments(call, "namespace") | _paginate(call, "predicate", items)}


@answers("machinetags.getPairs")
def get_pairs(call: Call) -> Answer:
    """Return the pairs of namespace and predicate in use."""
    groups = _group_tags(_find_tags(call), lambda tag: f"{tag.namespace}:{tag.predicate}")
    items = [
        {
            "namespace": tags[0].namespace,
            "predicate": tags[0].predicate,
            "usage": _usage(tags),
            "_content": pair,
        }
        for pair, tags in groups.items()
    ]
    return {"pairs": _paginate(call, "pair", items)}


@answers("machinetags.getValues")
def get_values(call: Call) -> Answer:
    """Return the values of one namespace and predicate."""
    items: list[Answer] = [{"usage": tag.usage, "_content": tag.value} for tag in _find_tags(call)]
    return {
        "values": _echo_arguments(call, "namespace", "predicate") | _paginate(call, "value", items)
    }


@answers("machinetags.getRecentValues")
def get_recent_values(call: Call) -> Answer:
    """Return the values of the newest photos, or since a time."""
    since = call.number("added_since", 0)
    found = sorted(
        (tag for tag in _find_tags(call) if tag.last >= since), key=lambda tag: -tag.last
    )
    items = [
        {
            "usage": tag.usage,
            "namespace": tag.namespace,
            "predicate": tag.predicate,
            "first_added": str(tag.first),
            "last_added": str(tag.last),
            "_content": tag.value,
        }
        for tag in found[:MOST_RECENT]
    ]
    head = {"page": 1, "pages": 1, "total": len(items), "perpage": MOST_RECENT, "value": items}
    echoed = _echo_arguments(call, "namespace", "predicate", "added_since")
    return {"values": echoed | head}


def _find_tags(call: Call) -> list[MachineTag]:
    """Return the machine tags in use, filtered by the arguments `namespace` and `predicate`."""
    for argument in ("namespace", "predicate"):
        declared = any(argument == each.name for each in call.method.arguments)
        if declared and (given := call.text(argument)) and not _PART.fullmatch(given):
            raise call.unknown(argument)
    wanted = [call.text(argument).lower() for argument in ("namespace", "predicate")]
    rows = call.store.cached_rows(_TAGS_IN_USE, caller=call.caller.nsid)
    tags = [_split(row["tag"], row["usage"], row["first"], row["last"]) for row in rows]
    return [
        tag for tag in tags if wanted[0] in ("", tag.namespace) and wanted[1] in ("", tag.predicate)
    ]


def _split(tag: str, usage: int, first: int, last: int) -> MachineTag:
    head, _, value = tag.partition("=")
    namespace, _, predicate = head.partition(":")
    return MachineTag(namespace, predicate, value, usage, first, last)


def _group_tags(
    tags: Iterable[MachineTag], key: Callable[[MachineTag], str]
) -> dict[str, list[MachineTag]]:
    groups: dict[str, list[MachineTag]] = {}
    for tag in tags:
        groups.setdefault(key(tag), []).append(tag)
    return dict(sorted(groups.items()))


def _usage(tags: Sequence[MachineTag]) -> int:
    return sum(tag.usage for tag in tags)


def _echo_arguments(call: Call, *names: str) -> Answer:
    return {name: call.text(name).lower() for name in names if call.text(name)}


def _paginate(call: Call, name: str, items: list[Answer]) -> Answer:
    wanted = page(call).clamp(len(items))
    return {
        "page": wanted.number,
        "pages": -(-len(items) // wanted.size),
        "total": len(items),
        "perpage": wanted.size,
        name: items[wanted.start : wanted.start + wanted.size],
    }
