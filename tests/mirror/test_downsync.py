"""Test that `downsync` mirrors an account over a socket, with few calls, and then what changed."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from flickr_sandbox import Sandbox
from pyflickr_web import Flickr
from pyflickr_web.errors import LoginError, MirrorError, OptionError
from pyflickr_web.mirror.files.lock import lock_mirror
from pyflickr_web.mirror.pacing.estimate import FIXED_CALLS
from tests.mirror.mirroring import Mirroring, check_sums, read_files, read_times, skip_pauses
from tests.support.account import options_of


def _read(folder: Path, name: str) -> Any:
    return json.loads((folder / name).read_bytes())


def test_first_run_mirrors_everything(either: Mirroring) -> None:
    report = either.run()
    photos, folder = either.list_photos(), either.folder
    assert report.is_complete, report.summarize()
    assert report.new_photos == report.photos_in_mirror == len(photos)
    for photo in photos:
        info = _read(folder, f"ia/photos/{photo['id']}.json")
        answer = either.call("photos.getInfo", photo_id=photo["id"])["photo"]
        assert {**answer, "sizes": info["sizes"]} == info
        comments = _read(folder, f"ia/photos/comments/{photo['id']}.json")
        assert comments == either.call("photos.comments.getList", photo_id=photo["id"])["comments"]
        contexts = _read(folder, f"ia/photos/contexts/{photo['id']}.json")
        assert _ids(contexts) == _ids(either.call("photos.getAllContexts", photo_id=photo["id"]))
    for album in either.list_albums():
        answer = either.call("photosets.getPhotos", photoset_id=album["id"])["photoset"]
        ids = [photo["id"] for photo in answer["photo"]]
        assert _read(folder, f"ia/photosets/{album['id']}.json") == {**album, "photos": ids}
    check_sums(folder)


def _ids(contexts: dict[str, Any]) -> list[set[str]]:
    return [{item["id"] for item in contexts.get(name, [])} for name in ("set", "pool")]


def test_pictures_have_their_bytes_and_dates(mirroring: Mirroring) -> None:
    mirroring.run()
    sizes = {"o": "original", "b": "large", "z": "medium", "t": "thumbnail", "q": "square/medium"}
    info = _read(mirroring.folder, f"ia/photos/{mirroring.list_photos()[0]['id']}.json")
    with Flickr(**mirroring.options) as flickr:
        for size in set(info["sizes"]) & sizes.keys():
            extension = info["originalformat"] if size == "o" else "jpg"
            file = mirroring.folder / f"images/{sizes[size]}/{info['id']}.{extension}"
            copy = flickr.download(info, size, mirroring.folder.parent / "copy")
            assert file.read_bytes() == copy.read_bytes()
            assert int(file.stat().st_mtime) == int(info["dates"]["posted"])


def test_video_is_the_film_and_not_its_still(mirroring: Mirroring) -> None:
    mirroring.run(sizes="original")
    video = next(photo for photo in mirroring.list_photos() if photo["media"] == "video")
    assert (mirroring.folder / f"images/original/{video['id']}.mp4").read_bytes()[4:8] == b"ftyp"


def test_first_run_needs_one_call_for_a_photo(either: Mirroring) -> None:
    report = either.run(sizes="thumbnail")
    assert report.calls == either.api_calls
    photos = either.list_photos()
    calls = either.sandbox.calls
    infos = [_read(either.folder, f"ia/photos/{photo['id']}.json") for photo in photos]
    commented = sum(info["comments"]["_content"] != "0" for info in infos)
    assert calls["flickr.photos.getInfo"] == len(photos)
    assert calls["flickr.photos.comments.getList"] == commented
    assert calls["flickr.photos.getAllContexts"] == calls["flickr.photos.getSizes"] == 0
    pages = calls["flickr.photosets.getPhotos"] + calls["flickr.groups.pools.getPhotos"] + 1
    assert report.calls <= len(photos) + commented + pages + FIXED_CALLS


def test_second_run_plans_and_writes_nothing(either: Mirroring) -> None:
    either.run()
    files, times = read_files(either.folder, state=True), read_times(either.folder)
    report = either.run()
    assert report.is_complete
    assert either.sandbox.calls["files"] == 0
    assert either.api_calls <= 20
    assert (read_files(either.folder, state=True), read_times(either.folder)) == (files, times)


def test_full_run_of_an_unchanged_account_writes_no_file(mirroring: Mirroring) -> None:
    mirroring.run()
    files, times = read_files(mirroring.folder), read_times(mirroring.folder)
    assert mirroring.run(full=True).is_complete
    assert (read_files(mirroring.folder), read_times(mirroring.folder)) == (files, times)


def test_changed_counters_rewrite_nothing(mirroring: Mirroring) -> None:
    mirroring.run(sizes="thumbnail")
    files = read_files(mirroring.folder)
    mirroring.sandbox.store.run("UPDATE photos SET views = views + 7")
    mirroring.run(sizes="thumbnail", full=True)
    assert read_files(mirroring.folder) == files


def test_metadata_that_is_fetched_again_and_equal_is_not_written(
    mirroring: Mirroring, monkeypatch: pytest.MonkeyPatch
) -> None:
    mirroring.run(sizes="thumbnail")
    files, times = read_files(mirroring.folder), read_times(mirroring.folder)
    mirroring.sandbox.store.run("UPDATE photos SET views = views + 7")
    monkeypatch.setattr("pyflickr_web.mirror.steps.photos.is_from_listing", lambda info: True)
    mirroring.run(sizes="thumbnail", full=True)
    assert mirroring.sandbox.calls["flickr.photos.getInfo"] == len(mirroring.list_photos())
    assert (read_files(mirroring.folder), read_times(mirroring.folder)) == (files, times)


def test_changed_photo_costs_what_changed(either: Mirroring) -> None:
    either.run(sizes="thumbnail,small")
    before, photo_id = read_files(either.folder), either.list_photos()[3]["id"]
    either.call("photos.setMeta", photo_id=photo_id, title="New title", description="")
    either.call("photos.comments.addComment", photo_id=photo_id, comment_text="Well done")
    report = either.run(sizes="thumbnail,small")
    after = read_files(either.folder)
    changed = {name for name in after if after[name] != before.get(name)}
    documents = {f"ia/photos/{photo_id}.json", f"ia/photos/comments/{photo_id}.json"}
    assert changed == {*documents, "SHA256SUMS"}
    assert "Well done" in after[f"ia/photos/comments/{photo_id}.json"].decode()
    assert report.updated_photos == 1
    assert either.sandbox.calls["flickr.photos.getInfo"] == 1
    assert either.sandbox.calls["files"] == 0
    check_sums(either.folder)


def test_rotated_photo_gets_new_sizes(mirroring: Mirroring) -> None:
    mirroring.run(sizes="original,small")
    photo = next(photo for photo in mirroring.list_photos() if photo["media"] == "photo")
    name = f"images/small/{photo['id']}.jpg"
    before = (mirroring.folder / name).read_bytes()
    mirroring.call("photos.transform.rotate", photo_id=photo["id"], degrees=90)
    assert mirroring.run(sizes="original,small").is_complete
    assert (mirroring.folder / name).read_bytes() != before
    info = _read(mirroring.folder, f"ia/photos/{photo['id']}.json")
    assert int((mirroring.folder / name).stat().st_mtime) == int(info["dates"]["lastupdate"])
    check_sums(mirroring.folder)


def test_replaced_original_goes_to_the_trash(mirroring: Mirroring) -> None:
    mirroring.run(sizes="original")
    photo = next(photo for photo in mirroring.list_photos() if photo["media"] == "photo")
    info = _read(mirroring.folder, f"ia/photos/{photo['id']}.json")
    old = f"images/original/{photo['id']}.{info['originalformat']}"
    before = (mirroring.folder / old).read_bytes()
    new_format = "png" if info["originalformat"] == "jpg" else "jpg"
    mirroring.sandbox.store.run(
        "UPDATE photos SET originalsecret = 'abcdef0123', secret = 'abcdef0124', "
        "originalformat = :format, lastupdate = lastupdate + 100000000 WHERE id = :id",
        format=new_format,
        id=int(photo["id"]),
    )
    assert mirroring.run(sizes="original").is_complete
    trash = list((mirroring.folder / ".trash").rglob(f"{photo['id']}.*"))
    assert [file.read_bytes() for file in trash] == [before]
    assert not (mirroring.folder / old).exists()
    assert (mirroring.folder / f"images/original/{photo['id']}.{new_format}").exists()


def test_new_photo_is_added_with_its_contexts(mirroring: Mirroring) -> None:
    photo_id = mirroring.list_photos()[5]["id"]
    row = mirroring.sandbox.store.one("SELECT * FROM photos WHERE id = :id", id=int(photo_id))
    mirroring.sandbox.store.run(
        "UPDATE photos SET owner = '10000001@N01' WHERE id = :id", id=int(photo_id)
    )
    mirroring.run(sizes="thumbnail")
    assert not (mirroring.folder / f"ia/photos/{photo_id}.json").exists()
    assert row is not None
    mirroring.sandbox.store.run(
        "UPDATE photos SET owner = :owner, lastupdate = lastupdate + 100000000 WHERE id = :id",
        owner=row["owner"],
        id=int(photo_id),
    )
    report = mirroring.run(sizes="thumbnail")
    assert (report.new_photos, report.is_complete) == (1, True)
    for name in ("ia/photos", "ia/photos/comments", "ia/photos/contexts", "images/thumbnail"):
        extension = "jpg" if name.startswith("images") else "json"
        assert (mirroring.folder / f"{name}/{photo_id}.{extension}").is_file()


def test_changed_album_changes_contexts(either: Mirroring) -> None:
    either.run(sizes="thumbnail")
    album = either.list_albums()[0]
    file = either.folder / f"ia/photosets/{album['id']}.json"
    photos = json.loads(file.read_bytes())["photos"]
    others = [photo["id"] for photo in either.list_photos() if photo["id"] not in photos]
    either.call("photosets.removePhoto", photoset_id=album["id"], photo_id=photos[1])
    if others:
        either.call("photosets.addPhoto", photoset_id=album["id"], photo_id=others[0])
    either.sandbox.store.run(
        "UPDATE photosets SET updated = updated + 1000 WHERE id = :id", id=album["id"]
    )
    assert either.run(sizes="thumbnail").is_complete
    assert json.loads(file.read_bytes())["photos"] == [*photos[:1], *photos[2:], *others[:1]]
    contexts = _read(either.folder, f"ia/photos/contexts/{photos[1]}.json")
    assert album["id"] not in _ids(contexts)[0]
    assert either.sandbox.calls["flickr.photosets.getPhotos"] == 1


def test_failed_photo_is_told_and_tried_again(mirroring: Mirroring) -> None:
    mirroring.sandbox.fail("flickr.photos.getInfo", 0, "Sorry, not now", times=3)
    mirroring.sandbox.fail("flickr.photos.getInfo", 77, "Out of order")
    report = mirroring.run(sizes="thumbnail")
    assert not report.is_complete
    assert ["Out of order (code 77)" in text for text in report.failed.values()] == [True]
    assert "1 failed; run it again to go on" in report.summarize()[-1]
    report = mirroring.run(sizes="thumbnail")
    assert (report.is_complete, report.new_photos) == (True, 1)
    assert mirroring.sandbox.calls["flickr.photos.getInfo"] == 2


def test_missing_file_is_found_by_a_full_run(mirroring: Mirroring) -> None:
    mirroring.run(sizes="thumbnail")
    file = next((mirroring.folder / "images/thumbnail").iterdir())
    content = file.read_bytes()
    file.unlink()
    mirroring.run(sizes="thumbnail", full=True)
    assert file.read_bytes() == content


def test_more_sizes_are_fetched_when_asked_for(mirroring: Mirroring) -> None:
    mirroring.run(sizes="thumbnail")
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
    info = _read(mirroring.folder, f"ia/photos/{photo_id}.json")
    answer = mirroring.call("photos.getInfo", photo_id=photo_id)["photo"]
    for name in ("id", "title", "description", "dates", "visibility", "views", "media"):
        assert info[name] == answer[name]
    files = read_files(mirroring.folder)
    mirroring.run(sizes="thumbnail", metadata="listing")
    assert read_files(mirroring.folder) == files
    mirroring.run(sizes="thumbnail")
    assert _read(mirroring.folder, f"ia/photos/{photo_id}.json") == {**answer, "sizes": ["t"]}


def test_exif_is_one_more_call(mirroring: Mirroring) -> None:
    mirroring.run(sizes="thumbnail", exif=True)
    photos = mirroring.list_photos()
    assert mirroring.sandbox.calls["flickr.photos.getExif"] == len(photos)
    photo_id = photos[0]["id"]
    answer = mirroring.call("photos.getExif", photo_id=photo_id)["photo"]
    assert _read(mirroring.folder, f"ia/photos/exif/{photo_id}.json") == answer
    mirroring.run(sizes="thumbnail", exif=True)
    assert mirroring.sandbox.calls["flickr.photos.getExif"] == 0


def test_videos_may_be_left_out(mirroring: Mirroring) -> None:
    mirroring.run(sizes="thumbnail", videos=False)
    media = {photo["id"]: photo["media"] for photo in mirroring.list_photos()}
    present = {file.stem for file in (mirroring.folder / "ia/photos").glob("*.json")}
    assert present == {photo_id for photo_id, kind in media.items() if kind == "photo"}


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


def test_dry_run_tells_the_plan_and_writes_nothing(either: Mirroring) -> None:
    events: list[Any] = []
    report = either.run(dry_run=True, sizes="thumbnail", on_event=events.append)
    planned = {event.id: event.parts for event in events if type(event).__name__ == "WorkPlanned"}
    assert planned[either.list_photos()[0]["id"]] == ("metadata", "comments", "thumbnail")
    assert report.planned == len(planned)
    assert not either.folder.exists()
    assert either.sandbox.calls["files"] == either.sandbox.calls["flickr.photos.getInfo"] == 0


def test_first_run_tells_what_it_takes(mirroring: Mirroring) -> None:
    events: list[Any] = []
    mirroring.run(sizes="thumbnail", max_per_hour=3_600_000, on_event=events.append)
    estimated = next(event for event in events if type(event).__name__ == "RunEstimated").estimate
    assert estimated.files == len(mirroring.list_photos())
    assert 0 < estimated.call_hours < 1


def test_two_runs_at_once_are_refused(mirroring: Mirroring) -> None:
    mirroring.folder.mkdir()
    with lock_mirror(mirroring.folder), pytest.raises(MirrorError, match="is in use by process"):
        mirroring.run()


def test_after_downsync_is_called(either: Mirroring) -> None:
    called: list[str] = []
    either.options["after_downsync"] = lambda: called.append("now")
    either.run(sizes="thumbnail")
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
