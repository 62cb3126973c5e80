"""Test that the best file of a video is chosen, and never a still."""

from __future__ import annotations

from typing import Any

import pytest

from pyflickr_web.mirror.layout import Tree
from pyflickr_web.mirror.metadata.pictures import Picture, find_video

SITE = "https://www.flickr.com/photos/1@N01/53/play"
PLAYER = "https://www.flickr.com/apps/video/stewart.swf?v=109786&photo_id=53"


def answer(*rows: tuple[str, str, str]) -> dict[str, Any]:
    """Return an answer of getSizes with labels, addresses and media."""
    size = [{"label": label, "source": url, "media": media} for label, url, media in rows]
    return {"sizes": {"size": size}, "stat": "ok"}


def videos(*labels: str) -> dict[str, Any]:
    """Return an answer with stills, a player, and videos of these labels."""
    return answer(
        ("Original", "https://live.staticflickr.com/1/53_ab_o.jpg", "photo"),
        ("Video Player", PLAYER, "video"),
        *((label, f"{SITE}/{label}/", "video") for label in labels),
    )


def list_candidates(picture: Picture | None) -> list[tuple[str, str]]:
    """Return the names and labels of a picture and its fallbacks."""
    found = []
    while picture:
        found.append((picture.name, picture.url.removeprefix(f"{SITE}/").removesuffix("/")))
        picture = picture.fallback
    return found


@pytest.mark.parametrize(
    ("labels", "expected"),
    [
        (["Mobile MP4", "Site MP4"], ["Site MP4", "Mobile MP4"]),
        (["Site MP4", "Mobile MP4", "HD MP4"], ["HD MP4", "Site MP4", "Mobile MP4"]),
        (["288p", "1080p", "700", "720p", "360p"], ["1080p", "720p", "360p", "700", "288p"]),
        (["iphone_wifi", "appletv", "new label"], ["appletv", "iphone_wifi", "new label"]),
        (["2160p", "1080p"], ["2160p", "1080p"]),
    ],
)
def test_best_video_comes_first_and_the_others_are_fallbacks(
    labels: list[str], expected: list[str]
) -> None:
    found = find_video(videos(*labels), "53", original_format="mov", time=7, page="p")
    assert list_candidates(found) == [("images/original/53.mp4", label) for label in expected]
    assert found and (found.time, found.page, found.is_video) == (7, "p", True)


@pytest.mark.parametrize("label", ["Video Original", "orig"])
@pytest.mark.parametrize(
    ("original_format", "extension"), [("mov", "mov"), ("", "mp4"), ("jpg", "mp4"), ("../x", "mp4")]
)
def test_original_of_the_owner_comes_before_all_and_has_its_format(
    original_format: str, extension: str, label: str
) -> None:
    found = find_video(videos(label, "1080p"), "53", original_format=original_format)
    assert list_candidates(found) == [
        (f"images/original/53.{extension}", label),
        ("images/original/53.mp4", "1080p"),
    ]


@pytest.mark.parametrize(
    "given",
    [
        videos(),
        answer(("Site MP4", "https://live.staticflickr.com/1/53_ab.jpg", "photo")),
        answer(("Site MP4", PLAYER, "video")),
        {"sizes": {"size": [{"label": "Site MP4", "media": "video", "source": None}]}},
        {"sizes": {"size": [5]}},
        {"sizes": {"size": None}},
        {"sizes": []},
        {},
    ],
)
def test_video_without_a_file_has_none(given: dict[str, Any]) -> None:
    assert find_video(given, "53") is None


def test_invalid_id_is_refused_and_favorites_have_their_tree() -> None:
    with pytest.raises(ValueError, match=r"invalid id '\.\./53'"):
        find_video(videos("720p"), "../53")
    found = find_video(videos("720p"), "53", tree=Tree("favorites/"))
    assert found and found.name == "favorites/images/original/53.mp4"
