"""`flickr.photosets.comments.*`"""

from __future__ import annotations

from flickr_sandbox.store.library.people import nsid
from tests.sandbox.json_recordings import differences
from tests.sandbox.library import NOON, Library, failure_of
from tests.sandbox.photosets import new_set, sets_of


def test_comments_of_a_set(own_library: Library) -> None:
    photoset, _ = new_set(own_library, 1)
    empty = own_library.call_public("photosets.comments.getList", photoset_id=photoset)
    assert empty["comments"] == {"photoset_id": photoset}
    made = own_library.call_as(
        1, "photosets.comments.addComment", photoset_id=photoset, comment_text="Hübsch"
    )["comment"]["id"]
    (comment,) = own_library.call_public("photosets.comments.getList", photoset_id=photoset)[
        "comments"
    ]["comment"]
    assert (comment["id"], comment["author"], comment["_content"]) == (made, nsid(1), "Hübsch")
    assert comment["datecreate"] == str(NOON)
    about = own_library.call_signed("photosets.getInfo", photoset_id=photoset)["photoset"]
    assert about["count_comments"] == "1"

    edit = {"comment_id": made, "comment_text": "Schön"}
    assert failure_of(own_library.call_signed("photosets.comments.editComment", **edit))[0] == 2
    assert own_library.call_as(1, "photosets.comments.editComment", **edit)["stat"] == "ok"
    answer = own_library.call_public("photosets.comments.getList", photoset_id=photoset)["comments"]
    assert answer["comment"][0]["_content"] == "Schön"
    assert (
        failure_of(own_library.call_as(2, "photosets.comments.deleteComment", comment_id=made))[0]
        == 2
    )
    # By the owner of the set.
    own_library.call_signed("photosets.comments.deleteComment", comment_id=made)
    assert own_library.call_public("photosets.comments.getList", photoset_id=photoset) == empty


def test_blank_comments_are_refused(own_library: Library) -> None:
    photoset, _ = new_set(own_library, 1)
    answer = own_library.call_signed(
        "photosets.comments.addComment", photoset_id=photoset, comment_text=" "
    )
    assert failure_of(answer) == (8, "Blank comment")


def test_comments_of_sets_have_the_shape_of_those_of_photos(library: Library) -> None:
    photoset = sets_of(library)[2]["id"]
    answer = library.call_public("photosets.comments.getList", photoset_id=photoset)
    as_of_photo = answer["comments"] | {"photo_id": answer["comments"].pop("photoset_id")}
    assert differences("photos.comments.getList", {"comments": as_of_photo, "stat": "ok"}) == []
