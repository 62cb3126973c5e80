"""Test that answers of another photo, or without comments that Flickr counts, overwrite nothing."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.mirror.mirroring import Mirroring, edit_answers, read_document, read_files

SIZES = "thumbnail"
Answer = dict[str, Any]
Edit = Callable[[Answer], None]
COMMENTS = "flickr.photos.comments.getList"
# The methods for one photo, with the folders of the files that have their answers.
METHODS = {
    "flickr.photos.getInfo": "ia/photos",
    COMMENTS: "ia/photos/comments",
    "flickr.photos.getExif": "ia/photos/exif",
}


def _empty_object(answer: Answer) -> None:
    for value in answer.values():
        if isinstance(value, dict):
            value.clear()


def _no_object(answer: Answer) -> None:
    answer.clear()


def _other_photo(answer: Answer) -> None:
    for value in answer.values():
        if isinstance(value, dict):
            value.update(id="53000009999", photo_id="53000009999")


def _no_comments(answer: Answer) -> None:
    answer["comments"].pop("comment", None)


def _change(mirroring: Mirroring) -> str:
    """Change a photo with comments, and then another one, so that only one run lists the first."""
    ids = [photo["id"] for photo in mirroring.list_photos()]
    store = mirroring.sandbox.store
    photo_id = str(
        store.value(f"SELECT photo FROM comments WHERE photo IN ({','.join(ids)}) LIMIT 1")
    )
    other_id = next(one for one in ids if one != photo_id)
    for one, title, seconds in ((photo_id, "New", 10), (other_id, "Newer", 9000)):
        store.run(
            "UPDATE photos SET title = :title, lastupdate = :seconds + "
            "(SELECT max(lastupdate) FROM photos) WHERE id = :id",
            title=title,
            seconds=seconds,
            id=int(one),
        )
    return photo_id


@pytest.mark.parametrize("edit", [_empty_object, _no_object, _other_photo])
@pytest.mark.parametrize("method", METHODS)
def test_answer_that_is_not_of_the_photo_overwrites_nothing(
    either: Mirroring, monkeypatch: pytest.MonkeyPatch, method: str, edit: Edit
) -> None:
    either.begin(sizes=SIZES, exif=True)
    photo_id = _change(either)
    name = f"{METHODS[method]}/{photo_id}.json"
    before = read_document(either.folder, name)
    with monkeypatch.context() as patch:
        edit_answers(patch, method, edit)
        report = either.run(sizes=SIZES, exif=True)
    assert photo_id in report.failed
    assert read_document(either.folder, name) == before
    assert either.run(sizes=SIZES, exif=True).is_complete
    assert read_document(either.folder, f"ia/photos/{photo_id}.json")["title"]["_content"] == "New"


@pytest.mark.parametrize("edit", [_empty_object, _no_object, _other_photo])
def test_first_run_writes_no_answer_that_is_not_of_the_photo(
    mirroring: Mirroring, monkeypatch: pytest.MonkeyPatch, edit: Edit
) -> None:
    with monkeypatch.context() as patch:
        for method in METHODS:
            edit_answers(patch, method, edit)
        report = mirroring.run(sizes=SIZES, exif=True)
    assert report.failed.keys() == {photo["id"] for photo in mirroring.list_photos()}
    assert not any(name.startswith("ia/photos/5") for name in read_files(mirroring.folder))
    assert mirroring.run(sizes=SIZES, exif=True).is_complete


@pytest.mark.parametrize("edit", [_empty_object, _no_object, _other_photo])
def test_failed_photo_is_remembered_until_flickr_gives_its_metadata(
    mirroring: Mirroring, monkeypatch: pytest.MonkeyPatch, edit: Edit
) -> None:
    mirroring.begin(sizes=SIZES)
    photo_id = _change(mirroring)
    for _ in range(2):
        with monkeypatch.context() as patch:
            edit_answers(patch, "flickr.photos.getInfo", edit)
            assert photo_id in mirroring.run(sizes=SIZES).failed
    assert mirroring.run(sizes=SIZES).is_complete
    info = read_document(mirroring.folder, f"ia/photos/{photo_id}.json")
    assert info["title"]["_content"] == "New"


def test_comments_that_flickr_counts_and_does_not_list_stay_for_a_run(
    mirroring: Mirroring, monkeypatch: pytest.MonkeyPatch
) -> None:
    mirroring.begin(sizes=SIZES)
    photo_id = _change(mirroring)
    name = f"ia/photos/comments/{photo_id}.json"
    before = read_document(mirroring.folder, name)
    assert before["comment"]
    with monkeypatch.context() as patch:
        edit_answers(patch, COMMENTS, _no_comments)
        assert photo_id in mirroring.run(sizes=SIZES).failed
        assert read_document(mirroring.folder, name) == before
        # All authors may have left Flickr, which goes on counting their comments.
        assert mirroring.run(sizes=SIZES).is_complete
    assert "comment" not in read_document(mirroring.folder, name)


def test_new_photo_without_comments_that_flickr_counts_is_complete(
    mirroring: Mirroring, monkeypatch: pytest.MonkeyPatch
) -> None:
    edit_answers(monkeypatch, COMMENTS, _no_comments)
    assert mirroring.run(sizes=SIZES).is_complete
    mirroring.run(sizes=SIZES)
    assert not mirroring.sandbox.calls[COMMENTS]
