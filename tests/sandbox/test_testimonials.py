"""Testimonials: what is written, approved, changed and taken away shows in the lists."""

from __future__ import annotations

from typing import Any

from flickr_sandbox.store.library.people import nsid
from tests.support.local_api import ME, NOW, Room

FRIEND, OTHER = nsid(6), nsid(7)


def _ids(room: Room, which: str, person: str | None = ME, **arguments: Any) -> list[str]:
    answer = room.ask(f"testimonials.get{which}", person, **arguments)["testimonials"]
    assert answer["total"] >= len(answer["testimonial"])
    return [item["id"] for item in answer["testimonial"]]


def _write(room: Room) -> str:
    answer = room.ask("testimonials.addTestimonial", user_id=FRIEND, testimonial_text="Kind & wise")
    written = answer["testimonial"]
    assert written["body"] == "Kind & wise"
    assert (written["by_user"]["nsid"], written["about_user"]["nsid"]) == (ME, FRIEND)
    assert (written["approved"], written["date_create"]) == (0, str(NOW))
    return str(written["id"])


def test_one_waits_until_who_it_is_about_approves_it(room: Room) -> None:
    id_ = _write(room)
    assert id_ in _ids(room, "PendingTestimonialsBy")
    assert id_ in _ids(room, "PendingTestimonialsAbout", FRIEND)
    assert [id_] == _ids(room, "PendingTestimonialsAboutBy", user_id=FRIEND)
    assert _ids(room, "TestimonialsAbout", None, user_id=FRIEND) == []

    assert room.code("testimonials.approveTestimonial", ME, testimonial_id=id_) == 2
    assert room.code("testimonials.approveTestimonial", FRIEND, testimonial_id=id_) == 0
    assert room.code("testimonials.approveTestimonial", FRIEND, testimonial_id=id_) == 3

    assert [id_] == _ids(room, "TestimonialsAbout", None, user_id=FRIEND)
    assert id_ in _ids(room, "TestimonialsBy", None, user_id=ME)
    assert [id_] == _ids(room, "TestimonialsAboutBy", user_id=FRIEND)
    assert [id_] == _ids(room, "AllTestimonialsAboutBy", user_id=FRIEND)
    assert [id_] == _ids(room, "AllTestimonialsAbout", FRIEND)
    assert id_ not in _ids(room, "PendingTestimonialsBy")


def test_one_that_is_changed_waits_again(room: Room) -> None:
    id_ = _write(room)
    room.ask("testimonials.approveTestimonial", FRIEND, testimonial_id=id_)
    changed = {"user_id": FRIEND, "testimonial_id": id_, "testimonial_text": "Wise"}
    assert room.code("testimonials.editTestimonial", OTHER, **changed) == 2
    assert room.ask("testimonials.editTestimonial", ME, **changed)["testimonial"]["body"] == "Wise"
    assert _ids(room, "TestimonialsAbout", None, user_id=FRIEND) == []


def test_both_may_take_one_away_and_nobody_else(room: Room) -> None:
    id_ = _write(room)
    for person, code in ((OTHER, 2), (FRIEND, 0)):
        assert room.code("testimonials.deleteTestimonial", person, testimonial_id=id_) == code
    assert _ids(room, "AllTestimonialsAbout", FRIEND) == []
    id_ = _write(room)
    assert room.code("testimonials.deleteTestimonial", ME, testimonial_id=id_) == 0


def test_refusals(room: Room) -> None:
    _write(room)
    text = {"testimonial_text": "Again"}
    assert room.code("testimonials.addTestimonial", user_id=FRIEND, **text) == 4
    assert room.code("testimonials.addTestimonial", user_id="nobody", **text) == 1
    assert room.code("testimonials.addTestimonial", user_id=ME, **text) == 2
    assert room.code("testimonials.deleteTestimonial", testimonial_id="9" * 40) == 2
    assert room.code("testimonials.getTestimonialsAbout", user_id="nobody") == 1


def test_pages_count_from_0(room: Room) -> None:
    all_of_them = _ids(room, "AllTestimonialsAbout")
    assert len(all_of_them) > 2
    assert _ids(room, "AllTestimonialsAbout", per_page=2) == all_of_them[:2]
    assert _ids(room, "AllTestimonialsAbout", per_page=2, page=0) == all_of_them[:2]
    assert _ids(room, "AllTestimonialsAbout", per_page=2, page=1) == all_of_them[2:4]
