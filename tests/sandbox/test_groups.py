"""`flickr.groups.*`: search, information, members, joining and leaving."""

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
    photos_outside_pool,
    pool_photos,
)
from tests.sandbox.json_recordings import differences
from tests.sandbox.library import Library, failure_of


def test_search_is_as_recorded(library: Library) -> None:
    answer = library.call_public("groups.search", text="A")
    assert differences("groups.search", answer) == []
    assert answer["groups"]["total"] > 3


def test_search_finds_by_name_and_description(library: Library) -> None:
    def search(text: str) -> list[str]:
        answer = library.call_public("groups.search", text=text)
        return [group["nsid"] for group in answer["groups"]["group"]]

    assert search("CATS") == [CATS]
    assert search("paws") == [CATS]
    assert search("nothing at all") == []


def test_search_shows_private_groups_only_to_members(library: Library) -> None:
    assert library.call_public("groups.search", text="Sandbox Family")["groups"]["total"] == 0
    assert library.call_signed("groups.search", text="Sandbox Family")["groups"]["total"] == 1


def test_search_without_a_text_is_refused(library: Library) -> None:
    assert failure_of(library.call_public("groups.search")) == (1, "No text passed")


def test_information_of_a_group(library: Library) -> None:
    about = library.call_public("groups.getInfo", group_id=CATS)["group"]
    (found,) = library.call_public("groups.search", text="cats & co")["groups"]["group"]
    assert about["name"] == {"_content": found["name"]}
    for name in ("members", "pool_count", "topic_count", "privacy"):
        assert about[name] == {"_content": found[name]}
    assert about["rules"]["_content"]
    assert about["throttle"] == {"mode": "none"}
    assert about["restrictions"]["videos_ok"] == 1


def test_group_is_found_by_its_alias(library: Library) -> None:
    by_id = library.call_public("groups.getInfo", group_id=CATS)
    assert library.call_public("groups.getInfo", group_id="cats") == by_id
    assert library.call_public("groups.getInfo", group_path_alias="cats") == by_id
    assert failure_of(library.call_public("groups.getInfo")) == (1, "Group not found")


def test_private_group_shows_only_to_members(library: Library) -> None:
    assert failure_of(library.call_public("groups.getInfo", group_id=PRIVATE)) == (
        2,
        "Group is private",
    )
    assert library.call_signed("groups.getInfo", group_id=PRIVATE)["stat"] == "ok"
    answer = library.call_public("groups.pools.getPhotos", group_id=PRIVATE)
    assert failure_of(answer)[0] == 2
    assert pool_photos(library, PRIVATE)


def test_unknown_group_is_refused_as_recorded(library: Library) -> None:
    answer = library.call_public("groups.pools.getPhotos", group_id="doesnotexist")
    assert failure_of(answer) == (1, "Group not found")


def test_leaving_needs_the_level_delete_as_recorded(library: Library) -> None:
    caller = Caller(library.account.api_key, ME, perms=2, signed=True)
    answer = library.call_with(caller, "groups.leave", {"group_id": CATS})
    assert failure_of(answer) == (
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
    answer = own_library.call_signed("groups.join", group_id=CATS)
    assert failure_of(answer)[0] == 6
    assert ME not in members_of(own_library, CATS)
    assert own_library.call_signed("groups.join", group_id=CATS, accept_rules=1) == {"stat": "ok"}
    assert members_of(own_library, CATS)[ME] == "2"
    # As recorded.
    answer = own_library.call_signed("groups.join", group_id=CATS, accept_rules=1)
    assert failure_of(answer) == (4, "Account is already in that group")


@pytest.mark.parametrize(("group", "code"), [("", 1), ("none", 2), (INVITED, 5), (PRIVATE, 4)])
def test_joining_is_refused_by_code(library: Library, group: str, code: int) -> None:
    assert failure_of(library.call_signed("groups.join", group_id=group, accept_rules=1))[0] == code


def test_private_group_refuses_requests_to_join(own_library: Library) -> None:
    own_library.call_signed("groups.leave", group_id=PRIVATE)
    assert failure_of(own_library.call_signed("groups.join", group_id=PRIVATE))[0] == 3
    answer = own_library.call_signed("groups.joinRequest", group_id=PRIVATE, message="Please")
    assert failure_of(answer)[0] == 3


def test_request_to_join(own_library: Library) -> None:
    ask = {"group_id": INVITED, "message": "Bitte"}
    assert failure_of(own_library.call_signed("groups.joinRequest", **ask))[0] == 6
    ask["accept_rules"] = "1"
    assert own_library.call_signed("groups.joinRequest", **ask) == {"stat": "ok"}
    assert failure_of(own_library.call_signed("groups.joinRequest", **ask))[0] == 7
    assert (
        failure_of(own_library.call_signed("groups.joinRequest", **ask | {"group_id": CATS}))[0]
        == 5
    )
    answer = own_library.call_signed("groups.joinRequest", **ask | {"group_id": LANDSCAPES})
    assert failure_of(answer)[0] == 4
    assert failure_of(own_library.call_signed("groups.joinRequest", group_id=INVITED))[0] == 1


def test_left_group_keeps_photos_unless_delete_photos_is_set(own_library: Library) -> None:
    added = photos_outside_pool(own_library, THROTTLED)[0]
    own_library.call_signed("groups.pools.add", group_id=THROTTLED, photo_id=added)
    own_library.call_signed("groups.leave", group_id=THROTTLED)
    assert ME not in members_of(own_library, THROTTLED)
    assert added in pool_photos(own_library, THROTTLED)
    assert failure_of(own_library.call_signed("groups.leave", group_id=THROTTLED))[0] == 3
    own_library.call_signed("groups.join", group_id=THROTTLED)
    own_library.call_signed("groups.leave", group_id=THROTTLED, delete_photos=1)
    assert pool_photos(own_library, THROTTLED, user_id=ME) == []
