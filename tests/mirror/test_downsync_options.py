"""Test the options of `downsync`: parts of an account, plans, favorites, other people, and errors."""

from __future__ import annotations

import asyncio
import json
import os
import shutil
from pathlib import Path
from typing import Any

import pytest

from flickr_sandbox import Sandbox
from pyflickr_web import Flickr
from pyflickr_web.errors import LoginError, MirrorError, NotFoundError, OptionError
from pyflickr_web.mirror.events import StepStarted
from pyflickr_web.mirror.files.lock import lock_mirror
from pyflickr_web.mirror.pacing.estimate import FIXED_CALLS
from tests.mirror.mirroring import (
    Mirroring,
    read_document,
    read_files,
    skip_pauses,
)
from tests.support.account import options_of


def test_more_sizes_are_fetched_when_asked_for(mirroring: Mirroring) -> None:
    mirroring.begin(sizes="thumbnail")
    report = mirroring.run(sizes="thumbnail,square-small")
    assert report.fetched_files == len(mirroring.list_photos())
    assert mirroring.sandbox.calls["flickr.photos.getInfo"] == 0


def test_metadata_of_listings_saves_the_calls(mirroring: Mirroring) -> None:
    events: list[Any] = []
    report = mirroring.run(sizes="thumbnail", metadata="listing", on_event=events.append)
    assert report.is_complete
    notices = [event.text for event in events if type(event).__name__ == "Notice"]
    assert ["no notes" in text for text in notices] == [True]
    assert mirroring.sandbox.calls["flickr.photos.getInfo"] == 0
    assert not (mirroring.folder / "ia/photos/comments").exists()
    photo_id = mirroring.list_photos()[0]["id"]
    info = read_document(mirroring.folder, f"ia/photos/{photo_id}.json")
    answer = mirroring.call("photos.getInfo", photo_id=photo_id)["photo"]
    for name in ("id", "title", "description", "dates", "visibility", "views", "media"):
        assert info[name] == answer[name]
    files = read_files(mirroring.folder)
    mirroring.run(sizes="thumbnail", metadata="listing")
    assert read_files(mirroring.folder) == files
    mirroring.run(sizes="thumbnail")
    assert read_document(mirroring.folder, f"ia/photos/{photo_id}.json") == {
        **answer,
        "sizes": ["t"],
    }


def test_exif_is_one_more_call(mirroring: Mirroring) -> None:
    mirroring.run(sizes="thumbnail", exif=True)
    photos = mirroring.list_photos()
    assert mirroring.sandbox.calls["flickr.photos.getExif"] == len(photos)
    photo_id = photos[0]["id"]
    answer = mirroring.call("photos.getExif", photo_id=photo_id)["photo"]
    assert read_document(mirroring.folder, f"ia/photos/exif/{photo_id}.json") == answer
    mirroring.run(sizes="thumbnail", exif=True)
    assert mirroring.sandbox.calls["flickr.photos.getExif"] == 0


def test_videos_may_be_left_out(mirroring: Mirroring) -> None:
    report = mirroring.run(sizes="thumbnail", videos=False)
    media = {photo["id"]: photo["media"] for photo in mirroring.list_photos()}
    present = {file.stem for file in (mirroring.folder / "ia/photos").glob("*.json")}
    assert present == {photo_id for photo_id, kind in media.items() if kind == "photo"}
    assert (report.new_photos, report.unchanged_photos) == (len(present), 0)


def test_photos_that_only_get_another_size_are_unchanged(mirroring: Mirroring) -> None:
    mirroring.run(sizes="thumbnail")
    report = mirroring.run(sizes="small", since=1)
    assert report.fetched_files == report.unchanged_photos == len(mirroring.list_photos())


def test_albums_limit_a_run(mirroring: Mirroring) -> None:
    album = min(mirroring.list_albums(), key=lambda album: album["photos"] + album["videos"])
    title = album["title"]["_content"]
    mirroring.run(sizes="thumbnail", albums=[title])
    answer = mirroring.call("photosets.getPhotos", photoset_id=album["id"])["photoset"]
    present = {file.stem for file in (mirroring.folder / "ia/photos").glob("*.json")}
    assert present == {photo["id"] for photo in answer["photo"]}
    report = mirroring.run(sizes="thumbnail")
    assert report.is_complete
    assert report.photos_in_mirror == len(mirroring.list_photos())


def test_since_limits_a_run(mirroring: Mirroring) -> None:
    dates = mirroring.call("people.getPhotos", user_id="me", extras="date_upload", per_page=500)
    by_date = {photo["id"]: int(photo["dateupload"]) for photo in dates["photos"]["photo"]}
    since = sorted(by_date.values())[-5]
    mirroring.run(sizes="thumbnail", since=since)
    present = {file.stem for file in (mirroring.folder / "ia/photos").glob("*.json")}
    assert present == {photo_id for photo_id, date in by_date.items() if date >= since}


def test_albums_and_a_date_limit_a_run_together(mirroring: Mirroring) -> None:
    album = max(mirroring.list_albums(), key=lambda album: album["photos"] + album["videos"])
    values = {"photoset_id": album["id"], "extras": "date_upload"}
    answer = mirroring.call("photosets.getPhotos", **values)["photoset"]
    by_date = {photo["id"]: int(photo["dateupload"]) for photo in answer["photo"]}
    since = sorted(by_date.values())[-5]
    mirroring.run(sizes="thumbnail", albums=[album["id"]], since=since)
    present = {file.stem for file in (mirroring.folder / "ia/photos").glob("*.json")}
    assert present == {photo_id for photo_id, date in by_date.items() if date >= since}


def test_favorites_have_a_tree_of_their_own(either: Mirroring) -> None:
    report = either.run(sizes="thumbnail", favorites=True)
    assert report.is_complete
    listed = either.call("favorites.getList", per_page=500)["photos"]["photo"]
    present = {file.stem for file in (either.folder / "favorites/ia/photos").glob("*.json")}
    pictures = {file.stem for file in (either.folder / "favorites/images/thumbnail").iterdir()}
    own = {file.stem for file in (either.folder / "ia/photos").glob("*.json")}
    assert present == pictures == {photo["id"] for photo in listed}
    assert own == {photo["id"] for photo in either.list_photos()}
    assert (report.new_photos, report.fetched_favorites) == (len(own), len(listed))
    files = read_files(either.folder)
    report = either.run(sizes="thumbnail", favorites=True)
    assert (report.unchanged_photos, report.fetched_favorites) == (len(own), 0)
    assert read_files(either.folder) == files


def test_other_person_is_mirrored_by_name(mirroring: Mirroring) -> None:
    owner = mirroring.sandbox.store.value(
        "SELECT owner FROM photos WHERE owner <> '10000000@N00' AND ispublic LIMIT 1"
    )
    name = mirroring.sandbox.store.value("SELECT username FROM people WHERE nsid = :n", n=owner)
    assert mirroring.run(sizes="thumbnail", user=name).is_complete
    files = (mirroring.folder / "ia/photos").glob("*.json")
    assert {json.loads(file.read_bytes())["owner"]["nsid"] for file in files} == {owner}
    events: list[Any] = []
    with pytest.raises(MirrorError, match="use another folder"):
        mirroring.run(on_event=events.append)
    assert "use another folder" in events[-1].report.error


@pytest.mark.parametrize(
    "user",
    [
        "10000001@N01",
        "Ada Lens",
        "adalens",
        "https://www.flickr.com/photos/adalens/",
        "www.flickr.com/people/AdaLens",
        "https://www.flickr.com/photos/10000001@N01/albums?page=2",
    ],
)
def test_other_person_is_found(mirroring: Mirroring, user: str) -> None:
    mirroring.run(sizes="thumbnail", user=user)
    assert read_document(mirroring.folder, ".mirror/owner.json")["nsid"] == "10000001@N01"


@pytest.mark.parametrize("user", ["sandbox", "https://www.flickr.com/photos/sandbox/"])
def test_own_name_and_address_are_ones_own(mirroring: Mirroring, user: str) -> None:
    planned = mirroring.run(sizes="thumbnail", dry_run=True, user=user).planned
    assert planned == mirroring.run(sizes="thumbnail", dry_run=True).planned


@pytest.mark.parametrize("user", ["nobody", "99@N00", "https://www.flickr.com/photos/nobody/"])
def test_error_names_an_unknown_person_and_the_option(mirroring: Mirroring, user: str) -> None:
    with pytest.raises(NotFoundError) as caught:
        mirroring.run(user=user)
    assert str(caught.value).startswith(
        f"downsync: Flickr has no user {user!r}: give user (--user) "
    )


def test_dry_run_tells_the_plan_and_writes_nothing(either: Mirroring) -> None:
    events: list[Any] = []
    report = either.run(dry_run=True, sizes="thumbnail", on_event=events.append)
    planned = {event.id: event.parts for event in events if type(event).__name__ == "WorkPlanned"}
    assert planned[either.list_photos()[0]["id"]] == ("metadata", "comments", "thumbnail")
    assert report.planned == len(planned)
    assert not either.folder.exists()
    assert either.sandbox.calls["files"] == either.sandbox.calls["flickr.photos.getInfo"] == 0


def test_dry_run_refuses_the_folder_of_another_person(either: Mirroring) -> None:
    (either.folder / ".mirror").mkdir(parents=True)
    (either.folder / ".mirror/owner.json").write_text('{"nsid": "7@N00"}')
    before = read_files(either.folder, state=True)
    with pytest.raises(MirrorError, match=r"mirrors 7@N00, not .*: use another folder"):
        either.run(sizes="thumbnail", dry_run=True)
    assert read_files(either.folder, state=True) == before


@pytest.mark.parametrize("option", ["albums", "since"])
def test_dry_run_of_a_part_shows_no_albums(mirroring: Mirroring, option: str) -> None:
    """A run over a part of the photos writes no albums."""
    album = mirroring.list_albums()[0]["id"]
    options: Any = {"albums": [album]} if option == "albums" else {"since": "1990-01-01"}
    events: list[Any] = []
    report = mirroring.run(dry_run=True, sizes="thumbnail", on_event=events.append, **options)
    planned = [event for event in events if type(event).__name__ == "WorkPlanned"]
    assert {event.kind for event in planned} == {"photo"}
    assert report.planned == len(planned)
    [calls] = [event.estimate.calls for event in events if type(event).__name__ == "RunEstimated"]
    assert not mirroring.run(sizes="thumbnail", on_event=events.append, **options).written_albums
    assert calls - FIXED_CALLS <= mirroring.api_calls <= calls


def test_full_dry_run_of_a_complete_mirror_shows_no_work(mirroring: Mirroring) -> None:
    """Some photos are too small for the size, and a full run lists all albums."""
    mirroring.begin(sizes="large,thumbnail")
    events: list[Any] = []
    report = mirroring.run(sizes="large,thumbnail", full=True, dry_run=True, on_event=events.append)
    assert report.planned == 0
    assert not [event for event in events if type(event).__name__ == "WorkPlanned"]
    assert mirroring.run(sizes="large,thumbnail", full=True).fetched_files == 0


def test_dry_run_shows_only_sizes_that_a_photo_has(mirroring: Mirroring) -> None:
    mirroring.begin(sizes="large,thumbnail")
    events: list[Any] = []
    empty = mirroring.folder.parent / "empty"
    mirroring.run(empty, sizes="large,thumbnail", dry_run=True, on_event=events.append)
    plans = [event.parts for event in events if getattr(event, "kind", "") == "photo"]
    large = sum("large" in parts for parts in plans)
    assert large == len(list((mirroring.folder / "images/large").iterdir())) < len(plans)


def test_first_run_tells_what_it_takes(mirroring: Mirroring) -> None:
    events: list[Any] = []
    mirroring.run(sizes="thumbnail", max_per_hour=3_600_000, on_event=events.append)
    estimated = next(event for event in events if type(event).__name__ == "RunEstimated").estimate
    assert estimated.files == len(mirroring.list_photos())
    assert 0 < estimated.call_hours < 1


def test_resumed_first_run_tells_what_is_left(mirroring: Mirroring) -> None:
    """The run before was stopped while it fetched the last sizes."""
    options: Any = {"sizes": "large,thumbnail"}
    mirroring.begin(**options)
    (mirroring.folder / ".mirror/journal").unlink()
    shutil.rmtree(mirroring.folder / "images/thumbnail")
    events: list[Any] = []
    report = mirroring.run(on_event=events.append, **options)
    [event] = [event for event in events if type(event).__name__ == "RunEstimated"]
    assert not event.is_first
    assert event.estimate.files == report.fetched_files == len(mirroring.list_photos())
    assert event.estimate.calls - FIXED_CALLS <= report.calls <= event.estimate.calls


def test_run_over_a_part_of_a_mirror_with_photos_is_no_first_run(mirroring: Mirroring) -> None:
    events: list[Any] = []
    options: Any = {"sizes": "thumbnail", "on_event": events.append}
    smallest = min(mirroring.list_albums(), key=lambda album: album["photos"] + album["videos"])
    mirroring.run(albums=[smallest["id"]], **options)
    mirroring.run(since="1990-01-01", **options)
    told = [event for event in events if type(event).__name__ == "RunEstimated"]
    assert [event.is_first for event in told] == [True, False]
    assert sum(event.estimate.files for event in told) == len(mirroring.list_photos())


def test_second_run_is_refused_from_the_start_of_the_first_to_its_end(
    mirroring: Mirroring,
) -> None:
    refusals: list[str] = []

    def run_again(event: Any) -> None:
        if isinstance(event, StepStarted) and event.step in ("listing", "sizes"):
            with pytest.raises(MirrorError) as caught:
                mirroring.run(sizes="thumbnail")
            refusals.append(str(caught.value))

    assert mirroring.run(sizes="thumbnail", on_event=run_again).is_complete
    holder = f"is in use by process {os.getpid()} on "
    assert [holder in text for text in refusals] == [True, True]
    assert mirroring.run(sizes="thumbnail").is_complete


def test_after_downsync_is_called_after_the_run(either: Mirroring) -> None:
    photos: list[int] = []

    def note() -> None:
        # The run has ended: it holds no lock.
        with lock_mirror(either.folder):
            photos.append(len(list((either.folder / "images/thumbnail").iterdir())))

    either.options["after_downsync"] = note
    report = either.run(sizes="thumbnail")
    assert photos == [report.new_photos]


def test_async_after_downsync_is_awaited(account: Sandbox, tmp_path: Path) -> None:
    mirroring, called = Mirroring(account, tmp_path / "mirror", is_async=True), list[str]()

    async def note() -> None:
        await asyncio.sleep(0)
        called.append("now")

    mirroring.options["after_downsync"] = note
    mirroring.run(sizes="thumbnail", dry_run=True)
    assert called == ["now"]


def test_without_a_login_a_person_is_needed(account: Sandbox, tmp_path: Path) -> None:
    options = options_of(account)
    with Flickr.token_only(api_key=options["api_key"], base_url=account.url) as flickr:
        with pytest.raises(LoginError, match="needs a login, or the option user"):
            flickr.downsync(tmp_path / "a")
        report = flickr.downsync(tmp_path / "a", user="10000000@N00", sizes="thumbnail")
    assert report.is_complete
    assert report.photos_in_mirror


def test_withdrawn_token_ends_the_run(
    mirroring: Mirroring, monkeypatch: pytest.MonkeyPatch
) -> None:
    skip_pauses(monkeypatch)
    mirroring.run(sizes="thumbnail", albums=[mirroring.list_albums()[0]["id"]])
    events: list[Any] = []

    def withdraw(event: Any) -> None:
        events.append(event)
        if getattr(event, "step", "") == "listing":
            mirroring.sandbox.faults.add("expired-token")

    with pytest.raises(LoginError):
        mirroring.run(on_event=withdraw)
    assert events[-1].report.error
    mirroring.sandbox.faults.clear()
    mirroring.options["access_token"] = "72157-unknown"
    events.clear()
    with pytest.raises(LoginError):
        mirroring.run(on_event=events.append)
    [ended] = events
    assert ended.report.error


@pytest.mark.parametrize(
    ("options", "text"),
    [
        ({"sizes": "huge"}, "invalid size 'huge': use one of original, large"),
        ({"worker": 2}, "unknown option worker; did you mean workers?"),
        ({"workers": 0}, "invalid workers 0: use 1 to 32"),
        ({"since": "yesterday"}, "invalid since 'yesterday': use YYYY-MM-DD"),
        ({"metadata": "all"}, "use 'info' or 'listing'"),
        ({"file_rate": -1}, "invalid file_rate -1"),
        ({"full": "yes"}, "full must be True or False"),
    ],
)
def test_invalid_options_are_named(mirroring: Mirroring, options: Any, text: str) -> None:
    with pytest.raises(OptionError, match=text.replace("?", r"\?")):
        mirroring.run(**options)
    assert not mirroring.api_calls
