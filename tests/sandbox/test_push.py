"""`flickr.push.*`: subscriptions of each person, and refusals."""

from __future__ import annotations

import pytest

from flickr_sandbox import gazetteer
from flickr_sandbox.store.library.people import nsid
from tests.support.local_api import NOW, LocalApi

TOPIC = {"topic": "contacts_photos", "callback": "https://example.org/callback", "verify": "sync"}
OTHER_PRO = nsid(2)


def test_every_topic_can_be_subscribed_and_unsubscribed(api: LocalApi) -> None:
    more = {"tags": {"tags": "cat"}, "geo": {"woe_ids": str(gazetteer.places()[0].woeid)}}
    topics = [topic["name"] for topic in api.call("push.getTopics")["topics"]["topic"]]
    wanted = [
        {**TOPIC, "topic": name, "callback": f"https://example.org/{name}"} for name in topics
    ]
    for one in wanted:
        assert api.code("push.subscribe", **one, **more.get(one["topic"], {})) == 0
    kept = api.call("push.getSubscriptions")["subscriptions"]["subscription"]
    assert {(s["topic"], s["callback"]) for s in kept} == {
        (one["topic"], one["callback"]) for one in wanted
    }
    assert {s["expiry"] for s in kept} == {str(NOW + 86400)}
    assert api.call("push.getSubscriptions", OTHER_PRO)["subscriptions"]["subscription"] == []
    for one in wanted:
        assert api.code("push.unsubscribe", **one) == 0
    assert api.call("push.getSubscriptions")["subscriptions"]["subscription"] == []


def test_the_same_subscription_again_renews_it(api: LocalApi) -> None:
    api.call("push.subscribe", **TOPIC)
    assert api.code("push.subscribe", **TOPIC, lease_seconds=60) == 0
    (kept,) = api.call("push.getSubscriptions")["subscriptions"]["subscription"]
    assert (kept["lease_seconds"], kept["expiry"]) == ("60", str(NOW + 60))


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"topic": ""}, 1),
        ({"topic": "tags"}, 1),
        ({"topic": "geo"}, 1),
        ({"topic": "geo", "lat": "95", "lon": "0"}, 2),
        ({"topic": "geo", "lat": "5", "lon": "0", "radius_units": "ell"}, 2),
        ({"topic": "geo", "lat": "5", "lon": "0", "accuracy": "17"}, 2),
        ({"topic": "geo", "lat": "5", "lon": "0"}, 0),
        ({"topic": "geo", "place_ids": "unknown.place"}, 2),
        ({"topic": "commons", "nsids": "nobody"}, 2),
        ({"topic": "weather"}, 2),
        ({"callback": "example.org"}, 2),
        ({"callback": "https://[broken"}, 2),
        ({"callback": "https://example.org/" + "x" * 250}, 2),
        ({"verify": "maybe"}, 2),
        ({"verify_token": "x" * 201}, 2),
        ({"lease_seconds": "59"}, 2),
        ({"lease_seconds": "86401"}, 2),
        ({"topic": "contacts_faves", "callback": "https://example.org/taken"}, 3),
    ],
)
def test_refusals(api: LocalApi, changed: dict[str, str], code: int) -> None:
    api.call("push.subscribe", **{**TOPIC, "callback": "https://example.org/taken"})
    assert api.code("push.subscribe", **{**TOPIC, **changed}) == code


def test_only_pro_accounts_may_subscribe(api: LocalApi) -> None:
    assert api.code("push.subscribe", nsid(1), **TOPIC) == 5
    assert api.code("push.getSubscriptions", nsid(1)) == 5


def test_unsubscribing_without_a_subscription_is_refused(api: LocalApi) -> None:
    assert api.code("push.unsubscribe", **TOPIC) == 7
