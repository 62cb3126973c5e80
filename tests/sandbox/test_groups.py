"""`flickr.groups.*`: what a group is, and who is in it."""

from __future__ import annotations

import pytest

from flickr_sandbox.call import Caller
from tests.sandbox.groups import (
    CATS,
    INVITED,
    LANDSCAPES,
    ME,
    PRIVATE,
    THROTTLED,
    members_of,
    outside,
    pool,
)
from tests.sandbox.json_recordings import differences
from tests.sandbox.library import Library, refused


def test_search_is_as_recorded(library: Library) -> None:
    answer = library.public("groups.search", text="A")
    assert differences("groups.search", answer) == []
    assert answer["groups"]["total"] > 3


def test_search_finds_by_name_and_description(library: Library) -> None:
    def found(text: str) -> list[str]:
        answer = library.public("groups.search", text=text)
        return [group["nsid"] for group in answer["groups"]["group"]]

    assert found("CATS") == [CATS]
    assert found("paws") == [CATS]
    assert found("nothing at all") == []


def test_search_shows_private_groups_to_members_alone(library: Library) -> None:
    assert library.public("groups.search", text="Sandbox Family")["groups"]["total"] == 0
    assert library.signed("groups.search", text="Sandbox Family")["groups"]["total"] == 1


def test_search_without_a_text_is_refused(library: Library) -> None:
    assert refused(library.public("groups.search")) == (1, "No text passed")


def test_information_of_a_group(library: Library) -> None:
    about = library.public("groups.getInfo", group_id=CATS)["group"]
    (found,) = library.public("groups.search", text="cats & co")["groups"]["group"]
    assert about["name"] == {"_content": found["name"]}
    for name in ("members", "pool_count", "topic_count", "privacy"):
        assert about[name] == {"_content": found[name]}
    assert about["rules"]["_content"]
    assert about["throttle"] == {"mode": "none"}
    assert about["restrictions"]["videos_ok"] == 1


def test_group_is_found_by_its_alias(library: Library) -> None:
    by_id = library.public("groups.getInfo", group_id=CATS)
    assert library.public("groups.getInfo", group_id="cats") == by_id
    assert library.public("groups.getInfo", group_path_alias="cats") == by_id
    assert refused(library.public("groups.getInfo")) == (1, "Group not found")


def test_private_group_shows_to_members_alone(library: Library) -> None:
    assert refused(library.public("groups.getInfo", group_id=PRIVATE)) == (2, "Group is private")
    assert library.signed("groups.getInfo", group_id=PRIVATE)["stat"] == "ok"
    answer = library.public("groups.pools.getPhotos", group_id=PRIVATE)
    assert refused(answer)[0] == 2
    assert pool(library, PRIVATE)


def test_unknown_group_is_refused_as_recorded(library: Library) -> None:
    answer = library.public("groups.pools.getPhotos", group_id="doesnotexist")
    assert refused(answer) == (1, "Group not found")


def test_leaving_needs_the_level_delete_as_recorded(library: Library) -> None:
    caller = Caller(library.account.api_key, ME, perms=2, signed=True)
    answer = library.ask(caller, "groups.leave", {"group_id": CATS})
    assert refused(answer) == (
        99,
        "Insufficient permissions. Method requires delete privileges; write granted.",
    )


def test_members_by_type_and_page(library: Library) -> None:
    members = members_of(library, LANDSCAPES)
    assert members[ME] == "4"
    assert set(members_of(library, LANDSCAPES, membertypes="3,4").values()) == {"3", "4"}
    assert set(members_of(library, LANDSCAPES, membertypes="2").values()) == {"2"}
    pages = [
        nsid
        for page in range(1, len(members) + 1)
        for nsid in members_of(library, LANDSCAPES, page=page, per_page=1)
    ]
    assert pages == list(members)


def test_joined_group_has_the_caller_as_a_member(own_library: Library) -> None:
    answer = own_library.signed("groups.join", group_id=CATS)
    assert refused(answer)[0] == 6
    assert ME not in members_of(own_library, CATS)
    assert own_library.signed("groups.join", group_id=CATS, accept_rules=1) == {"stat": "ok"}
    assert members_of(own_library, CATS)[ME] == "2"
    # As recorded.
    answer = own_library.signed("groups.join", group_id=CATS, accept_rules=1)
    assert refused(answer) == (4, "Account is already in that group")


@pytest.mark.parametrize(("group", "code"), [("", 1), ("none", 2), (INVITED, 5), (PRIVATE, 4)])
def test_joining_is_refused_by_code(library: Library, group: str, code: int) -> None:
    assert refused(library.signed("groups.join", group_id=group, accept_rules=1))[0] == code


def test_private_group_takes_nobody_in(own_library: Library) -> None:
    own_library.signed("groups.leave", group_id=PRIVATE)
    assert refused(own_library.signed("groups.join", group_id=PRIVATE))[0] == 3
    answer = own_library.signed("groups.joinRequest", group_id=PRIVATE, message="Please")
    assert refused(answer)[0] == 3


def test_request_to_join(own_library: Library) -> None:
    ask = {"group_id": INVITED, "message": "Bitte"}
    assert refused(own_library.signed("groups.joinRequest", **ask))[0] == 6
    ask["accept_rules"] = "1"
    assert own_library.signed("groups.joinRequest", **ask) == {"stat": "ok"}
    assert refused(own_library.signed("groups.joinRequest", **ask))[0] == 7
    assert refused(own_library.signed("groups.joinRequest", **ask | {"group_id": CATS}))[0] == 5
    answer = own_library.signed("groups.joinRequest", **ask | {"group_id": LANDSCAPES})
    assert refused(answer)[0] == 4
    assert refused(own_library.signed("groups.joinRequest", group_id=INVITED))[0] == 1


def test_left_group_keeps_photos_unless_told(own_library: Library) -> None:
    added = outside(own_library, THROTTLED)[0]
    own_library.signed("groups.pools.add", group_id=THROTTLED, photo_id=added)
    own_library.signed("groups.leave", group_id=THROTTLED)
    assert ME not in members_of(own_library, THROTTLED)
    assert added in pool(own_library, THROTTLED)
    assert refused(own_library.signed("groups.leave", group_id=THROTTLED))[0] == 3
    own_library.signed("groups.join", group_id=THROTTLED)
    own_library.signed("groups.leave", group_id=THROTTLED, delete_photos=1)
    assert pool(own_library, THROTTLED, user_id=ME) == []
