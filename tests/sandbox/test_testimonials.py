"""`flickr.testimonials.*`: writes, approval, deletion, and their effect on lists."""

from __future__ import annotations

from typing import Any

from flickr_sandbox.store.library.people import nsid
from tests.support.local_api import ME, NOW, LocalApi

FRIEND, OTHER = nsid(6), nsid(7)


def _ids(api: LocalApi, which: str, person: str | None = ME, **arguments: Any) -> list[str]:
    answer = api.call(f"testimonials.get{which}", person, **arguments)["testimonials"]
    assert answer["total"] >= len(answer["testimonial"])
    return [item["id"] for item in answer["testimonial"]]


def _write(api: LocalApi) -> str:
    answer = api.call("testimonials.addTestimonial", user_id=FRIEND, testimonial_text="Kind & wise")
    written = answer["testimonial"]
    assert written["body"] == "Kind & wise"
    assert (written["by_user"]["nsid"], written["about_user"]["nsid"]) == (ME, FRIEND)
    assert (written["approved"], written["date_create"]) == (0, str(NOW))
    return str(written["id"])


def test_testimonial_is_pending_until_its_subject_approves_it(api: LocalApi) -> None:
    id_ = _write(api)
    assert id_ in _ids(api, "PendingTestimonialsBy")
    assert id_ in _ids(api, "PendingTestimonialsAbout", FRIEND)
    assert [id_] == _ids(api, "PendingTestimonialsAboutBy", user_id=FRIEND)
    assert _ids(api, "TestimonialsAbout", None, user_id=FRIEND) == []

    assert api.code("testimonials.approveTestimonial", ME, testimonial_id=id_) == 2
    assert api.code("testimonials.approveTestimonial", FRIEND, testimonial_id=id_) == 0
    assert api.code("testimonials.approveTestimonial", FRIEND, testimonial_id=id_) == 3

    assert [id_] == _ids(api, "TestimonialsAbout", None, user_id=FRIEND)
    assert id_ in _ids(api, "TestimonialsBy", None, user_id=ME)
    assert [id_] == _ids(api, "TestimonialsAboutBy", user_id=FRIEND)
    assert [id_] == _ids(api, "AllTestimonialsAboutBy", user_id=FRIEND)
    assert [id_] == _ids(api, "AllTestimonialsAbout", FRIEND)
    assert id_ not in _ids(api, "PendingTestimonialsBy")


def test_edited_testimonial_is_pending_again(api: LocalApi) -> None:
    id_ = _write(api)
    api.call("testimonials.approveTestimonial", FRIEND, testimonial_id=id_)
    changed = {"user_id": FRIEND, "testimonial_id": id_, "testimonial_text": "Wise"}
    assert api.code("testimonials.editTestimonial", OTHER, **changed) == 2
    assert api.call("testimonials.editTestimonial", ME, **changed)["testimonial"]["body"] == "Wise"
    assert _ids(api, "TestimonialsAbout", None, user_id=FRIEND) == []


def test_author_and_subject_may_delete_a_testimonial(api: LocalApi) -> None:
    id_ = _write(api)
    for person, code in ((OTHER, 2), (FRIEND, 0)):
        assert api.code("testimonials.deleteTestimonial", person, testimonial_id=id_) == code
    assert _ids(api, "AllTestimonialsAbout", FRIEND) == []
    id_ = _write(api)
    assert api.code("testimonials.deleteTestimonial", ME, testimonial_id=id_) == 0


def test_refusals(api: LocalApi) -> None:
    _write(api)
    text = {"testimonial_text": "Again"}
    assert api.code("testimonials.addTestimonial", user_id=FRIEND, **text) == 4
    assert api.code("testimonials.addTestimonial", user_id="nobody", **text) == 1
    assert api.code("testimonials.addTestimonial", user_id=ME, **text) == 2
    assert api.code("testimonials.deleteTestimonial", testimonial_id="9" * 40) == 2
    assert api.code("testimonials.getTestimonialsAbout", user_id="nobody") == 1


def test_pages_count_from_0(api: LocalApi) -> None:
    all_of_them = _ids(api, "AllTestimonialsAbout")
    assert len(all_of_them) > 2
    assert _ids(api, "AllTestimonialsAbout", per_page=2) == all_of_them[:2]
    assert _ids(api, "AllTestimonialsAbout", per_page=2, page=0) == all_of_them[:2]
    assert _ids(api, "AllTestimonialsAbout", per_page=2, page=1) == all_of_them[2:4]
