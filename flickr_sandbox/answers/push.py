"""`flickr.push.*`: subscriptions. The sandbox stores them, and sends no notifications."""

from __future__ import annotations

from urllib.parse import urlsplit

from flickr_sandbox import gazetteer
from flickr_sandbox.answers import find
from flickr_sandbox.call import Answer, Call
from flickr_sandbox.registry import answers

TOPICS = ("contacts_photos", "contacts_faves", "geo", "commons", "tags")
VERIFY = ("sync", "async")
LONGEST_CALLBACK = 255
LONGEST_TOKEN = 200
SHORTEST_LEASE, LONGEST_LEASE = 60, 86400


@answers("push.getTopics", stateful=False)
def get_topics(call: Call) -> Answer:
    """Return the topics of subscriptions."""
    return {"topics": {"topic": [{"name": name} for name in TOPICS]}}


@answers("push.getSubscriptions")
def get_subscriptions(call: Call) -> Answer:
    """Return the caller's subscriptions. Those without a lease are renewed every day."""
    _check_pro(call)
    rows = call.store.all(
        "SELECT * FROM subscriptions WHERE person = :me ORDER BY created, topic, callback",
        me=call.me,
    )
    items = [
        {
            "topic": row["topic"],
            "callback": row["callback"],
            "pending": "0",
            "date_create": str(row["created"]),
            "lease_seconds": str(row["lease_seconds"]),
            "expiry": str(row["created"] + (row["lease_seconds"] or LONGEST_LEASE)),
            "verify_attempts": "0",
        }
        for row in rows
    ]
    return {"subscriptions": {"subscription": items}}


@answers("push.subscribe")
def subscribe(call: Call) -> Answer:
    """Subscribe, without verification: the sandbox does not call the callback."""
    _check_pro(call)
    topic, callback = _parse_subscription(call)
    lease = _parse_lease(call)
    _check_topic(call, topic)
    subscribed = call.store.value(
        "SELECT topic FROM subscriptions WHERE person = :me AND callback = :callback",
        me=call.me,
        callback=callback,
    )
    if subscribed not in (None, topic):
        raise call.fail(3)
    call.store.run(
        "INSERT OR REPLACE INTO subscriptions VALUES (:me, :topic, :callback, :lease, :created)",
        me=call.me,
        topic=topic,
        callback=callback,
        lease=lease,
        created=call.store.current_time(),
    )
    return {}


@answers("push.unsubscribe")
def unsubscribe(call: Call) -> Answer:
    """End a subscription."""
    topic, callback = _parse_subscription(call)
    deleted = call.store.run(
        "DELETE FROM subscriptions WHERE person = :me AND topic = :topic AND callback = :callback",
        me=call.me,
        topic=topic,
        callback=callback,
    )
    if not deleted:
        raise call.fail(7)
    return {}


def _check_pro(call: Call) -> None:
    if not find.caller(call)["ispro"]:
        raise call.fail(5)


def _parse_subscription(call: Call) -> tuple[str, str]:
    """Return topic and callback of a call, after all arguments are checked."""
    topic, callback = call.text("topic"), call.text("callback")
    if topic not in TOPICS or call.text("verify") not in VERIFY or not _is_callback(callback):
        raise call.fail(2)
    if len(call.text("verify_token").encode()) > LONGEST_TOKEN:
        raise call.fail(2)
    return topic, callback


def _is_callback(callback: str) -> bool:
    if len(callback.encode()) > LONGEST_CALLBACK:
        return False
    try:
        parts = urlsplit(callback)
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and bool(parts.netloc)


def _parse_lease(call: Call) -> int:
    if not call.text("lease_seconds"):
        return 0
    lease = call.number("lease_seconds", -1, least=-1)
    if not SHORTEST_LEASE <= lease <= LONGEST_LEASE:
        raise call.fail(2)
    return lease


def _check_topic(call: Call, topic: str) -> None:
    """Raise `Failure` if an argument that the topic needs is missing or unknown."""
    if topic == "tags" and not call.items("tags"):
        raise call.fail(1)
    if topic == "commons" and not all(_is_person(call, nsid) for nsid in call.items("nsids")):
        raise call.fail(2)
    if topic == "geo":
        _check_area(call)


def _is_person(call: Call, nsid: str) -> bool:
    return bool(call.store.one("SELECT 1 FROM people WHERE nsid = :nsid", nsid=nsid))


def _check_area(call: Call) -> None:
    """Check WOE ids, or else place ids, or else a circle around a point."""
    woe_ids, place_ids = call.items("woe_ids"), call.items("place_ids")
    if woe_ids or place_ids:
        places = (
            [gazetteer.place_by_id(woe_id=given) for given in woe_ids]
            if woe_ids
            else [gazetteer.place_by_id(place_id=given) for given in place_ids]
        )
        if not all(places):
            raise call.fail(2)
    elif not call.text("lat") or not call.text("lon"):
        raise call.fail(1)
    elif None in (degrees_or_none(call, "lat", 90), degrees_or_none(call, "lon", 180)):
        raise call.fail(2)
    if call.text("radius_units", "km") not in ("km", "mi"):
        raise call.fail(2)
    if call.text("accuracy") and not 1 <= call.number("accuracy", 0) <= 16:
        raise call.fail(2)


def degrees_or_none(call: Call, name: str, most: float) -> float | None:
    """Return an argument as degrees from minus `most` to `most`, or None if it is invalid."""
    try:
        degrees = float(call.text(name))
    except ValueError:
        return None
    return degrees if -most <= degrees <= most else None
