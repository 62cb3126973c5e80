"""`flickr.groups.discuss.*`: topics, replies and permissions."""

from __future__ import annotations

from typing import Any

import pytest

from flickr_sandbox.store.library.groups import group_nsid
from flickr_sandbox.store.library.people import nsid
from tests.sandbox.library import NOON, Library, failure_of

ME = nsid(0)
LANDSCAPES, CATS, PRIVATE = map(group_nsid, range(3))
TOPICS = "groups.discuss.topics"
REPLIES = "groups.discuss.replies"


def topics(library: Library, group: str = LANDSCAPES) -> list[dict[str, Any]]:
    """List the topics of a group, as the account sees them."""
    found: list[dict[str, Any]] = library.call_signed(f"{TOPICS}.getList", group_id=group)[
        "topics"
    ]["topic"]
    return found


def replies(library: Library, topic: str, **arguments: Any) -> list[dict[str, Any]]:
    """List the replies to a topic, as the account sees them."""
    answer = library.call_signed(f"{REPLIES}.getList", topic_id=topic, **arguments)
    found: list[dict[str, Any]] = answer["replies"].get("reply", [])
    return found


def member(library: Library, besides: str = "") -> int:
    """Return the number of a plain member of the landscapes group."""
    answer = library.call_signed("groups.members.getList", group_id=LANDSCAPES, membertypes=2)
    found = {each["nsid"] for each in answer["members"]["member"]} - {besides}
    return next(number for number in range(1, 10) if nsid(number) in found)


def new_topic(library: Library) -> str:
    """Add a topic as the account; return its id."""
    library.call_signed(f"{TOPICS}.add", group_id=LANDSCAPES, subject="Füchse", message="🦊 & Co")
    (topic,) = (str(each["id"]) for each in topics(library) if each["subject"] == "Füchse")
    return topic


def test_sticky_topics_come_first_then_those_with_the_newest_posts(library: Library) -> None:
    listed = topics(library)
    assert [each["is_sticky"] for each in listed] == [1, 0, 0]
    assert int(listed[1]["datelastpost"]) > int(listed[2]["datelastpost"])


def test_topic_is_the_same_in_lists_and_alone(library: Library) -> None:
    for each in topics(library):
        alone = library.call_signed(f"{TOPICS}.getInfo", topic_id=each["id"], group_id="landscapes")
        assert alone["topic"] == each


def test_new_topic_is_listed(own_library: Library) -> None:
    topic = new_topic(own_library)
    about = own_library.call_signed(f"{TOPICS}.getInfo", topic_id=topic)["topic"]
    assert (about["author"], about["authorname"], about["role"]) == (ME, "sandbox", "admin")
    assert about["message"] == {"_content": "🦊 & Co"}
    assert about["datecreate"] == about["datelastpost"] == str(NOON)
    assert (about["count_replies"], about["can_reply"]) == ("0", 1)
    group = own_library.call_public("groups.getInfo", group_id=LANDSCAPES)["group"]
    assert group["topic_count"]["_content"] == str(len(topics(own_library)))


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        ({"group_id": "none", "subject": "A", "message": "B"}, 1),
        ({"group_id": CATS, "subject": "A", "message": "B"}, 2),
        ({"group_id": LANDSCAPES, "subject": "A", "message": "B" * 65536}, 3),
        ({"group_id": LANDSCAPES, "subject": "A"}, 4),
        ({"group_id": LANDSCAPES, "subject": " ", "message": "B"}, 4),
    ],
)
def test_topic_is_refused_by_code(library: Library, arguments: dict[str, str], code: int) -> None:
    assert failure_of(library.call_signed(f"{TOPICS}.add", **arguments))[0] == code


def test_replies_are_listed_in_pages_with_their_topic(library: Library) -> None:
    topic = next(each for each in topics(library) if each["count_replies"] == "10")
    whole = replies(library, topic["id"])
    assert len(whole) == 10
    assert replies(library, topic["id"], per_page=4, page=3) == whole[8:]
    head = library.call_public(f"{REPLIES}.getList", topic_id=topic["id"], per_page=4)["replies"][
        "topic"
    ]
    assert (head["total"], head["pages"], head["per_page"]) == (10, 3, 4)
    assert (head["topic_id"], head["subject"]) == (topic["id"], topic["subject"])
    assert head["name"] == "Landscapes of the World"


def test_reply_is_the_same_in_lists_and_alone(library: Library) -> None:
    topic = next(each["id"] for each in topics(library) if each["count_replies"] == "10")
    reply = replies(library, topic)[3]
    alone = library.call_signed(f"{REPLIES}.getInfo", topic_id=topic, reply_id=reply["id"])
    assert alone["reply"] == reply


def test_reply_is_added_edited_and_deleted(own_library: Library) -> None:
    topic, writer = new_topic(own_library), member(own_library)
    own_library.now += 60
    add = {"group_id": LANDSCAPES, "topic_id": topic}
    assert own_library.call_as(writer, f"{REPLIES}.add", **add, message="Ja") == {"stat": "ok"}
    (reply,) = replies(own_library, topic)
    assert (reply["author"], reply["message"]["_content"]) == (nsid(writer), "Ja")
    assert (reply["datecreate"], reply["lastedit"]) == (str(NOON + 60), "0")
    about = own_library.call_signed(f"{TOPICS}.getInfo", topic_id=topic)["topic"]
    assert (about["count_replies"], about["last_reply"]) == ("1", reply["id"])
    assert about["datelastpost"] == str(NOON + 60)

    own_library.now += 60
    edit = {"topic_id": topic, "reply_id": reply["id"]}
    answer = own_library.call_signed(f"{REPLIES}.edit", **edit, message="Nein")
    assert failure_of(answer) == (4, "Cannot edit reply")
    own_library.call_as(writer, f"{REPLIES}.edit", **edit, message="Doch")
    (reply,) = replies(own_library, topic)
    assert (reply["message"]["_content"], reply["lastedit"]) == ("Doch", str(NOON + 120))

    other = member(own_library, besides=nsid(writer))
    answer = own_library.call_as(other, f"{REPLIES}.delete", **edit)
    assert failure_of(answer) == (3, "Cannot delete reply")
    # The account is the group's admin.
    assert own_library.call_signed(f"{REPLIES}.delete", **edit) == {"stat": "ok"}
    assert replies(own_library, topic) == []


def test_can_edit_and_can_delete_depend_on_the_caller(own_library: Library) -> None:
    topic, writer = new_topic(own_library), member(own_library)
    own_library.call_as(writer, f"{REPLIES}.add", topic_id=topic, message="Ja")
    for call, edit, delete in (
        (own_library.call_signed, 0, 1),
        (lambda *a, **k: own_library.call_as(writer, *a, **k), 1, 1),
        (own_library.call_public, 0, 0),
    ):
        reply = call(f"{REPLIES}.getList", topic_id=topic)["replies"]["reply"][0]
        assert (reply["can_edit"], reply["can_delete"]) == (edit, delete)


def test_locked_topics_and_strangers_get_no_replies(own_library: Library) -> None:
    locked = next(each["id"] for each in topics(own_library) if each["is_locked"])
    answer = own_library.call_signed(f"{REPLIES}.add", topic_id=locked, message="Ja")
    assert failure_of(answer) == (2, "Cannot post to group")
    topic = topics(own_library, CATS)[1]["id"]
    answer = own_library.call_signed(f"{REPLIES}.add", topic_id=topic, message="Ja")
    assert failure_of(answer)[0] == 2


def test_unknown_topics_and_replies_are_refused(library: Library) -> None:
    topic = topics(library)[1]["id"]
    not_found = (1, "Topic not found")
    assert failure_of(library.call_public(f"{TOPICS}.getInfo", topic_id="1")) == not_found
    assert (
        failure_of(library.call_public(f"{TOPICS}.getInfo", topic_id=topic, group_id=CATS))
        == not_found
    )
    assert failure_of(library.call_public(f"{REPLIES}.getList", topic_id="9" * 5000)) == not_found
    answer = library.call_public(f"{REPLIES}.getInfo", topic_id=topic, reply_id="1")
    assert failure_of(answer) == (2, "Reply not found")
    answer = library.call_signed(f"{REPLIES}.add", topic_id=topic)
    assert failure_of(answer) == (3, "Missing required arguments")


def test_discussions_of_private_groups_show_only_to_members(library: Library) -> None:
    topic = topics(library, PRIVATE)[0]["id"]
    answer = library.call_public(f"{TOPICS}.getList", group_id=PRIVATE)
    assert failure_of(answer) == (2, "Group discussions unavailable")
    answer = library.call_public(f"{TOPICS}.getInfo", topic_id=topic)
    assert failure_of(answer) == (2, "Topic unavailable")
    answer = library.call_public(f"{REPLIES}.getList", topic_id=topic)
    assert failure_of(answer) == (1, "Topic not found")
