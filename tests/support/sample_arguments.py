"""Plausible arguments for every method."""

from __future__ import annotations

from flickr_sandbox import gazetteer
from flickr_sandbox.reflection import Method
from flickr_sandbox.store.library.people import nsid
from tests.support.room import ME, Room

_BERLIN = next(place for place in gazetteer.places() if place.names[-1] == "Berlin")
_FIXED = {
    "accept_rules": "1", "accuracy": "11", "bbox": "9,52,14,54", "brand": "lumen",
    "callback": "https://example.org/told", "comment": "Fine", "comment_text": "Fine",
    "content_type": "1", "context": "1", "continuation": "0", "count": "5", "date": "2024-02-01",
    "date_until": "2024-02-01", "dates": "1325376000,1706745600", "degrees": "90",
    "description": "A text", "domain": "flickr.com", "extras": "description,tags,url_m,owner_name",
    "find_email": "person1@example.org", "full_response": "1", "hidden": "0", "is_contact": "1",
    "is_family": "0", "is_friend": "0", "is_public": "1", "lat": "52.52", "license_id": "4",
    "lon": "13.40", "message": "Hello", "method_name": "flickr.photos.search", "min_date": "1",
    "namespace": "camera", "note_h": "20", "note_text": "Here", "note_w": "20", "note_x": "1",
    "note_y": "1", "num_days": "2", "page": "1", "panda_name": "ling ling", "per_page": "7",
    "person_h": "20", "person_w": "20", "person_x": "1", "person_y": "1",
    "place_id": _BERLIN.place_id, "place_type_id": "8", "predicate": "lens", "query": "berlin",
    "safety_level": "1", "short_limit": "2", "subject": "A word", "tag": "cat", "tags": "cat,sea",
    "testimonial_text": "Kind", "text": "a", "tickets": "1-2", "title": "A title",
    "topic": "contacts_photos", "user_id": nsid(1), "username": "Ada Lens", "verify": "sync",
    "woe_id": str(_BERLIN.woeid),
}  # fmt: skip
# Optional arguments that a method needs for a useful answer.
_ALSO = {"page", "per_page", "place_id"}
_ALSO_FOR = {"flickr.blogs.postPhoto": {"blog_id"}}
# Arguments with another meaning for one method.
_BY_METHOD = {
    "flickr.photosets.getInfo": {"user_id": ME},
    "flickr.photosets.getPhotos": {"user_id": ME},
    "flickr.places.getInfoByUrl": {"url": _BERLIN.url},
    "flickr.places.resolvePlaceURL": {"url": _BERLIN.url},
    "flickr.testimonials.addTestimonial": {"user_id": nsid(7)},
    "flickr.urls.lookupUser": {"url": "https://www.flickr.com/photos/adalens/"},
}
_MINE = {
    "photo_id": "SELECT id FROM photos WHERE owner = :me AND ispublic AND latitude NOT NULL",
    "photo_ids": "SELECT group_concat(id) FROM (SELECT id FROM photos WHERE owner = :me LIMIT 2)",
    "primary_photo_id": "SELECT id FROM photos WHERE owner = :me",
    "photoset_id": "SELECT id FROM photosets WHERE owner = :me",
    "photoset_ids": "SELECT group_concat(id) FROM photosets WHERE owner = :me",
    "collection_id": "SELECT id FROM collections WHERE owner = :me",
    "gallery_id": "SELECT id FROM galleries WHERE owner = :me",
    "group_id": "SELECT nsid FROM groups",
    "topic_id": "SELECT id FROM topics",
    "reply_id": "SELECT id FROM replies",
    "comment_id": "SELECT id FROM comments",
    "note_id": "SELECT id FROM notes",
    "blog_id": "SELECT id FROM blogs WHERE owner = :me AND NOT needspassword",
    "testimonial_id": "SELECT id FROM testimonials WHERE about = :me AND approved IS NULL",
    "suggestion_id": "SELECT id FROM suggestions",
}


def arguments(room: Room, method: Method, optional: bool = False) -> dict[str, str]:
    """Return the required arguments of a method, with paging; all of them if `optional`."""
    also = _ALSO | _ALSO_FOR.get(method.name, set())
    found = {
        argument.name: value(room, argument.name)
        for argument in method.arguments
        if optional or not argument.optional or argument.name in also
    }
    return found | _BY_METHOD.get(method.name, {})


def value(room: Room, argument: str) -> str:
    """Return a value for an argument, if possible from the library."""
    if argument in _MINE:
        return str(room.store.value(f"{_MINE[argument]} LIMIT 1", me=ME) or "1")
    return _FIXED.get(argument, "1")
