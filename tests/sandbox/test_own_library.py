"""A library of one's own: `--library FILE` and `Sandbox(library=…)`."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
import requests
from PIL import Image

from flickr_sandbox import Sandbox
from flickr_sandbox.own_library import LibraryProblems, read_content
from flickr_sandbox.reflection import methods
from flickr_sandbox.start import StartError
from tests.sandbox.method_table import PAGE
from tests.support.repository import ROOT
from tests.support.sandbox_client import Client
from tests.support.timeouts import TIMEOUT
from tests.support.uploader import image, video

EXAMPLE = re.findall(r"^```yaml\n(.*?)^```", PAGE.read_text("utf-8"), re.S | re.M)[0]
ALIASES = b"".join(
    b"a%d: &a%d [%s]\n" % (n, n, b",".join([b"*a%d" % (n - 1) if n else b"x"] * 10))
    for n in range(12)
)
"""A document that has a billion values if every alias is followed."""
MINIMAL: dict[str, Any] = {"people": [{"username": "sam"}]}


@pytest.fixture(scope="module")
def example(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Client]:
    """A sandbox with the example of docs/sandbox.md."""
    folder = tmp_path_factory.mktemp("own")
    (folder / "pictures").mkdir()
    (folder / "pictures" / "fox.jpg").write_bytes(image(size=(1500, 1000)))
    file = folder / "library.yaml"
    file.write_text(EXAMPLE, "utf-8")
    with Sandbox(library=file) as sandbox:
        yield Client(sandbox)


def problems_of(content: Any) -> list[str]:
    with pytest.raises(LibraryProblems) as raised:
        read_content(content)
    assert str(raised.value).splitlines() == raised.value.problems
    return raised.value.problems


def test_first_person_is_the_account(example: Client) -> None:
    answer = example.call_signed("test.login")
    assert answer["user"]["username"] == {"_content": "sam"}
    person = example.call_public("people.getInfo", user_id=answer["user"]["id"])["person"]
    assert (person["path_alias"], person["realname"]["_content"]) == ("sambox", "Sam Box")
    contacts = example.call_signed("contacts.getList")["contacts"]["contact"]
    assert [(c["username"], int(c["friend"]), int(c["family"])) for c in contacts] == [
        ("ada", 1, 0)
    ]


def test_library_holds_only_the_given_photos(example: Client) -> None:
    listed = example.call_signed("people.getPhotos", user_id="me", extras="tags,license,geo")
    photos = listed["photos"]["photo"]
    assert [photo["title"] for photo in photos] == ["2019", "A fox"]
    assert [(p["ispublic"], p["isfriend"], p["isfamily"]) for p in photos] == [(0, 1, 1), (1, 0, 0)]
    assert (photos[1]["tags"], photos[1]["license"]) == ("fox redfox", "4")
    assert float(photos[0]["latitude"]) == 52.52
    others = example.call_public("photos.getRecent", extras="date_taken")["photos"]["photo"]
    assert [photo["title"] for photo in others] == ["", "A fox"]
    assert others[0]["datetaken"] == "2024-02-01 18:30:00"


def test_full_text_search_finds_a_photo(example: Client) -> None:
    for text in ("fox", "redfox"):
        answer = example.call_public("photos.search", text=text)
        assert [photo["title"] for photo in answer["photos"]["photo"]] == ["A fox"]


def test_comments_and_favorites(example: Client) -> None:
    photo = example.call_public("photos.search", text="fox")["photos"]["photo"][0]["id"]
    comments = example.call_public("photos.comments.getList", photo_id=photo)["comments"]["comment"]
    assert [(c["authorname"], c["_content"]) for c in comments] == [("ada", "Lovely!")]
    fans = example.call_public("photos.getFavorites", photo_id=photo)["photo"]["person"]
    assert [fan["username"] for fan in fans] == ["ada"]


def test_sets_and_groups(example: Client) -> None:
    (photoset,) = example.call_signed("photosets.getList")["photosets"]["photoset"]
    assert photoset["title"] == {"_content": "Animals"}
    listed = example.call_signed("photosets.getPhotos", photoset_id=photoset["id"])["photoset"]
    assert [photo["title"] for photo in listed["photo"]] == ["A fox", "2019"]
    assert listed["primary"] == listed["photo"][1]["id"]
    (group,) = example.call_public("groups.search", text="foxes")["groups"]["group"]
    pool = example.call_public("groups.pools.getPhotos", group_id=group["nsid"])["photos"]
    assert [photo["title"] for photo in pool["photo"]] == ["A fox"]
    members = example.call_signed("groups.members.getList", group_id=group["nsid"])["members"]
    assert {member["username"] for member in members["member"]} == {"ada", "sam"}


def test_file_is_served_in_every_size(example: Client) -> None:
    photo = example.call_public("photos.search", text="fox")["photos"]["photo"][0]["id"]
    sizes = example.call_signed("photos.getSizes", photo_id=photo)["sizes"]["size"]
    assert len(sizes) > 8
    for size in sizes:
        picture = Image.open(BytesIO(requests.get(size["source"], timeout=TIMEOUT).content))
        assert picture.size == (int(size["width"]), int(size["height"]))
        red, green, blue = picture.convert("RGB").getpixel((5, 5))  # type: ignore[misc]
        assert abs(red - 30) < 9 and abs(green - 90) < 9 and abs(blue - 160) < 9, size
    original = next(size for size in sizes if size["label"] == "Original")
    content = requests.get(original["source"], timeout=TIMEOUT).content
    assert content == image(size=(1500, 1000))


def test_pages_show_it(example: Client) -> None:
    for address in ("/", "/photos/sambox/", "/people/ada/", "/groups/foxes/"):
        page = requests.get(example.sandbox.url + address, timeout=TIMEOUT)
        assert page.status_code == 200, address
    assert "3 photos" in requests.get(example.sandbox.url, timeout=TIMEOUT).text


def test_library_as_a_mapping_with_a_video_and_ids(tmp_path: Path) -> None:
    file = tmp_path / "film.mp4"
    file.write_bytes(video())
    content = {
        "people": [{"username": "sam", "nsid": "12345678@N07"}, {"username": "x", "deleted": True}],
        "photos": [{"id": 77, "file": file, "posted": 1_700_000_000}],
        "sets": [{"title": "One", "photos": [77]}],
    }
    with Sandbox(library=content) as sandbox:
        client = Client(sandbox)
        assert sandbox.account.user_id == "12345678@N07"
        photo = client.call_signed("photos.getInfo", photo_id=77)["photo"]
        assert (photo["media"], photo["title"]["_content"]) == ("video", "film")
        assert photo["dates"]["posted"] == "1700000000"
        assert photo["owner"]["nsid"] == "12345678@N07"
        assert len(client.call_signed("photosets.getList")["photosets"]["photoset"]) == 1


def test_every_method_answers_from_a_library_with_only_a_person() -> None:
    with Sandbox(library=MINIMAL) as sandbox:
        client = Client(sandbox)
        for method in methods():
            answer = client.call_signed(method.removeprefix("flickr."), user_id="me", text="a")
            assert answer["stat"] in ("ok", "fail"), method


def test_json_is_read_like_yaml(tmp_path: Path) -> None:
    file = tmp_path / "library.json"
    content = MINIMAL | {"photos": [{"title": "🦊"}]}
    file.write_text(json.dumps(content, indent="\t"), "utf-8")
    with Sandbox(library=str(file)) as sandbox:
        photo = Client(sandbox).call_public("photos.search", text="🦊")["photos"]["photo"]
        listed = Client(sandbox).call_public("photos.getRecent")["photos"]["photo"]
        assert [p["title"] for p in listed] == ["🦊"], photo


def test_content_is_the_same_for_a_seed_and_kept_with_data(tmp_path: Path) -> None:
    content = MINIMAL | {"photos": [{"title": "a"}]}
    rows = []
    for folder in ("one", "two", "one"):
        with Sandbox(library=content, data=tmp_path / folder) as sandbox:
            rows.append([tuple(row) for row in sandbox.store.all("SELECT * FROM photos")])
            account = sandbox.account
    assert rows[0] == rows[1] == rows[2]
    with Sandbox(data=tmp_path / "one") as sandbox:
        assert sandbox.account == account
    other = pytest.raises(StartError, match="was made from other content: use that")
    with other, Sandbox(library=MINIMAL, data=tmp_path / "one"):
        pass


def test_photos_and_library_exclude_each_other() -> None:
    with pytest.raises(
        ValueError, match=r"^photos and library exclude each other: use one of them$"
    ):
        Sandbox(photos=5, library=MINIMAL)


WRONG = """\
people:
  - username: sam
    alias: sam box
    contacts: [bob, sam]
  - username: no
  - realname: x
photos:
  - titel: a
    title: 2019
    privacy: everyone
    license: 99
    owner: nobody
    file: missing.jpg
    posted: yesterday
    location: { latitude: 91 }
  - file: library.yaml
    comments: [{ author: sam }]
    tags: cat
  - 5
  - file: broken.jpg
sets:
  - title: t
    photos: []
  - title: u
    photos: [x]
    title: v
stuff: 1
"""
PROBLEMS = [
    "3: people[0].alias: 'sam box' is not an alias: use letters, digits, _ and -",
    "4: people[0].contacts[0]: unknown person 'bob': use a username, alias or NSID of this library",
    "4: people[0].contacts: nobody is their own contact",
    "5: people[1].username: false is not a text: put it in quotes",
    "6: people[2]: 'username' is missing",
    "8: photos[0].titel: unknown key: use title",
    "9: photos[0].title: 2019 is not a text: put it in quotes",
    "10: photos[0].privacy: 'everyone' is unknown: use public, friends, family, friends and family,"
    " private",
    "11: photos[0].license: 99 is not a number from 0 to 16",
    "12: photos[0].owner: unknown person 'nobody': use a username, alias or NSID of this library",
    "13: photos[0].file: cannot read the file 'missing.jpg' (No such file or directory)",
    "14: photos[0].posted: 'yesterday' is not a time: use e.g. 2024-02-01 18:30:00",
    "15: photos[0].location: 'longitude' is missing",
    "15: photos[0].location.latitude: 91 is not a number of degrees from -90 to 90",
    "16: photos[1].file: the kind of the file 'library.yaml' is unknown: use JPEG, PNG, GIF, TIFF, WebP,"
    " MP4 or QuickTime",
    "17: photos[1].comments[0]: 'text' is missing",
    "18: photos[1].tags: 'cat' is not a list",
    "19: photos[2]: 5 is not a mapping of name, id, owner, file, title, description, tags, posted,"
    " taken, license, privacy, safety, content, location, views, exif, favorites, comments",
    "20: photos[3].file: the file 'broken.jpg' is broken",
    "23: sets[0].photos: a set needs at least one photo",
    "25: sets[1].photos[0]: unknown photo 'x': use a photo's name or id of this library",
    "26: sets[1].title: the key is repeated: remove one",
    "27: stuff: unknown key: use people, photos, sets, groups",
]  # fmt: skip


@pytest.fixture
def wrong(tmp_path: Path) -> Path:
    """The path of a library with a problem of each kind."""
    file = tmp_path / "library.yaml"
    file.write_text(WRONG, "utf-8")
    (tmp_path / "broken.jpg").write_bytes(image()[:60])
    return file


def test_all_problems_are_found_at_once_with_their_lines(wrong: Path) -> None:
    assert problems_of(wrong) == [f"{wrong}:{problem}" for problem in PROBLEMS]


def test_command_prints_each_problem_on_a_line(wrong: Path) -> None:
    command = [sys.executable, "-m", "pyflickr_web", "sandbox", "--port", "0", "--library"]
    done = subprocess.run(
        [*command, str(wrong)], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.splitlines() == [f"{wrong}:{problem}" for problem in PROBLEMS]


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ({"people": []}, "people: no person: the first one is the account"),
        ({"people": [{"username": "a", "deleted": True}]}, "people[0].deleted: the account cannot be"
         " deleted"),
        ({"people": [{"username": "a"}, {"username": "A"}]},
         "people[1].username: 'A' is also a name of people[0]: use another"),
        ({"people": [{"username": "a", "nsid": "1@N1"}]},
         "people[0].nsid: '1@N1' is not an NSID: use e.g. 12345678@N00"),
        ({"photos": [{"id": 1}, {"name": "1"}]},
         "photos[1].name: '1' is also a name of photos[0]: use another"),
        ({"photos": [{"tags": [str(n) for n in range(76)]}]}, "photos[0].tags: a photo has at most 75"
         " tags"),
        ({"photos": [{"title": None}]}, "photos[0].title: nothing is not a text"),
        ({"photos": [{"file": "."}]}, "photos[0].file: '.' is not a file"),
        ({"photos": {"title": "a"}}, "photos: a mapping is not a list"),
        ({"photos": [{"favorites": ["sam", "sam"]}]},
         "photos[0].favorites[1]: 'sam' is repeated: remove one"),
        ({"people": [{"username": "a"}, {"username": "b"}], "photos": [{"name": "x", "owner": "b"}],
          "sets": [{"title": "s", "photos": ["x"]}]},
         "sets[0].photos[0]: the photo has another owner than the set"),
        ({"photos": [{"id": 1}, {"id": 2}], "sets": [{"title": "s", "photos": [1], "primary": 2}]},
         "sets[0].primary: the photo is not in the set"),
        ({"people": [{"username": "a"}, {"username": "b", "deleted": True}],
          "photos": [{"owner": "b"}]}, "photos[0].owner: 'b' is deleted"),
        ({"groups": [{"name": "g", "members": ["nobody"]}]},
         "groups[0].members[0]: unknown person 'nobody': use a username, alias or NSID of this library"),
        ({"photos": [{"title": "\ud800"}]},
         "photos[0].title: the text has the character '\\ud800': remove it"),
        ({"photos": [{"title": "a\0b"}]},
         "photos[0].title: the text has the character '\\x00': remove it"),
        ({"photos": [{"file": "a\0.jpg"}]},
         "photos[0].file: the text has the character '\\x00': remove it"),
        ({"photos": [{"file": "a" * 300}]},
         f"photos[0].file: cannot read the file {'a' * 300!r} (File name too long)"),
        ({"photos": [{"a\nb": 1}]},
         "photos[0].a\\nb: unknown key: use name, id, owner, file, title, description, tags, posted, "
         "taken, license, privacy, safety, content, location, views, exif, favorites, comments"),
    ],
)  # fmt: skip
def test_problem_of_a_mapping_has_its_place(change: dict[str, Any], problem: str) -> None:
    assert problems_of(MINIMAL | change) == [f"library: {problem}"]


@pytest.mark.parametrize(
    ("name", "content", "problem"),
    [
        ("a.yaml", b"people:\n - a: [\n", ":3: invalid YAML: expected the node content"),
        (
            "a.yaml",
            b"people: !!python/object:os.system {}",
            ":1: invalid YAML: could not determine",
        ),
        ("a.json", b'{"people": [\n}', ":2: invalid JSON: Expecting value"),
        ("a.yaml", b"\xff\xfe\x00", ": not a text in UTF-8: save it as UTF-8"),
        ("a.yaml", b"a: \x00", ": invalid YAML: "),
        ("a.yaml", b"", ": nothing is not a mapping of people, photos, sets, groups"),
        ("a.yaml", b"people: &a [*a]", ":1: people[0]: a list is not a mapping of username"),
        ("a.yaml", b"[" * 5000, ": nested too deeply"),
        ("a.yaml", ALIASES, ": 'people' is missing"),
    ],
)
def test_unreadable_file(tmp_path: Path, name: str, content: bytes, problem: str) -> None:
    file = tmp_path / name
    file.write_bytes(content)
    assert problems_of(file)[0].startswith(f"{file}{problem}")


def test_missing_file_of_a_library(tmp_path: Path) -> None:
    file = tmp_path / "none.yaml"
    assert problems_of(file) == [f"{file}: cannot read the file (No such file or directory)"]


@pytest.mark.skipif(not Path("/dev/zero").exists(), reason="this system has no /dev/zero")
def test_endless_file_is_refused() -> None:
    assert problems_of("/dev/zero") == [
        "/dev/zero: larger than 64,000,000 bytes: use a smaller file"
    ]
