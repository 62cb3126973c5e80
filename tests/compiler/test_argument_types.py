"""The types of arguments follow the rules for values, and are open without one."""

from __future__ import annotations

import pytest

from compiler.argument_types import ANY, ArgumentType, Kind, find_argument_type, list_extras
from compiler.reflect.parse import read_snapshot


@pytest.mark.parametrize(
    ("method", "argument", "expected"),
    [
        ("photos.search", "text", ANY),
        ("photos.search", "accuracy", ArgumentType(Kind.NUMBER)),
        ("photos.search", "lat", ArgumentType(Kind.NUMBER)),
        ("photos.search", "min_upload_date", ArgumentType(Kind.TIME)),
        ("photos.search", "media", ArgumentType(Kind.CHOICE, ("all", "photos", "videos"))),
        ("photos.search", "privacy_filter", ArgumentType(Kind.CHOICE, (1, 2, 3, 4, 5))),
        ("photos.setPerms", "is_public", ArgumentType(Kind.FLAG, (0, 1))),
        ("people.getPhotos", "content_types", ArgumentType(Kind.CHOICES, (0, 1, 2, 3))),
        (
            "people.getGroups",
            "extras",
            ArgumentType(Kind.NAMES, ("privacy", "throttle", "restrictions")),
        ),
        ("photos.search", "extras", ArgumentType(Kind.NAMES, list_extras())),
        ("photos.geo.getLocation", "extras", ANY),
        # A rule of the method replaces the shared one, also by none.
        ("photos.setContentType", "content_type", ArgumentType(Kind.CHOICE, (1, 2, 3))),
        ("places.placesForBoundingBox", "place_type_id", ANY),
    ],
)
def test_type_of_an_argument(method: str, argument: str, expected: ArgumentType) -> None:
    assert find_argument_type(f"flickr.{method}", argument) == expected


def test_every_argument_has_a_type() -> None:
    kinds = {
        find_argument_type(method.name, argument.name).kind
        for method in read_snapshot().methods
        for argument in method.arguments
    }
    assert kinds == set(Kind)
