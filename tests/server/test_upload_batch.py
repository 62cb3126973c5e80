"""Test batches: their order, their results, their events, and that no content is uploaded twice."""

from __future__ import annotations

import pickle
from pathlib import Path
from typing import Any

import pytest

from flickr_sandbox import Fault, Sandbox
from pyflickr_web import Flickr
from pyflickr_web.errors import ArgumentError, FileError, FlickrError, UploadError
from pyflickr_web.upload.events import (
    AccountLimits,
    AccountListing,
    FileFinished,
    FileHashing,
    FileProgress,
    FileStarted,
)
from pyflickr_web.upload.results import FileResult
from tests.server.clients import Both
from tests.server.uploads import (
    CHECKED,
    UPLOADED,
    picture,
    row_of,
    tags_of,
    uploaded_contents,
    write_pictures,
)
from tests.support.account import LOGIN, options_of
from tests.support.scripted_server import Pairs, run_script
from tests.support.uploader import file_of, image


def photos_of(paths: list[Path]) -> list[dict[str, Any]]:
    return [{"photo": path} for path in paths]


@pytest.mark.parametrize("workers", [1, 4])
@pytest.mark.parametrize("dedupe", [False, True])
def test_ids_are_in_the_order_given(
    perform: Both, sandbox: Sandbox, tmp_path: Path, workers: int, dedupe: bool
) -> None:
    paths = write_pictures(tmp_path, 9)
    ids = perform(
        lambda f: f.upload(photos=photos_of(paths), workers=workers, dedupe=dedupe),
        options_of(sandbox),
    )
    assert len(set(ids)) == 9
    assert [file_of(sandbox, number).read_bytes() for number in ids] == [
        picture(number) for number in range(9)
    ]
    if workers == 1:
        assert ids == sorted(ids)


def test_fields_of_a_photo_come_before_those_of_the_batch(perform: Both, sandbox: Sandbox) -> None:
    photos = [{"photo": picture(1), "tags": ["happy fox", "test 1"]}, {"photo": picture(2)}]
    first, second = perform(
        lambda f: f.upload(photos=photos, tags="common", is_public=False, title="A"),
        options_of(sandbox),
    )
    assert tags_of(sandbox, first) == ["happy fox", "test 1"]
    assert tags_of(sandbox, second) == ["common"]
    assert [row_of(sandbox, number)["ispublic"] for number in (first, second)] == [0, 0]


@pytest.mark.parametrize(
    ("photo", "common", "text"),
    [
        ({"safety_level": "x"}, {}, "photos[1]: invalid safety_level 'x'"),
        ({"titel": "x"}, {}, "photos[1]: unknown field titel; did you mean title?"),
        ({"filename": 5}, {}, "photos[1]: filename: give a text"),
        ({}, {"titel": "x"}, "unknown field titel; did you mean title?"),
    ],
)
def test_mistake_in_a_batch_names_the_photo(
    perform: Both, sandbox: Sandbox, photo: dict[str, Any], common: dict[str, Any], text: str
) -> None:
    photos = [{"photo": picture(1)}, {"photo": picture(2), **photo}]
    with pytest.raises(ArgumentError) as caught:
        perform(lambda f: f.upload(photos=photos, **common), options_of(sandbox))
    assert str(caught.value).startswith(f"flickr.upload: {text}") and not sandbox.calls


def test_batch_without_photos_makes_no_call(perform: Both, sandbox: Sandbox) -> None:
    assert perform(lambda f: f.upload(photos=[]), options_of(sandbox)) == []
    assert not sandbox.calls


@pytest.mark.parametrize("workers", [1, 3])
def test_batch_goes_on_after_failures_and_reports_every_file(
    perform: Both, sandbox: Sandbox, tmp_path: Path, workers: int
) -> None:
    good, bad = tmp_path / "good.jpg", tmp_path / "bad.jpg"
    good.write_bytes(image())
    bad.write_bytes(b"not a picture")
    photos = [{"photo": "missing.jpg"}, {"photo": good}, {"photo": bad}, {"photo": picture(3)}]
    with pytest.raises(UploadError) as caught:
        perform(lambda f: f.upload(photos=photos, workers=workers), options_of(sandbox))
    error = caught.value
    assert [result.status for result in error.results] == [
        "failed",
        "uploaded",
        "failed",
        "uploaded",
    ]
    assert [result.file for result in error.results[:3]] == ["missing.jpg", str(good), str(bad)]
    assert sorted(uploaded_contents(sandbox)) == sorted([image(), picture(3)])
    assert error.results[2].error and error.results[2].error.code == 5
    assert isinstance(error.__cause__, FileError)
    assert str(error) == (
        "flickr.upload: 4 files: 2 failed, 2 uploaded; first 'missing.jpg' cannot be read: "
        "No such file or directory"
    )


def test_error_with_its_results_survives_pickling(sandbox: Sandbox) -> None:
    with Flickr(**options_of(sandbox)) as flickr, pytest.raises(UploadError) as caught:
        flickr.upload(photos=[{"photo": "missing.jpg"}, {"photo": image()}])
    copy: UploadError = pickle.loads(pickle.dumps(caught.value))
    assert str(copy) == str(caught.value) and type(copy) is UploadError
    assert [(r.file, r.status, r.id, str(r.error)) for r in copy.results] == [
        (r.file, r.status, r.id, str(r.error)) for r in caught.value.results
    ]


def test_workers_send_at_the_same_time(perform: Both) -> None:
    # Each answer to an upload waits for a second upload.
    script = Pairs(alone=2)
    script.answers = [CHECKED, CHECKED, UPLOADED]
    with run_script(script) as server:
        ids = perform(
            lambda f: f.upload(photos=[{"photo": picture(n)} for n in range(4)], workers=2),
            LOGIN | {"base_url": server.url},
        )
    assert ids == ["7"] * 4


def test_limits_of_the_account_are_said_and_kept(
    perform: Both, sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("flickr_sandbox.answers.account.LARGEST_PHOTO", 500)
    events: list[Any] = []
    photos = [{"photo": image(), "filename": "a.jpg"}, {"photo": image(), "filename": "b.mp4"}]
    with pytest.raises(UploadError) as caught:
        perform(lambda f: f.upload(photos=photos, on_event=events.append), options_of(sandbox))
    assert [result.status for result in caught.value.results] == ["failed", "uploaded"]
    assert "is too large" in str(caught.value)
    assert isinstance(events[0], AccountLimits) and events[0].video_bytes == 1024**3


@pytest.mark.parametrize(("is_pro", "left"), [(False, 992), (True, None)])
def test_number_of_uploads_is_limited_without_pro(
    perform: Both, sandbox: Sandbox, is_pro: bool, left: int | None
) -> None:
    sandbox.store.run("UPDATE people SET ispro = :pro", pro=int(is_pro))
    events: list[Any] = []
    perform(
        lambda f: f.upload(photos=[{"photo": image()}], on_event=events.append),
        options_of(sandbox),
    )
    assert isinstance(events[0], AccountLimits) and events[0].remaining_uploads == left


def test_events_report_each_step(perform: Both, sandbox: Sandbox) -> None:
    events: list[Any] = []
    content = image() + bytes(600_000)
    (number,) = perform(
        lambda f: f.upload(
            photos=[{"photo": content, "filename": "a.jpg"}], dedupe=True, on_event=events.append
        ),
        options_of(sandbox),
    )
    size = len(content)
    assert [type(event) for event in events[:4]] == [
        AccountLimits,
        AccountListing,
        FileHashing,
        FileStarted,
    ]
    assert events[1].listed == events[1].total > 0
    assert events[2:4] == [FileHashing(0, "a.jpg", size), FileStarted(0, "a.jpg", size)]
    progress = events[4:-1]
    assert all(type(event) is FileProgress and event.size == size for event in progress)
    assert [event.sent for event in progress] == [262_144, 524_288, size]
    result = events[-1].result
    assert events[-1] == FileFinished(
        0, FileResult("a.jpg", "uploaded", number, None, result.sha256)
    )


def test_error_of_the_callers_function_ends_the_batch(perform: Both, sandbox: Sandbox) -> None:
    class Stop(Exception):
        pass

    def stop(event: Any) -> None:
        if isinstance(event, FileFinished):
            raise Stop

    photos = [{"photo": picture(number)} for number in range(3)]
    with pytest.raises(Stop):
        perform(lambda f: f.upload(photos=photos, on_event=stop), options_of(sandbox))
    assert uploaded_contents(sandbox) == [picture(0)]


@pytest.mark.parametrize("workers", [1, 4])
def test_batch_skips_what_is_on_flickr_with_its_id(
    perform: Both, sandbox: Sandbox, tmp_path: Path, workers: int
) -> None:
    paths = write_pictures(tmp_path, 5)
    events: list[Any] = []
    first = perform(
        lambda f: f.upload(photos=photos_of(paths[:3]), dedupe=True), options_of(sandbox)
    )
    moved = [paths[0].rename(tmp_path / "moved.jpg"), *paths[1:]]
    again = perform(
        lambda f: f.upload(
            photos=photos_of(moved), dedupe=True, workers=workers, on_event=events.append
        ),
        options_of(sandbox),
    )
    assert again[:3] == first and len(set(again)) == 5
    assert len(uploaded_contents(sandbox)) == 5
    results = {event.index: event.result for event in events if isinstance(event, FileFinished)}
    assert [results[index].status for index in range(5)] == ["present"] * 3 + ["uploaded"] * 2


def test_listing_of_the_account_makes_a_call_for_500_photos(perform: Both) -> None:
    with Sandbox(photos=1200) as sandbox:
        owner = sandbox.account.user_id
        sandbox.store.run("UPDATE photos SET owner = :owner", owner=owner)
        perform(
            lambda f: f.upload(photos=[{"photo": picture(1)}, {"photo": picture(2)}], dedupe=True),
            options_of(sandbox),
        )
        # One listing, and no further call for a file.
        assert sandbox.calls["flickr.people.getPhotos"] == 3
        assert not sandbox.calls["flickr.photos.search"]


def test_single_photo_is_looked_for_before_it_is_sent(perform: Both, sandbox: Sandbox) -> None:
    first = perform(lambda f: f.upload(photo=image(), dedupe=True), options_of(sandbox))
    # Of yesterday, and not yet in the index.
    sandbox.store.run("UPDATE photos SET posted = posted - 80000 WHERE id = :id", id=first)
    sandbox.faults.add(Fault("index_delay", seconds=10**6))
    assert perform(lambda f: f.upload(photo=image(), dedupe=True), options_of(sandbox)) == first
    # Long ago.
    sandbox.store.run("UPDATE photos SET posted = 1 WHERE id = :id", id=first)
    sandbox.faults.clear()
    assert perform(lambda f: f.upload(photo=image(), dedupe=True), options_of(sandbox)) == first
    assert sandbox.calls["upload"] == 1


@pytest.mark.parametrize(
    "fields", [{"safety_level": 3}, {"content_type": 3}, {"hidden": 2}, {"is_public": 0}]
)
def test_restricted_hidden_and_private_photos_are_found(
    perform: Both, sandbox: Sandbox, fields: dict[str, Any]
) -> None:
    def upload_batch(flickr: Any) -> Any:
        return flickr.upload(photos=[{"photo": image()}], dedupe=True, **fields)

    perform(upload_batch, options_of(sandbox))
    perform(upload_batch, options_of(sandbox))
    perform(lambda f: f.upload(photo=image(), dedupe=True), options_of(sandbox))
    assert sandbox.calls["upload"] == 1


@pytest.mark.parametrize("workers", [1, 4])
def test_same_content_in_a_batch_is_uploaded_once(
    perform: Both, sandbox: Sandbox, workers: int
) -> None:
    photos = [{"photo": picture(number % 3)} for number in range(9)]
    ids = perform(
        lambda f: f.upload(photos=photos, dedupe=True, workers=workers), options_of(sandbox)
    )
    assert len(uploaded_contents(sandbox)) == 3 and ids == ids[:3] * 3


def test_without_dedupe_the_same_content_is_uploaded_again(perform: Both, sandbox: Sandbox) -> None:
    photos = [{"photo": image()}, {"photo": image()}]
    first, second = perform(lambda f: f.upload(photos=photos), options_of(sandbox))
    assert first != second and tags_of(sandbox, first) == []
    assert not sandbox.calls["flickr.people.getPhotos"]


def test_same_content_is_tried_again_after_a_failure(perform: Both, sandbox: Sandbox) -> None:
    sandbox.faults.add(Fault("error", code=3, message="General failure"), where="upload", times=1)
    photos = [{"photo": image(), "filename": f"{number}.jpg"} for number in range(3)]
    with pytest.raises(UploadError) as caught:
        perform(lambda f: f.upload(photos=photos, dedupe=True), options_of(sandbox))
    assert [result.status for result in caught.value.results] == ["failed", "uploaded", "present"]
    assert len(uploaded_contents(sandbox)) == 1


def test_failing_listing_ends_the_batch_before_anything_is_sent(
    perform: Both, sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("random.uniform", lambda least, most: 0.0)
    sandbox.faults.add("503", method="flickr.people.getPhotos")
    with pytest.raises(FlickrError, match=r"flickr\.people\.getPhotos"):
        perform(lambda f: f.upload(photos=[{"photo": image()}], dedupe=True), options_of(sandbox))
    assert not sandbox.calls["upload"] and sandbox.calls["flickr.people.getPhotos"] == 4
