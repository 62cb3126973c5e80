"""Test that values of any type in Flickr's answers end a run with a report, or with a `FlickrError`."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from flickr_sandbox import Sandbox
from pyflickr_web.errors import FlickrError, UnavailableError
from pyflickr_web.mirror.pacing.calls import Calls
from tests.mirror.mirroring import Mirroring, edit_answers, open_sandbox, skip_pauses

if TYPE_CHECKING:
    from pyflickr_web.core.flow import Flow

METHODS = (
    "flickr.collections.getTree",
    "flickr.favorites.getList",
    "flickr.groups.pools.getPhotos",
    "flickr.people.getGroups",
    "flickr.people.getPhotos",
    "flickr.photos.comments.getList",
    "flickr.photos.getExif",
    "flickr.photos.getInfo",
    "flickr.photos.getSizes",
    "flickr.photos.recentlyUpdated",
    "flickr.photosets.getList",
    "flickr.photosets.getPhotos",
)
# With these, a run reads all other values.
KEPT = ("id", "nsid", "page", "pages", "total")
VALUES: list[Any] = [math.inf, "\ud800", [[1]]]
MORE_VALUES: list[Any] = [None, True, -1, 2**70, math.nan, "", "inf", [], {}, {"x": 1}]
RUNS: list[dict[str, Any]] = [
    {"full": True},
    {"metadata": "listing", "comments": True, "exif": True, "favorites": True},
]


@pytest.fixture(scope="module")
def few_photos() -> Iterator[Sandbox]:
    """A sandbox with few photos, one of them a video."""
    with open_sandbox(6) as sandbox:
        sandbox.store.run(
            "UPDATE photos SET media = 'video' "
            "WHERE id = (SELECT min(id) FROM photos WHERE owner = :me)",
            me=sandbox.account.user_id,
        )
        sandbox.mark()
        yield sandbox


def replace_values(answer: Any, value: Any) -> Any:
    """Return an answer with another value for each one that is no object, no list and no id."""
    if isinstance(answer, dict):
        return {
            name: one if name in KEPT else replace_values(one, value)
            for name, one in answer.items()
        }
    if isinstance(answer, list):
        return [replace_values(one, value) for one in answer]
    return value


def replace_fields(answer: Any, value: Any) -> Any:
    """Return an answer with another value for each field of an item but its id."""
    if isinstance(answer, list):
        return [
            {name: one if name in KEPT else value for name, one in item.items()}
            for item in answer
            if isinstance(item, dict)
        ]
    if isinstance(answer, dict):
        return {name: replace_fields(one, value) for name, one in answer.items()}
    return answer


def replace_items(answer: Any, value: Any) -> Any:
    """Return an answer with another value for each item of a list."""
    if isinstance(answer, dict):
        return {name: replace_items(one, value) for name, one in answer.items()}
    return [value for _ in answer] if isinstance(answer, list) else answer


def replace_objects(answer: dict[str, Any], value: Any) -> dict[str, Any]:
    """Return an answer with another value for each of its objects."""
    return {name: one if name == "stat" else value for name, one in answer.items()}


@pytest.mark.parametrize("options", RUNS, ids=["full", "listing"])
@pytest.mark.parametrize(
    "value",
    [*VALUES, *(pytest.param(value, marks=pytest.mark.soak) for value in MORE_VALUES)],
    ids=repr,
)
@pytest.mark.parametrize(
    "replace", [replace_values, replace_fields, replace_items, replace_objects]
)
def test_values_of_any_type_raise_no_other_errors(
    few_photos: Sandbox,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    replace: Callable[[dict[str, Any], Any], dict[str, Any]],
    value: Any,
    options: dict[str, Any],
) -> None:
    skip_pauses(monkeypatch)
    for method in METHODS:
        edit_answers(monkeypatch, method, lambda answer: answer.update(replace(answer, value)))
    with suppress(FlickrError):
        Mirroring(few_photos, tmp_path / "mirror").run(sizes="original,thumbnail", **options)


@pytest.mark.parametrize("user", [None, [], "1@N00", {}, {"id": ""}, {"id": 1}, {"id": "../x"}])
def test_folder_is_not_claimed_for_an_invalid_person(
    few_photos: Sandbox, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, user: Any
) -> None:
    """It would be refused to the right person ever after."""

    def call(calls: Calls, method: str, values: dict[str, Any]) -> Flow:
        yield from ()
        return {"user": user}

    monkeypatch.setattr(Calls, "call", call)
    with pytest.raises(UnavailableError, match="describes no person"):
        Mirroring(few_photos, tmp_path / "mirror").run()
    assert not (tmp_path / "mirror").exists()
