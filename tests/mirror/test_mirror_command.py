"""Test `pyflickr-web mirror`: tables in a terminal, paths on a pipe, JSON, and its errors."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from pyflickr_web.cli import main
from pyflickr_web.mirror.layout import INDEX
from tests.mirror.local_mirrors import LocalMirror, album, photo, tags
from tests.support.repository import ROOT

pytestmark = pytest.mark.usefixtures("cache")


@pytest.fixture(autouse=True)
def mirror(tmp_path: Path, cache: Path) -> LocalMirror:
    """A mirror in `./data`: three photos with pictures, one of them private, and an album."""
    made = LocalMirror(tmp_path / "data").add_photos(
        photo("11", title={"_content": "Red \x07panda"}, tags=tags("zoo"), views="7"),
        photo("12", day=1, is_public=0, title={"_content": "日本"}),
        photo("13", day=2),
    )
    made.add_albums(album("71", ["13", "11", "99"], title={"_content": "Animals"}))
    comment = {"id": "5", "authorname": "ann", "datecreate": "1300000000", "_content": "Nice"}
    made.write("ia/photos/comments/11.json", {"comment": [comment]})
    made.write("ia/photos/contexts/11.json", {"pool": [{"id": "5@N05", "title": "Pandas"}]})
    inner = {"id": "1-2", "title": "Inner", "set": [{"id": "71", "title": "Animals"}]}
    top = {"id": "1-1", "title": "Top", "description": "All of it", "collection": [inner]}
    made.write("ia/collections/1-1.json", top)
    for name in ("original/11.png", "thumbnail/11.jpg", "thumbnail/12.jpg"):
        made.write(f"images/{name}", b"picture")
    return made


@pytest.fixture
def terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    """Make standard output a terminal."""
    make_terminal(monkeypatch, "<stdout>")


def make_terminal(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    """Make a standard stream a terminal, by its name."""
    stream = "click.testing._NamedTextIOWrapper"
    monkeypatch.setattr(f"{stream}.isatty", lambda self: self.name == name, raising=False)


def command(*words: str) -> Result:
    return CliRunner().invoke(main, ["mirror", *words])


@pytest.mark.parametrize("is_terminal", [False, True], ids=["pipe", "terminal"])
@pytest.mark.parametrize(
    "words",
    ["ls", "ls --albums", "ls --collections", "show 11", "show 72", "show 1-5", "find panda"],
)
def test_files_with_values_of_any_type_are_printed(
    mirror: LocalMirror, monkeypatch: pytest.MonkeyPatch, words: str, is_terminal: bool
) -> None:
    """Files that people or other programs edited may lack all fields, even the id."""
    if is_terminal:
        make_terminal(monkeypatch, "<stdout>")
    mirror.write("ia/photos/14.json", {"title": "panda", "dates": [], "tags": {"tag": [5]}})
    mirror.write("ia/photosets/72.json", {"id": 7, "photos": 5, "title": []})
    mirror.write("ia/collections/1-5.json", {"id": "../1", "collection": [5], "set": {}})
    comments = ["x", 5, {"authorname": {}, "_content": []}]
    mirror.write("ia/photos/comments/11.json", {"comment": comments})
    mirror.write("ia/photos/contexts/11.json", {"pool": "x"})
    done = command(*words.split())
    assert (done.exit_code, done.exception) == (0, None)
    if "albums" in words or "collections" in words:
        assert ("72" if "albums" in words else "1-5") in done.stdout


def lines(*words: str) -> list[str]:
    """Return the lines that a command prints, which must succeed."""
    done = command(*words)
    assert done.exit_code == 0, done.stderr
    assert done.stderr == ""
    return done.stdout.splitlines()


@pytest.mark.parametrize("words", [[], ["ls"], ["show"], ["find"]], ids=" ".join)
def test_help_says_how_to_name_the_folder(words: list[str]) -> None:
    help_text = command(*words, "--help").stdout
    assert "folder" in help_text and "--dir" in help_text


def test_photos_are_paths_on_a_pipe() -> None:
    """A photo without a picture has no path; the largest picture is printed."""
    assert lines("ls") == ["data/images/thumbnail/12.jpg", "data/images/original/11.png"]
    assert lines("ls", "--public") == ["data/images/original/11.png"]
    assert lines("ls", "-n", "2") == ["data/images/thumbnail/12.jpg"]
    assert lines("ls", "--size", "thumbnail") == [
        "data/images/thumbnail/12.jpg",
        "data/images/thumbnail/11.jpg",
    ]
    assert command("ls", "-0", "--public").stdout == "data/images/original/11.png\0"


@pytest.mark.usefixtures("terminal")
def test_photos_are_rows_in_a_terminal() -> None:
    assert lines("ls") == [
        "2011-03-15  13           Photo 13",
        "2011-03-14  12           日本",
        "2011-03-13  11           Red panda",
    ]


@pytest.mark.usefixtures("terminal")
def test_rows_have_the_date_taken_if_photos_are_found_by_it() -> None:
    assert lines("find", "panda", "--taken", "2011") == ["2011-03-01  11           Red panda"]
    both = lines("find", "panda", "--taken", "2011", "--posted", "2011-03")
    assert both == ["2011-03-01  11           Red panda"]
    assert lines("find", "panda", "--posted", "2011") == ["2011-03-13  11           Red panda"]


@pytest.mark.parametrize("is_terminal", [False, True], ids=["pipe", "terminal"])
def test_terminal_shows_that_no_photo_was_found(
    monkeypatch: pytest.MonkeyPatch, is_terminal: bool
) -> None:
    if is_terminal:
        make_terminal(monkeypatch, "<stdout>")
    done = command("find", "unicorn")
    assert (done.exit_code, done.stdout) == (0, "")
    assert done.stderr == ("No photos found\n" if is_terminal else "")


@pytest.mark.usefixtures("terminal")
def test_albums_and_collections_are_rows_in_a_terminal() -> None:
    assert lines("ls", "--albums") == ["2011-03-13  71                      3  Animals"]
    assert lines("ls", "--collections") == ["1-1                            Top"]


def test_albums_and_collections_are_files_on_a_pipe() -> None:
    assert lines("ls", "--albums") == ["data/ia/photosets/71.json"]
    assert lines("ls", "--collections") == ["data/ia/collections/1-1.json"]
    assert lines("show", "1-1") == ["data/ia/collections/1-1.json"]


def test_limit_is_of_albums_too(mirror: LocalMirror) -> None:
    mirror.add_albums(album("72", []))
    assert len(lines("ls", "--albums")) == 2
    assert len(lines("ls", "--albums", "-n", "1")) == 1


@pytest.mark.usefixtures("terminal")
def test_photo_is_described_in_a_terminal() -> None:
    assert lines("show", "11") == [
        "Red panda",
        "id          11",
        "taken       2011-03-01 12:00:00",
        "posted      2011-03-13",
        "visible to  everyone",
        "tags        zoo",
        "views       7",
        "album       71  Animals",
        "group       5@N05  Pandas",
        "file        data/images/original/11.png",
        "file        data/images/thumbnail/11.jpg",
        "comment     2011-03-13  ann: Nice",
    ]
    assert "visible to  you" in lines("show", "12")


@pytest.mark.usefixtures("terminal")
def test_album_and_collection_are_described_in_a_terminal() -> None:
    assert lines("show", "71") == [
        "Animals",
        "id          71",
        "created     2011-03-13",
        "changed     ----------",
        "photos      3",
        "2011-03-15  13           Photo 13",
        "2011-03-13  11           Red panda",
    ]
    assert lines("show", "1-1") == [
        "Top  (1-1)",
        "  All of it",
        "  Inner  (1-2)",
        "    71  Animals",
    ]


def test_show_prints_paths_on_a_pipe() -> None:
    both = ["data/images/original/11.png", "data/images/thumbnail/11.jpg"]
    assert lines("show", "11") == both
    assert lines("show", "11", "--size", "t") == both[1:]
    assert lines("show", "11", "--size", "large") == []
    assert lines("show", "71") == both[:1]


def test_find_prints_paths_on_a_pipe() -> None:
    assert lines("find", "red", "pan") == ["data/images/original/11.png"]
    assert lines("find", "--tag", "Zoo", "--album", "animals", "--posted", "2011") == [
        "data/images/original/11.png"
    ]
    assert lines("find", "--taken", "2012") == []
    assert lines("find", "日本") == ["data/images/thumbnail/12.jpg"]
    assert lines("find", "日本", "--public") == []


def test_json_has_whole_items() -> None:
    rows = [json.loads(line) for line in lines("find", "panda", "--json")]
    assert [row["id"] for row in rows] == ["11"]
    assert rows[0]["comments"][0]["_content"] == "Nice"
    assert [json.loads(line)["id"] for line in lines("ls", "--json")] == ["13", "12", "11"]
    assert json.loads("".join(lines("show", "71", "--json")))["photos"] == ["13", "11", "99"]
    assert json.loads(lines("ls", "--collections", "--json")[0])["title"] == "Top"


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["ls", "--dir", "other"], "no mirror at 'other' (the folder is missing)"),
        (["find", "x", "--dir", "other"], "or name its folder with --dir"),
        (["ls", "photos"], "unexpected 'photos': give the folder with --dir photos"),
        (["show", "77"], "no photo, album or collection '77' in 'data'"),
        (["show", "../x"], "no photo, album or collection '../x'"),
        (["find", "--album", "x"], "no album 'x' in 'data'"),
        (["find", "--taken", "May"], "invalid taken date 'May'"),
        (["find", "?"], "it has no word to search for"),
        (["ls", "--size", "huge"], "invalid size 'huge': use one of original, large"),
        (["ls", "--albums", "--collections"], "use one of --albums and --collections"),
        (
            ["ls", "--albums", "--size", "o"],
            "--size is a size of photos: leave it out with --albums",
        ),
        (["ls", "--collections", "--size", "o"], "leave it out with --collections"),
        (["show", "1-1", "--size", "o"], "--size is a size of photos, and '1-1' is a collection"),
        (["find", "panda", "--json", "--size", "o"], "--json prints no paths: leave out --size"),
        (["ls", "--json", "-0"], "--json prints no paths: leave out --null"),
    ],
)
def test_errors_are_one_line(words: list[str], message: str) -> None:
    done = command(*words)
    assert done.exit_code == 1
    assert done.stdout == ""
    assert done.stderr.startswith("Error: ") and len(done.stderr.splitlines()) == 1
    assert message in done.stderr


def test_damaged_files_are_a_warning(mirror: LocalMirror) -> None:
    mirror.write("ia/photos/13.json", b"{")
    done = command("ls")
    assert done.exit_code == 0
    assert "Warning: 1 damaged file: ia/photos/13.json (invalid JSON" in done.stderr
    assert "run `pyflickr-web downsync data`" in done.stderr
    done = command("show", "13")
    assert done.exit_code == 1 and "ia/photos/13.json' is damaged" in done.stderr


def test_first_load_says_that_it_takes_time(monkeypatch: pytest.MonkeyPatch) -> None:
    make_terminal(monkeypatch, "<stderr>")
    assert command("ls").stderr.startswith("The first load reads all files")
    assert command("ls").stderr == ""


def test_refresh_finds_an_edit_in_place(mirror: LocalMirror) -> None:
    mirror.age()
    assert lines("find", "panda") == ["data/images/original/11.png"]
    mirror.add_photos(photo("11", title={"_content": "Fox"}))
    mirror.age()
    assert lines("find", "panda") == ["data/images/original/11.png"]
    assert lines("find", "panda", "--refresh") == []


@pytest.mark.usefixtures("terminal")
def test_odd_json_is_shown(mirror: LocalMirror) -> None:
    """Files may be edited, or from another program."""
    mirror.write(
        "ia/photos/14.json", {"id": "14", "title": 5, "dates": [], "tags": "x", "urls": {}}
    )
    mirror.write("ia/photosets/72.json", {"id": "72", "photos": "many", "title": None})
    mirror.write("ia/collections/1-3.json", {"id": "1-3", "set": [7], "collection": {}})
    assert lines("ls")[-1] == "----------  14           5"
    assert lines("show", "14")[:2] == ["5", "id          14"]
    assert lines("show", "72")[1] == "id          72"
    assert lines("show", "1-3") == ["  (1-3)"]
    assert len(lines("ls", "--albums")) == 2


def test_reader_that_closes_the_pipe_ends_the_command(tmp_path: Path) -> None:
    script = f'"{sys.executable}" -m pyflickr_web mirror ls --dir "$0" | head -n 1'
    done = subprocess.run(
        ["bash", "-c", script, str(tmp_path / "data")], cwd=ROOT, capture_output=True, text=True
    )
    assert (done.stderr, len(done.stdout.splitlines())) == ("", 1)
    assert (tmp_path / "data" / INDEX).exists()
