"""Choose a method's declared error for a missing or invalid argument."""

from __future__ import annotations

import re

from flickr_sandbox.reflection import Method

_MISSING = re.compile(
    r"(required|missing|not enough) |missing arguments|missing\.?$"
    r"|url required|id required|^no text",
    re.I,
)
# Required in the reflection; the methods have their own error codes for them.
_OWN_CODES = {
    # Without tickets the answer is empty.
    "flickr.photos.upload.checkTickets": {"tickets"},
    "flickr.photosets.editPhotos": {"primary_photo_id", "photo_ids"},
}
# Patterns of error messages, by the argument that they are about.
_SUBJECTS = {
    "photo_id": r"^photo (\S+ )?not found|invalid photo id|photo is private",
    "photo_ids": r"^photo not found",
    "primary_photo_id": r"primary photo not found|^photo not found",
    "photoset_id": r"(photo)?set not found",
    "photoset_ids": r"set not found",
    "user_id": r"(user|person) not found|unknown user|invalid (user|nsid)",
    "owner_id": r"user not found",
    "username": r"user not found",
    "find_email": r"user not found",
    "group_id": r"group (not found|does not exist)",
    "topic_id": r"topic not found",
    "reply_id": r"reply not found",
    "gallery_id": r"gallery id",
    "collection_id": r"collection not found",
    "comment_id": r"comment not found",
    "comment_text": r"blank comment",
    "note_id": r"note not found",
    "tag_id": r"tag not found",
    "tag": r"tag (cluster )?not found",
    "license_id": r"license not found",
    "testimonial_id": r"testimonial not found",
    "blog_id": r"blog not found",
    "brand": r"brand not found",
    "method_name": r"method not found",
    "panda_name": r"unknown panda",
    "mini_token": r"token not found",
    "url": r"(place|user|group|gallery) not found",
    "lat": r"valid latitude",
    "lon": r"valid longitude",
    "accuracy": r"valid accuracy",
    "bbox": r"valid bbox",
    "place_id": r"valid places? id|place not found",
    "woe_id": r"valid places? id|place not found",
    "place_type_id": r"valid place type",
    "place_type": r"valid place type",
    "threshold": r"valid threshold",
    "contacts": r"valid contacts",
    "context": r"valid context",
    "degrees": r"invalid rotation",
    "title": r"no title|invalid title",
    "description": r"invalid title or description",
    "content_type": r"arguments missing|not allowed",
    "safety_level": r"invalid or missing",
    "hidden": r"invalid or missing",
    "date": r"valid date|invalid date",
    "min_date": r"valid date",
    "date_until": r"invalid date",
    "dates": r"no dates",
    "date_posted": r"invalid date_posted",
    "date_taken": r"invalid date taken",
    "date_taken_granularity": r"invalid granularity",
    "domain": r"invalid domain",
    "sort": r"invalid sort",
    "period": r"invalid period",
    "namespace": r"valid namespace",
    "predicate": r"valid predicate",
    "topic": r"invalid parameter value",
    "callback": r"callback failed|invalid parameter value",
    "verify": r"invalid parameter value",
    "person_x": r"paramters were blank",
    "person_y": r"paramters were blank",
    "person_w": r"paramters were blank",
    "person_h": r"paramters were blank",
    "tags": r"no tags",
}
NOT_DECLARED = (1, "Required parameter missing")


def unknown(method: Method, argument: str) -> tuple[int, str]:
    """Return code and message for an unknown id or an invalid value."""
    return _find_error(method, _subject(argument)) or missing(method, argument)


def may_lack(method: Method, argument: str) -> bool:
    """Return True if a method is handled without an argument that the reflection calls required."""
    return argument in method.not_required or argument in _OWN_CODES.get(method.name, ())


def missing(method: Method, argument: str) -> tuple[int, str]:
    """Return code and message for a missing required argument."""
    return _find_error(method, _MISSING) or _find_error(method, _subject(argument)) or NOT_DECLARED


def _subject(argument: str) -> re.Pattern[str]:
    own_name = rf"\b{re.escape(argument.replace('_', ' '))}\b"
    return re.compile(_SUBJECTS.get(argument, own_name), re.I)


def _find_error(method: Method, subject: re.Pattern[str]) -> tuple[int, str] | None:
    found = (error for error in method.errors if subject.search(error.message))
    error = next(found, None)
    return (error.code, error.message.rstrip(".")) if error else None
