"""Which of its declared errors a method answers for an argument that is missing or names nothing."""

from __future__ import annotations

import re

from pyflickr_web.sandbox.reflection import Method

_MISSING = re.compile(
    r"(required|missing|not enough) |missing arguments|missing\.?$"
    r"|url required|id required|^no text",
    re.I,
)
# Marked as required in the reflection, though Flickr answers calls without them, or has a code of
# its own for them that the handler knows best.
LENIENT = {
    # Told by recordings: a set is found by its id alone.
    "flickr.photosets.getInfo": {"user_id"},
    "flickr.photosets.getPhotos": {"user_id"},
    # Codes 3 to 5 tell apart what is wrong with the list.
    "flickr.photosets.editPhotos": {"primary_photo_id", "photo_ids"},
    # Paged by page and per_page where there is no continuation; short_limit has a default.
    "flickr.galleries.getList": {"user_id", "continuation", "short_limit"},
    "flickr.galleries.removePhoto": {"full_response"},
    # An empty comment takes the comment away.
    "flickr.galleries.editPhoto": {"comment"},
    # One of group_id and group_path_alias is enough.
    "flickr.groups.getInfo": {"group_id"},
    # A group without rules has none to accept.
    "flickr.groups.joinRequest": {"accept_rules"},
    # A topic is found by its id alone; a page of replies has a default size.
    "flickr.groups.discuss.topics.getInfo": {"group_id"},
    "flickr.groups.discuss.replies.add": {"group_id"},
    "flickr.groups.discuss.replies.delete": {"group_id"},
    "flickr.groups.discuss.replies.edit": {"group_id"},
    "flickr.groups.discuss.replies.getInfo": {"group_id"},
    "flickr.groups.discuss.replies.getList": {"group_id", "per_page"},
}
# What the message of an error speaks of, by the argument whose value is wrong.
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
    "place_id": r"valid place|place not found",
    "woe_id": r"valid place|place not found",
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
}
NOT_DECLARED = (1, "Required parameter missing")


def unknown(method: Method, argument: str) -> tuple[int, str]:
    """Code and message for a value that names nothing, or that Flickr does not take."""
    subject = _SUBJECTS.get(argument, argument.replace("_", " "))
    return _declared(method, re.compile(subject, re.I)) or missing(method, argument)


def may_lack(method: Method, argument: str) -> bool:
    """Whether a method is answered without an argument that the reflection calls required."""
    return argument in LENIENT.get(method.name, ())


def missing(method: Method, argument: str) -> tuple[int, str]:
    """Code and message for a required argument that is not there."""
    subject = _SUBJECTS.get(argument, argument.replace("_", " "))
    return (
        _declared(method, _MISSING) or _declared(method, re.compile(subject, re.I)) or NOT_DECLARED
    )


def _declared(method: Method, subject: re.Pattern[str]) -> tuple[int, str] | None:
    found = (error for error in method.errors if subject.search(error.message))
    error = next(found, None)
    return (error.code, error.message.rstrip(".")) if error else None
