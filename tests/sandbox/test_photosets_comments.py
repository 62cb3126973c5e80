"""`flickr.photosets.comments.*`"""

from __future__ import annotations

from flickr_sandbox.store.library.people import nsid
from tests.sandbox.json_recordings import differences
from tests.sandbox.library import NOON, Library, refused
from tests.sandbox.photosets import new_set, sets_of


def test_comments_of_a_set(own_library: Library) -> None:
    photoset, _ = new_set(own_library, 1)
    empty = own_library.public("photosets.comments.getList", photoset_id=photoset)
    assert empty["comments"] == {"photoset_id": photoset}
    made = own_library.by(
        1, "photosets.comments.addComment", photoset_id=photoset, comment_text="Hübsch"
    )["comment"]["id"]
    (comment,) = own_library.public("photosets.comments.getList", photoset_id=photoset)["comments"][
        "comment"
    ]
    assert (comment["id"], comment["author"], comment["_content"]) == (made, nsid(1), "Hübsch")
    assert comment["datecreate"] == str(NOON)
    about = own_library.signed("photosets.getInfo", photoset_id=photoset)["photoset"]
    assert about["count_comments"] == "1"

    edit = {"comment_id": made, "comment_text": "Schön"}
    assert refused(own_library.signed("photosets.comments.editComment", **edit))[0] == 2
    assert own_library.by(1, "photosets.comments.editComment", **edit)["stat"] == "ok"
    shown = own_library.public("photosets.comments.getList", photoset_id=photoset)["comments"]
    assert shown["comment"][0]["_content"] == "Schön"
    assert refused(own_library.by(2, "photosets.comments.deleteComment", comment_id=made))[0] == 2
    # By the owner of the set.
    own_library.signed("photosets.comments.deleteComment", comment_id=made)
    assert own_library.public("photosets.comments.getList", photoset_id=photoset) == empty


def test_blank_comments_are_refused(own_library: Library) -> None:
    photoset, _ = new_set(own_library, 1)
    answer = own_library.signed(
        "photosets.comments.addComment", photoset_id=photoset, comment_text=" "
    )
    assert refused(answer) == (8, "Blank comment")


def test_comments_of_sets_have_the_shape_of_those_of_photos(library: Library) -> None:
    photoset = sets_of(library)[2]["id"]
    answer = library.public("photosets.comments.getList", photoset_id=photoset)
    as_of_photo = answer["comments"] | {"photo_id": answer["comments"].pop("photoset_id")}
    assert differences("photos.comments.getList", {"comments": as_of_photo, "stat": "ok"}) == []
