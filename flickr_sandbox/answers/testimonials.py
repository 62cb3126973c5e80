"""`flickr.testimonials.*`: texts of people about each other.

A testimonial is public after the person that it is about has approved it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flickr_sandbox.answers import find
from flickr_sandbox.answers.listing import Page
from flickr_sandbox.answers.person_fields import real_name
from flickr_sandbox.call import Answer, Call
from flickr_sandbox.registry import answers
from flickr_sandbox.store import Row

PER_PAGE, MAX_PER_PAGE = 10, 50
_STATES = {
    "": "t.approved IS NOT NULL",
    "Pending": "t.approved IS NULL",
    "All": "TRUE",
}


@answers("testimonials.addTestimonial")
def add(call: Call) -> Answer:
    """Write a testimonial, at most one about each other person."""
    about = find.person(call)["nsid"]
    if about == call.me:
        raise call.fail(2)
    if _rows(call, "t.author = :me AND t.about = :about", about=about):
        raise call.fail(4)
    number = call.store.next_id()
    call.store.insert(
        "testimonials",
        id=number,
        author=call.me,
        about=about,
        text=call.text("testimonial_text"),
        created=call.store.current_time(),
    )
    return {"testimonial": _testimonial(call, _row(call, number))}


@answers("testimonials.editTestimonial")
def edit(call: Call) -> Answer:
    """Change a testimonial by the caller, which then needs a new approval."""
    about = find.person(call)["nsid"]
    row = _find_testimonial(call, "t.author = :me AND t.about = :about", about=about)
    call.store.run(
        "UPDATE testimonials SET text = :text, approved = NULL WHERE id = :id",
        text=call.text("testimonial_text"),
        id=row["id"],
    )
    return {"testimonial": _testimonial(call, _row(call, row["id"]))}


@answers("testimonials.approveTestimonial")
def approve(call: Call) -> Answer:
    """Approve a testimonial about the caller."""
    row = _find_testimonial(call, "t.about = :me")
    if row["approved"] is not None:
        raise call.fail(3)
    call.store.run(
        "UPDATE testimonials SET approved = :now WHERE id = :id",
        now=call.store.current_time(),
        id=row["id"],
    )
    return {}


@answers("testimonials.deleteTestimonial")
def delete(call: Call) -> Answer:
    """Delete a testimonial by or about the caller."""
    row = _find_testimonial(call, ":me IN (t.about, t.author)")
    call.store.run("DELETE FROM testimonials WHERE id = :id", id=row["id"])
    return {}


def _listing(state: str, side: str) -> Callable[[Call], Answer]:
    """Make the handler for testimonials in a state, `About` or `By` a person.

    `AboutBy` are about the person and by the caller. Without an argument `user_id`, the person is the
    caller. Pages count from 0.
    """

    def listing(call: Call) -> Answer:
        takes = any(argument.name == "user_id" for argument in call.method.arguments)
        person = find.person(call)["nsid"] if takes else call.me
        who = "t.author = :person" if side == "By" else "t.about = :person"
        by_me = " AND t.author = :me" if side == "AboutBy" else ""
        rows = _rows(call, f"{who}{by_me} AND {_STATES[state]}", person=person)
        size = call.number("per_page", PER_PAGE, 1, MAX_PER_PAGE)
        wanted = Page(call.number("page", 0) + 1, size).clamp(len(rows))
        return {
            "testimonials": {
                "page": wanted.number - 1,
                "pages": -(-len(rows) // wanted.size),
                "perpage": wanted.size,
                "total": len(rows),
                "testimonial": [
                    _testimonial(call, row)
                    for row in rows[wanted.start : wanted.start + wanted.size]
                ],
            }
        }

    return listing


for _state in _STATES:
    for _side in ("About", "By", "AboutBy"):
        answers(f"testimonials.get{_state}Testimonials{_side}")(_listing(_state, _side))


def _find_testimonial(call: Call, condition: str, **values: Any) -> Row:
    """Return the testimonial of the call, if it matches a condition."""
    given = call.text("testimonial_id")
    number = int(given) if given.isdecimal() and len(given) < find.LONGEST_ID else -1
    found = _rows(call, f"t.id = :id AND {condition}", id=number, **values)
    if not found:
        raise call.unknown("testimonial_id")
    return found[0]


def _row(call: Call, number: int) -> Row:
    return _rows(call, "t.id = :id", id=number)[0]


def _rows(call: Call, condition: str, **values: Any) -> list[Row]:
    return call.store.all(
        f"SELECT t.* FROM testimonials t WHERE {condition} ORDER BY t.created DESC, t.id DESC",
        me=call.caller.nsid,
        **values,
    )


def _testimonial(call: Call, row: Row) -> Answer:
    return {
        "id": str(row["id"]),
        "date_create": str(row["created"]),
        "date_approved": str(row["approved"] or 0),
        "approved": int(row["approved"] is not None),
        "body": row["text"],
        "by_user": _person(call, row["author"]),
        "about_user": _person(call, row["about"]),
    }


def _person(call: Call, nsid: str) -> Answer:
    row = call.store.one("SELECT * FROM people WHERE nsid = :nsid", nsid=nsid)
    assert row is not None
    return {
        "nsid": nsid,
        "path_alias": row["path_alias"] or "",
        "username": row["username"],
        "ispro": row["ispro"],
        "is_ad_free": 0,
        "realname": real_name(call, row),
    }
