"""Test `pyflickr-web upload`: its options, its output, its journal, and its failures."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest

from flickr_sandbox import Fault, Sandbox
from pyflickr_web import Flickr
from tests.server.upload_process import run_upload
from tests.server.uploads import (
    picture,
    row_of,
    states_in,
    tags_of,
    uploaded_contents,
    write_pictures,
)
from tests.support.account import options_of
from tests.support.uploader import file_of


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with three pictures."""
    path = tmp_path / "pictures"
    path.mkdir()
    write_pictures(path, 3)
    return path


def album_of(sandbox: Sandbox, title: str) -> list[str]:
    """Return the photos of the only album with this title, in order."""
    rows = sandbox.store.all(
        "SELECT photo FROM photoset_photos WHERE photoset ="
        " (SELECT id FROM photosets WHERE title = :title) ORDER BY position",
        title=title,
    )
    return [str(row["photo"]) for row in rows]


def ids_in(lines: list[str]) -> list[str]:
    """Return the ids in the lines of results."""
    return [line.split()[1] for line in lines]


def journals(tmp_path: Path) -> list[Path]:
    return sorted((tmp_path / "state").rglob("*.jsonl"))


def test_folder_becomes_an_album(sandbox: Sandbox, folder: Path, tmp_path: Path) -> None:
    write_pictures(folder / "..", 1)
    (folder / "sub").mkdir()
    (folder / "sub/ü 🦊 [x].jpg").write_bytes(picture(7))
    done = run_upload(sandbox, folder, "--album", "Foxes & Pandas", "--workers", "3")
    assert done.status == 0, done.messages
    assert sorted(line.split(" ", 2)[2] for line in done.lines) == sorted(
        [*(f"{folder}/{number}.jpg" for number in range(3)), f"{folder}/sub/ü 🦊 [x].jpg"]
    )
    by_path = {line.split(" ", 2)[2]: line.split()[1] for line in done.lines}
    ids = [by_path[path] for path in sorted(by_path)]
    assert album_of(sandbox, "Foxes & Pandas") == ids
    assert [file_of(sandbox, number).read_bytes() for number in ids] == [
        *map(picture, range(3)), picture(7)
    ]  # fmt: skip
    assert row_of(sandbox, ids[3])["title"] == "ü 🦊 [x]"
    assert done.messages[-1] == "4 files: 4 uploaded"
    assert "\x1b" not in "".join(done.lines + done.messages)


def test_command_that_is_repeated_sends_nothing(sandbox: Sandbox, folder: Path) -> None:
    first = run_upload(sandbox, folder, "--album", "Foxes")
    sandbox.counts.clear()
    second = run_upload(sandbox, folder, "--album", "Foxes")
    assert second.lines == [line.replace("uploaded", "present") for line in first.lines]
    assert second.status == 0 and second.messages[-1] == "3 files: 3 present"
    assert not sandbox.calls["upload"] and not sandbox.calls["flickr.photosets.addPhoto"]
    assert album_of(sandbox, "Foxes") == ids_in(first.lines)


def test_photos_are_added_to_an_album_by_its_id(sandbox: Sandbox, folder: Path) -> None:
    first = run_upload(sandbox, folder / "2.jpg", "--album", "Foxes")
    number = sandbox.store.value("SELECT id FROM photosets WHERE title = 'Foxes'")
    rest = run_upload(sandbox, folder / "1.jpg", folder / "0.jpg", "--album-id", str(number))
    assert album_of(sandbox, "Foxes") == ids_in(first.lines) + ids_in(rest.lines)


def test_each_file_is_an_object_of_json(sandbox: Sandbox, folder: Path) -> None:
    (folder / "1.jpg").write_bytes(b"")
    done = run_upload(sandbox, folder, "--album", "Foxes", "--json")
    *files, album = done.rows
    assert [row["status"] for row in files] == ["uploaded", "failed", "uploaded"]
    assert [row["file"] for row in files] == [f"{folder}/{number}.jpg" for number in range(3)]
    ids = [row["id"] for row in files if row["id"]]
    assert album == {"album": "Foxes", "id": album["id"], "photos": 2, "failed": 0}
    assert album_of(sandbox, "Foxes") == ids and len(files[0]["sha256"]) == 64
    assert files[1]["error"].endswith("is empty") and done.status == 1


@pytest.mark.parametrize(
    ("options", "fields"),
    [
        ([], (0, 1, 0)),
        (["--private"], (0, 0, 0)),
        (["--public"], (1, 0, 0)),
        (["--friends"], (0, 1, 0)),
        (["--family"], (0, 0, 1)),
        (["--friends", "--family"], (0, 1, 1)),
    ],
)
def test_options_of_privacy(
    sandbox: Sandbox, folder: Path, options: list[str], fields: tuple[int, int, int]
) -> None:
    sandbox.store.run("UPDATE people SET default_privacy = 2")
    done = run_upload(sandbox, folder / "0.jpg", *options)
    row = row_of(sandbox, ids_in(done.lines)[0])
    assert (row["ispublic"], row["isfriend"], row["isfamily"]) == fields
    said = "visible to friends, the default of the account" in done.messages
    assert said is not bool(options)


def test_fields_of_the_photo(sandbox: Sandbox, folder: Path) -> None:
    options = {
        "--title": "Fuchs 🦊", "--description": "a & b", "--tags": 'zoo "happy fox" Füchse',
        "--safety": "moderate", "--content-type": "screenshot",
    }  # fmt: skip
    words = [word for pair in options.items() for word in pair]
    done = run_upload(sandbox, folder / "0.jpg", *words, "--hidden")
    (number,) = ids_in(done.lines)
    row = row_of(sandbox, number)
    assert (row["title"], row["description"]) == ("Fuchs 🦊", "a & b")
    assert tags_of(sandbox, number)[1:] == ["zoo", "happy fox", "Füchse"]
    assert (row["safety_level"], row["content_type"], row["hidden"]) == (1, 1, 1)


def test_each_failure_is_reported_at_the_end(sandbox: Sandbox, folder: Path) -> None:
    (folder / "empty.jpg").write_bytes(b"")
    (folder / "fake.jpg").write_bytes(b"no picture")
    (folder / "broken.jpg").symlink_to("nowhere")
    os.mkfifo(folder / "pipe.jpg")
    other = folder.parent / "other"
    other.mkdir()
    done = run_upload(sandbox, folder, folder / "missing.jpg", other, "--workers", "2")
    assert done.status == 1 and len(done.lines) == 3
    assert done.messages[-7:] == [
        f"'{other}' has no pictures or videos",
        f"'{folder}/broken.jpg' cannot be read: No such file or directory",
        f"'{folder}/empty.jpg' is empty",
        f"'{folder}/fake.jpg': failed: Filetype was not recognised (code 5)",
        f"'{folder}/pipe.jpg' is not a file",
        f"'{folder}/missing.jpg' cannot be read: No such file or directory",
        "Error: 9 files: 3 uploaded, 6 failed",
    ]


@pytest.mark.parametrize(
    ("words", "status", "says"),
    [
        ([], 2, "Missing argument 'FILE...'"),
        ([""], 2, "FILE is empty: give the path of a file or a folder"),
        (["0.jpg", "--private", "--family"], 2, "--private excludes --public, --friends and"),
        (["0.jpg", "--album", "a", "--album-id", "1"], 2, "--album and --album-id exclude each"),
        (["0.jpg", "--album", " "], 2, "--album is empty"),
        (["0.jpg", "--album-id", "1"], 1, "no album of yours has the id '1'"),
        (["0.jpg", "--workers", "0"], 2, "0 is not in the range 1<=x<=32"),
        (["0.jpg", "--safety", "hot"], 2, "'hot' is not one of 'safe', 'moderate', 'restricted'"),
        (["0.jpg", "--replace", "x"], 2, "invalid --replace 'x': give the number of a photo"),
        (["0.jpg", "1.jpg", "--replace", "1"], 2, "--replace needs one FILE"),
        (
            ["0.jpg", "--replace", "1", "--title", "x"],
            2,
            "only changes the file: leave out --title",
        ),
        (["0.jpg", "--replace", "1"], 1, "not found"),
        ([".", "--replace", "1"], 1, "not found"),
        (["0.jpg", "--title", os.fsdecode(b"\xff")], 1, "is not valid Unicode"),
        (["0.jpg", "--user", "bob"], 1, "no token is stored for bob: run pyflickr-web login"),
        (["."], 1, "Error: 1 file: 1 failed"),
    ],
)
def test_mistake_is_reported_before_anything_is_sent(
    sandbox: Sandbox, words: list[str], status: int, says: str
) -> None:
    done = run_upload(sandbox, *words)
    assert (done.status, done.lines) == (status, []) and says in done.messages[-1]
    assert not sandbox.calls["upload"] and not sandbox.calls["replace"]


def test_two_albums_of_the_name_are_refused(sandbox: Sandbox, folder: Path) -> None:
    with Flickr(**options_of(sandbox)) as flickr:
        photo = flickr.people.getPhotos(user_id="me")["photos"]["photo"][0]["id"]
        for _ in range(2):
            flickr.photosets.create(title="Foxes", primary_photo_id=photo)
    done = run_upload(sandbox, folder, "--album", "Foxes")
    assert done.status == 1 and "several albums have the title 'Foxes'" in done.messages[-1]
    assert not sandbox.calls["upload"]


@pytest.mark.parametrize("token", ["read", "none"])
def test_without_write_permission_no_byte_is_sent(
    sandbox: Sandbox, folder: Path, token: str
) -> None:
    sandbox.store.run("UPDATE access_tokens SET perms = 1")
    names = ("FLICKR_ACCESS_TOKEN", "FLICKR_ACCESS_TOKEN_SECRET", "FLICKR_USER_ID")
    done = run_upload(sandbox, folder, **(dict.fromkeys(names, "") if token == "none" else {}))
    assert done.status == 1 and len(done.messages) == 1
    assert "run `pyflickr-web login --perms write`" in done.messages[0]
    assert done.messages[0].count("pyflickr-web login") == 1
    assert not sandbox.calls["upload"]


def test_dry_run_sends_nothing(sandbox: Sandbox, folder: Path, tmp_path: Path) -> None:
    run_upload(sandbox, folder / "1.jpg")
    (folder / "copy.jpg").write_bytes(picture(0))
    (folder / "empty.jpg").write_bytes(b"")
    before = journals(tmp_path)[0].read_bytes()
    sandbox.counts.clear()
    done = run_upload(sandbox, folder, "--dry-run", "--album", "Foxes")
    assert sorted(line.split(f" {folder}/")[0].split(" 5")[0] for line in done.lines) == [
        "present", "present", "to upload", "to upload"
    ]  # fmt: skip
    assert done.messages[0] == "album 'Foxes' does not exist yet" and done.status == 1
    assert done.messages[-2:] == [
        f"'{folder}/empty.jpg' is empty", "Error: 5 files: 2 present, 2 to upload, 1 failed"
    ]  # fmt: skip
    assert not sandbox.calls["upload"] and not album_of(sandbox, "Foxes")
    assert journals(tmp_path)[0].read_bytes() == before


def test_dry_run_makes_no_journal(sandbox: Sandbox, folder: Path, tmp_path: Path) -> None:
    done = run_upload(sandbox, folder, "--dry-run", "--json")
    assert [row["status"] for row in done.rows] == ["to upload"] * 3 and done.status == 0
    assert not journals(tmp_path)


def test_replace(sandbox: Sandbox, folder: Path, tmp_path: Path) -> None:
    (photo,) = ids_in(run_upload(sandbox, folder / "0.jpg").lines)
    dry = run_upload(sandbox, folder / "1.jpg", "--replace", photo, "--dry-run")
    assert dry.lines == [f"to upload {folder}/1.jpg"]
    assert file_of(sandbox, photo).read_bytes() == picture(0)
    done = run_upload(sandbox, folder / "1.jpg", "--replace", photo)
    assert (done.status, done.lines) == (0, [f"uploaded {photo} {folder}/1.jpg"])
    assert file_of(sandbox, photo).read_bytes() == picture(1)
    # The old file is not on Flickr any more, and the new one is.
    again = run_upload(sandbox, folder / "0.jpg", folder / "1.jpg")
    assert [line.split()[0] for line in again.lines] == ["uploaded", "present"]


def test_without_dedupe_only_an_unfinished_batch_is_resumed(
    sandbox: Sandbox, folder: Path, tmp_path: Path
) -> None:
    run_upload(sandbox, folder)
    words = [str(folder), "--no-dedupe", "--title", "x"]
    sandbox.faults.add(Fault("error", code=3, message="General failure"), where="upload", times=1)
    first = run_upload(sandbox, *words)
    assert first.status == 1 and first.messages[-1] == "Error: 3 files: 2 uploaded, 1 failed"
    second = run_upload(sandbox, *words, "--workers", "2")
    assert second.status == 0 and second.messages[-1] == "3 files: 1 uploaded, 2 present"
    # A batch that is complete is not resumed.
    third = run_upload(sandbox, *words)
    assert third.messages[-1] == "3 files: 3 uploaded"
    assert len(uploaded_contents(sandbox)) == 9
    assert not any(tags_of(sandbox, number) for number in ids_in(third.lines))
    assert len(journals(tmp_path)) == 1


def test_journal_is_of_one_account_and_host(sandbox: Sandbox, folder: Path, tmp_path: Path) -> None:
    run_upload(sandbox, folder)
    (journal,) = journals(tmp_path)
    assert journal.parent == tmp_path / "state/pyflickr-web/uploads"
    assert journal.name.startswith("10000000@N00-") and journal.stat().st_mode & 0o777 == 0o600
    assert states_in(journal)[-1] == "done"
    with Sandbox(photos=3) as other:
        assert run_upload(other, folder).messages[-1] == "3 files: 3 uploaded"
    assert len(journals(tmp_path)) == 2


@pytest.mark.parametrize("place", ["file", "folder"])
def test_journal_that_cannot_be_written_is_one_line(
    sandbox: Sandbox, folder: Path, tmp_path: Path, place: str
) -> None:
    if place == "file":
        (tmp_path / "state").touch()
    else:
        run_upload(sandbox, folder, "--dry-run")
        path = run_journal_path(sandbox, folder, tmp_path)
        path.unlink()
        path.mkdir()
    sandbox.counts.clear()
    done = run_upload(sandbox, folder)
    assert done.status == 1 and "the journal" in done.messages[-1]
    assert not sandbox.calls["upload"]


def run_journal_path(sandbox: Sandbox, folder: Path, tmp_path: Path) -> Path:
    """Upload a file, and return the journal."""
    run_upload(sandbox, folder / "0.jpg")
    return journals(tmp_path)[0]


def test_limits_of_the_account_are_said(sandbox: Sandbox, folder: Path) -> None:
    sandbox.store.run("UPDATE people SET ispro = 0")
    done = run_upload(sandbox, folder)
    (line,) = [each for each in done.messages if each.startswith("account: ")]
    assert line == "account: photos up to 200.0 MB, videos up to 1.0 GB, 992 uploads left"


def test_token_that_is_withdrawn_ends_the_batch(sandbox: Sandbox, folder: Path) -> None:
    sandbox.faults.add("expired-token", where="upload")
    done = run_upload(sandbox, folder, "--json")
    assert [row["status"] for row in done.rows] == ["failed", "not tried", "not tried"]
    assert done.status == 1 and done.messages[-1] == "Error: 3 files: 1 failed, 2 not tried"
    sandbox.faults.clear()
    assert run_upload(sandbox, folder).messages[-1] == "3 files: 3 uploaded"


def test_full_quota_ends_the_batch(sandbox: Sandbox, folder: Path) -> None:
    fault: dict[str, Any] = {"code": 6, "message": "User exceeded upload limit"}
    sandbox.faults.add(Fault("error", **fault), where="upload")
    done = run_upload(sandbox, folder)
    assert done.messages[-1] == "Error: 3 files: 1 failed, 2 not tried"
    assert done.messages[-2] == (
        f"'{folder}/0.jpg': failed: User exceeded upload limit (code 6) (and 2 more for this reason)"
    )


def test_album_that_fails_is_reported_by_file(sandbox: Sandbox, folder: Path) -> None:
    sandbox.fail("flickr.photosets.create", 3, times=None)
    done = run_upload(sandbox, folder, "--album", "Foxes")
    assert done.status == 1 and len(done.lines) == 3
    assert f"'{folder}/0.jpg' is not in the album: " in done.messages[-2]
    assert done.messages[-2].endswith("(and 2 more for this reason)")
    assert done.messages[-1] == "Error: 3 files: 3 uploaded; 3 not in the album"
    sandbox.faults.clear()
    again = run_upload(sandbox, folder, "--album", "Foxes")
    assert again.status == 0 and len(album_of(sandbox, "Foxes")) == 3
