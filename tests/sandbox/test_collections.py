"""`flickr.collections.*`"""

from __future__ import annotations

from typing import Any

from flickr_sandbox.store.library.people import nsid
from tests.sandbox.library import Library, failure_of


def tree(library: Library, **arguments: Any) -> list[dict[str, Any]]:
    """Return the account's tree of collections."""
    answer = library.call_public("collections.getTree", user_id=nsid(0), **arguments)
    found: list[dict[str, Any]] = answer["collections"]["collection"]
    return found


def test_collections_hold_collections_and_sets(library: Library) -> None:
    travels, home = tree(library)
    europe, asia = travels["collection"]
    assert "set" not in travels
    assert [len(each["set"]) for each in (europe, asia, home)] == [3, 2, 3]
    sets = library.call_signed("photosets.getList")["photosets"]["photoset"]
    assert europe["set"][0]["id"] == sets[1]["id"]
    assert europe["set"][0]["title"] == sets[1]["title"]["_content"]


def test_tree_of_one_collection(library: Library) -> None:
    europe = tree(library)[0]["collection"][0]
    by_end = europe["id"].partition("-")[2]
    assert tree(library, collection_id=europe["id"]) == [europe]
    assert tree(library, collection_id=by_end) == [europe]
    assert tree(library, collection_id=0) == tree(library)


def test_user_id_defaults_to_the_caller(library: Library) -> None:
    assert library.call_signed("collections.getTree")["collections"]["collection"] == tree(library)
    assert failure_of(library.call_public("collections.getTree")) == (1, "User not found")


def test_person_without_collections(library: Library) -> None:
    assert library.call_public("collections.getTree", user_id=nsid(1))["collections"] == {}


def test_information_of_a_collection(library: Library) -> None:
    travels = tree(library)[0]
    europe = travels["collection"][0]
    about = library.call_signed("collections.getInfo", collection_id=europe["id"])["collection"]
    assert (about["id"], about["child_count"]) == (europe["id"], 3)
    assert about["title"] == {"_content": "Europe"}
    photos = [photo["id"] for photo in about["iconphotos"]["photo"]]
    assert photos
    assert len(photos) == len(set(photos))
    above = library.call_signed("collections.getInfo", collection_id=travels["id"])["collection"]
    assert above["child_count"] == 2


def test_unknown_collections_are_refused(library: Library) -> None:
    europe = tree(library)[0]["collection"][0]["id"]
    wrong = (1, "Collection not found")
    assert failure_of(library.call_signed("collections.getInfo", collection_id="1-2")) == wrong
    assert failure_of(library.call_signed("collections.getInfo", collection_id="9" * 5000)) == wrong
    assert failure_of(library.call_as(1, "collections.getInfo", collection_id=europe)) == wrong
    answer = library.call_public("collections.getTree", user_id=nsid(1), collection_id=europe)
    assert failure_of(answer) == (2, "Collection not found")


def test_deleted_set_leaves_its_collection(own_library: Library) -> None:
    first = tree(own_library)[0]["collection"][0]["set"][0]["id"]
    own_library.call_signed("photosets.delete", photoset_id=first)
    left = tree(own_library)[0]["collection"][0]["set"]
    assert first not in [each["id"] for each in left]
