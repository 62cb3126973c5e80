"""`flickr.contacts.*`"""

from __future__ import annotations

from typing import Any

import pytest

from flickr_sandbox.store.library.people import nsid
from tests.sandbox.json_recordings import differences
from tests.sandbox.library import NOON, Library, failure_of

ME = nsid(0)


def contacts(library: Library, method: str = "getList", **arguments: Any) -> list[str]:
    """Return the NSIDs of the account's contacts."""
    answer = library.call_signed(f"contacts.{method}", **arguments)
    return [each["nsid"] for each in answer["contacts"].get("contact", [])]


def test_list_is_as_recorded(library: Library) -> None:
    answer = library.call_signed("contacts.getList")
    assert answer["contacts"]["total"] == 9
    # All recorded people have an alias.
    answer["contacts"]["contact"] = [c for c in answer["contacts"]["contact"] if c["path_alias"]]
    assert differences("contacts.getList", answer) == []


@pytest.mark.parametrize(
    ("chosen", "friend", "family"),
    [("friends", 1, 0), ("family", 0, 1), ("both", 1, 1), ("neither", 0, 0)],
)
def test_filter_by_friends_and_family(
    own_library: Library, chosen: str, friend: int, family: int
) -> None:
    own_library.store.run(
        "UPDATE contacts SET friend = 1, family = 1 WHERE contact = :both", both=nsid(9)
    )
    answer = own_library.call_signed("contacts.getList", filter=chosen)["contacts"]
    assert answer["contact"]
    assert {(c["friend"], c["family"]) for c in answer["contact"]} == {(friend, family)}
    assert answer["total"] == len(answer["contact"]) < 9


def test_order_by_name_and_by_time(library: Library) -> None:
    answer = library.call_signed("contacts.getList", sort="name")["contacts"]["contact"]
    names = [each["username"] for each in answer]
    assert names == sorted(names)
    assert contacts(library, sort="time") == [nsid(number) for number in range(9, 0, -1)]
    assert failure_of(library.call_signed("contacts.getList", sort="age")) == (
        1,
        "Invalid sort parameter",
    )


def test_pages(library: Library) -> None:
    whole = contacts(library)
    assert contacts(library, page=3, per_page=4) == whole[8:]
    answer = library.call_signed("contacts.getList", page=3, per_page=4)["contacts"]
    assert (answer["pages"], answer["perpage"], answer["per_page"]) == (3, 4, 4)


def test_ignored_contacts_and_people_who_ignore_the_caller(own_library: Library) -> None:
    own_library.store.run("UPDATE contacts SET ignored = 1 WHERE owner = :me", me=nsid(3))
    own_library.store.run("UPDATE contacts SET ignored = 1 WHERE contact = :me", me=nsid(5))
    listed = {
        each["nsid"]: (each["ignored"], each["rev_ignored"])
        for each in own_library.call_signed("contacts.getList")["contacts"]["contact"]
    }
    assert (listed[nsid(3)], listed[nsid(5)], listed[nsid(1)]) == ((0, 1), (1, 0), (0, 0))
    public = own_library.call_public("contacts.getPublicList", user_id=ME)["contacts"]["contact"]
    assert nsid(5) not in [each["nsid"] for each in public]
    assert nsid(5) not in contacts(own_library, "getTaggingSuggestions")


def test_public_list_hides_friends_and_family(library: Library) -> None:
    public = library.call_public("contacts.getPublicList", user_id=ME)["contacts"]
    assert [each["nsid"] for each in public["contact"]] == contacts(library)
    assert not {"friend", "family", "realname"} & set(public["contact"][0])
    assert failure_of(library.call_public("contacts.getPublicList", user_id="-1")) == (
        1,
        "User not found",
    )


def test_recently_uploaded(own_library: Library) -> None:
    assert contacts(own_library, "getListRecentlyUploaded") == []
    for person, age in ((1, 1800), (2, 7200), (3, 90000)):
        own_library.store.run(
            "UPDATE photos SET posted = :posted, ispublic = 1 WHERE id ="
            " (SELECT min(id) FROM photos WHERE owner = :owner)",
            posted=NOON - age,
            owner=nsid(person),
        )
    assert contacts(own_library, "getListRecentlyUploaded") == [nsid(1)]
    # A day at most.
    since = {"date_lastupload": NOON - 100_000}
    assert set(contacts(own_library, "getListRecentlyUploaded", **since)) == {nsid(1), nsid(2)}
    answer = own_library.call_signed("contacts.getListRecentlyUploaded")["contacts"]["contact"][0]
    assert answer["photos_uploaded"] == "1"


def test_suggestions_start_with_friends_and_family(library: Library) -> None:
    answer = library.call_signed("contacts.getTaggingSuggestions")["contacts"]["contact"]
    near = [each["friend"] + each["family"] for each in answer]
    assert near == sorted(near, reverse=True)
