"""Test `load_locally`: the keys and their order, the items with what belongs to them, damaged files."""

from __future__ import annotations

import io
import json
import logging
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any, assert_type

import pytest

from pyflickr_web import AsyncFlickr, Flickr, load_locally
from pyflickr_web.answers import PhotoComment, PhotoInfo
from pyflickr_web.errors import FileError, MirrorError, NotFoundError
from pyflickr_web.mirror.items import LocalPhoto, PhotosetPlace
from pyflickr_web.mirror.load import LocalData
from tests.mirror.local_mirrors import LocalMirror, album, copy_node_mirror, photo
from tests.support.irregular_paths import KINDS, put
from tests.support.repository import ROOT

pytestmark = pytest.mark.usefixtures("cache")


@pytest.fixture
def mirror(tmp_path: Path) -> LocalMirror:
    """Four photos, one of them private, and two albums."""
    made = LocalMirror(tmp_path / "mirror")
    made.add_photos(photo("11", day=1), photo("12", day=3), photo("13", day=2, is_public=0))
    made.add_photos(photo("9", day=3))
    made.add_albums(album("71", ["9", "13", "11"], day=1), album("72", ["11", "12"], day=2))
    return made


def test_keys_are_in_their_order_without_private_ones(mirror: LocalMirror) -> None:
    mirror.add_albums(album("73", ["13"], day=3, visibility_can_see_set=0))
    mirror.write("ia/collections/1-1.json", {"id": "1-1", "title": "zoo"})
    mirror.write("ia/collections/1-2.json", {"id": "1-2", "title": "Alps"})
    mirror.write("ia/collections/1-3.json", {"id": "1-3", "title": "Éire"})
    with load_locally(mirror.folder) as data:
        assert data.photo_keys == ["12", "9", "11"]
        assert list(data.photos) == list(data.photo_keys)
        assert data.photoset_keys == ["72", "71"]
        assert data.collection_keys == ["1-2", "1-1", "1-3"]
    with load_locally(mirror.folder, load_private=True) as data:
        assert data.photo_keys == ["12", "9", "13", "11"]
        assert data.photoset_keys == ["73", "72", "71"]


def test_private_photo_is_found_by_its_id(mirror: LocalMirror) -> None:
    with load_locally(mirror.folder) as data:
        assert "13" in data.photos
        assert data.photos["13"]["id"] == "13"
        assert "13" not in data.photo_keys
        assert len(data.photos) == 3


def test_keys_behave_as_a_list(mirror: LocalMirror) -> None:
    with load_locally(mirror.folder) as data:
        keys: Any = data.photo_keys
        assert (keys[0], keys[-1], keys[1:], keys.index("11")) == ("12", "11", ["9", "11"], 2)
        assert keys == ("12", "9", "11") and keys != ["12"] and keys != "12"
        assert "11" in keys and "14" not in keys and "x" not in keys and 11 not in keys
        assert "12" in repr(keys)
        with pytest.raises(IndexError):
            keys[3]


def test_keys_only_contain_and_equal_ids_as_they_are_written(mirror: LocalMirror) -> None:
    with load_locally(mirror.folder) as data:
        for value in ("011", "1" * 5000, "\u0661\u0661", "", "0", 11, None):
            assert value not in data.photo_keys
        assert data.photo_keys != [12, 9, 11]
        assert data.photo_keys != ["12", "9", None]


def test_photo_has_its_comments_contexts_sets_and_files(mirror: LocalMirror) -> None:
    comment = {"id": "1", "authorname": "ann", "datecreate": "1300000000", "_content": "Nice"}
    contexts = {"set": [{"id": "71"}], "pool": [{"id": "5@N05"}]}
    mirror.write("ia/photos/comments/11.json", {"photo_id": "11", "comment": [comment]})
    mirror.write("ia/photos/contexts/11.json", contexts)
    original = mirror.write("images/original/11.png", b"picture")
    small = mirror.write("images/square/small/11.jpg", b"picture")
    mirror.write("images/large/11.jpg", b"")
    with load_locally(mirror.folder) as data:
        item: Mapping[str, Any] = data.photos["11"]
        assert item["comments"] == [comment]
        assert item["contexts"] == contexts
        # The newest album is first; the order in each is Flickr's.
        assert item["sets"] == [
            {"id": "72", "prev": None, "next": "12"},
            {"id": "71", "prev": "13", "next": None},
        ]
        # An empty file does not count.
        assert item["files"] == {"o": str(original), "s": str(small)}
        other = data.photos["12"]
        assert (other["comments"], other["contexts"], other["files"]) == ([], {}, {})
        assert data.photosets["71"]["photos"] == ["9", "13", "11"]


def test_private_album_is_only_among_the_sets_of_a_photo_if_asked(mirror: LocalMirror) -> None:
    mirror.add_albums(album("73", ["12"], day=3, visibility_can_see_set=0))
    with load_locally(mirror.folder) as data:
        assert [place["id"] for place in data.photos["12"]["sets"]] == ["72"]
    with load_locally(mirror.folder, True) as data:
        assert [place["id"] for place in data.photos["12"]["sets"]] == ["73", "72"]


def test_original_of_a_video_is_found(mirror: LocalMirror) -> None:
    mirror.add_photos(photo("20", media="video", originalformat="jpg"))
    video = mirror.write("images/original/20.mp4", b"video")
    with load_locally(mirror.folder) as data:
        assert data.photos["20"]["files"] == {"o": str(video)}


@pytest.mark.parametrize("name", ["", "7", "../71", "71.json", "9" * 19, "9" * 40, "1-1", None])
def test_unknown_id_is_a_key_error(mirror: LocalMirror, name: Any) -> None:
    with load_locally(mirror.folder) as data:
        for items in (data.photos, data.photosets, data.collections):
            assert name not in items
            assert items.get(name) is None
            with pytest.raises(KeyError):
                items[name]


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "the file is empty"),
        (b'{"id": "12"', "invalid JSON: line 1"),
        (b"[1]", "it has no JSON object"),
        (b'{"id": "\xff"}', "invalid JSON: it is not UTF-8"),
        (b"[" * 100_000, "invalid JSON"),
    ],
)
def test_damaged_file_is_named_and_left_out(
    mirror: LocalMirror, content: bytes, reason: str
) -> None:
    file = mirror.write("ia/photos/12.json", content)
    with load_locally(mirror.folder) as data:
        assert data.photo_keys == ["9", "11"]
        [(name, problem)] = data.damaged_files.items()
        assert name == "ia/photos/12.json" and reason in problem
        assert "12" not in data.photos
        with pytest.raises(MirrorError, match=r"ia/photos/12\.json' is damaged .*downsync"):
            data.photos["12"]
    assert file.read_bytes() == content


def test_photo_with_damaged_comments_has_none_and_a_warning(
    mirror: LocalMirror, caplog: pytest.LogCaptureFixture
) -> None:
    mirror.write("ia/photos/comments/12.json", b"{")
    mirror.write("ia/photos/contexts/12.json", b"")
    with load_locally(mirror.folder) as data, caplog.at_level(logging.WARNING):
        item = data.photos["12"]
        assert (item["comments"], item["contexts"]) == ([], {})
        assert list(data.damaged_files) == ["ia/photos/comments/12.json"]
    assert "comments/12.json" in caplog.text and "contexts/12.json" in caplog.text


@pytest.mark.parametrize("is_empty", [True, False])
def test_folder_without_a_mirror_is_named_and_untouched(tmp_path: Path, is_empty: bool) -> None:
    folder = tmp_path / "somewhere"
    if is_empty:
        folder.mkdir()
    with pytest.raises(MirrorError, match=r"no mirror at .*somewhere.*: make one with"):
        load_locally(folder)
    assert folder.exists() == is_empty
    assert not is_empty or not list(folder.iterdir())
    assert not (tmp_path / "cache").exists()


def test_link_to_itself_is_a_damaged_file(mirror: LocalMirror) -> None:
    (mirror.folder / "ia/photos/14.json").symlink_to("14.json")
    with load_locally(mirror.folder) as data:
        assert len(data.photo_keys) == 3
        assert data.damaged_files.keys() == {"ia/photos/14.json"}


@pytest.mark.parametrize("kind", KINDS)
def test_irregular_files_are_neither_waited_for_nor_an_end(mirror: LocalMirror, kind: str) -> None:
    mirror.write("ia/photos/comments/11.json", {})
    mirror.write("ia/photos/contexts/11.json", {})
    for name in ("comments/11", "contexts/11", "9"):
        put(kind, mirror.folder / f"ia/photos/{name}.json")
    with load_locally(mirror.folder) as data:
        assert data.photo_keys == ["12", "11"]
        assert (data.photos["11"]["comments"], data.photos["11"]["contexts"]) == ([], {})
        with pytest.raises(MirrorError, match=r"'.*9\.json' is damaged"):
            data.photos["9"]


def test_file_instead_of_a_folder_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    with pytest.raises(MirrorError, match="not a folder"):
        load_locally(tmp_path / "file")


def test_mirror_of_an_account_without_photos_is_empty(tmp_path: Path) -> None:
    LocalMirror(tmp_path / "data").write(".mirror/owner.json", {"nsid": "1@N01"})
    shutil.rmtree(tmp_path / "data/ia")
    # The default folder is ./data.
    with load_locally() as data:
        assert (list(data.photos), list(data.photosets), list(data.collections)) == ([], [], [])
        assert data.find("x") == []


@pytest.mark.parametrize("client", [Flickr, AsyncFlickr])
def test_clients_load_without_an_instance(mirror: LocalMirror, client: Any) -> None:
    with client.load_locally(mirror.folder, load_private=True) as data:
        assert isinstance(data, LocalData)
        assert len(data.photos) == 4


def test_items_are_typed_as_the_answers_of_the_client(mirror: LocalMirror) -> None:
    """The types are checked by mypy, in `make lint`."""
    with load_locally(mirror.folder) as data:
        item = data.photos["11"]
        assert_type(item, LocalPhoto)
        assert_type(item["comments"], list[PhotoComment])
        assert_type(item["sets"], list[PhotosetPlace])
        assert_type(item["title"]["_content"], str)
        assert_type(data.photosets["71"]["photos"], list[str])
        assert_type(data.photo_keys[0], str)
        assert type(item) is dict
    assert set(LocalPhoto.__annotations__) >= set(PhotoInfo.__annotations__)


def test_edit_in_place_shows_in_the_item_and_in_the_keys_after_refresh(mirror: LocalMirror) -> None:
    mirror.age()
    with load_locally(mirror.folder) as data:
        assert data.photo_keys == ["12", "9", "11"]
    mirror.add_photos(photo("11", day=9, title={"_content": "New"}))
    mirror.age()
    with load_locally(mirror.folder) as data:
        assert data.photos["11"]["title"]["_content"] == "New"
        assert data.photo_keys == ["12", "9", "11"]
    with load_locally(mirror.folder, refresh=True) as data:
        assert data.photo_keys == ["11", "12", "9"]


def test_dump_is_json_of_the_keys(mirror: LocalMirror, tmp_path: Path) -> None:
    mirror.add_photos(photo("12", day=3, title={"_content": "日本 \ud800"}))
    mirror.write("ia/collections/1-1.json", {"id": "1-1", "title": "zoo"})
    with load_locally(mirror.folder) as data:
        stream = io.StringIO()
        data.dump(stream)
        data.dump(tmp_path / "dump.json")
        dumped = json.loads((tmp_path / "dump.json").read_text("utf-8"))
        assert json.loads(stream.getvalue()) == dumped
        assert dumped == {
            "photos": dict(data.photos.items()),
            "photo_keys": ["12", "9", "11"],
            "photosets": dict(data.photosets.items()),
            "photoset_keys": ["72", "71"],
            "collections": {"1-1": {"id": "1-1", "title": "zoo"}},
            "collection_keys": ["1-1"],
        }
    with load_locally(mirror.folder, True) as data:
        data.dump(tmp_path / "dump.json")
    assert "13" in json.loads((tmp_path / "dump.json").read_text("utf-8"))["photos"]


def test_dump_of_an_empty_mirror_is_json(tmp_path: Path) -> None:
    with load_locally(LocalMirror(tmp_path / "mirror").folder) as data:
        stream = io.StringIO()
        data.dump(stream)
    assert json.loads(stream.getvalue())["photos"] == {}


def test_dump_reads_one_item_at_a_time(mirror: LocalMirror) -> None:
    """The first item is written before the second is read."""
    written: list[str] = []

    class Stream(io.StringIO):
        def write(self, text: str) -> int:
            written.append(text)
            (mirror.folder / "ia/photos/9.json").unlink(missing_ok=True)
            return len(text)

    with load_locally(mirror.folder) as data:
        data.dump(Stream())
    # A file that is removed meanwhile is left out.
    dumped = json.loads("".join(written))
    assert list(dumped["photos"]) == dumped["photo_keys"] == ["12", "11"]


def test_dump_into_a_folder_is_a_file_error(mirror: LocalMirror, tmp_path: Path) -> None:
    with load_locally(mirror.folder) as data, pytest.raises(FileError):
        data.dump(tmp_path)


def test_unknown_album_is_named(mirror: LocalMirror) -> None:
    with load_locally(mirror.folder) as data, pytest.raises(NotFoundError, match="'Alps'"):
        data.find(album="Alps")


def test_mirror_of_npm_has_the_keys_of_npm(tmp_path: Path) -> None:
    """Both load the fixture; only the order of collections is npm's own."""
    mirror = copy_node_mirror(tmp_path / "mirror")
    (tmp_path / "data/flickr").mkdir(parents=True)
    script = ROOT / "tests/mirror/load_locally.mjs"
    loaded = json.loads(
        subprocess.run(
            ["node", script, mirror.folder], cwd=tmp_path, capture_output=True, check=True
        ).stdout
    )
    with load_locally(mirror.folder, load_private=True) as data:
        assert list(data.photo_keys) == loaded["photos"]
        assert list(data.photoset_keys) == loaded["photosets"]
        assert sorted(data.collection_keys) == sorted(loaded["collections"])
        titles = [data.collections[key]["title"] for key in data.collection_keys]
        assert titles == sorted(titles)
        in_sets = {key for key, item in data.photos.items() if item["sets"]}
        assert in_sets == set(loaded["inPhotosets"])
        assert data.damaged_files == {}


def test_load_imports_no_library_of_calls() -> None:
    code = (
        "import sys; from pyflickr_web import load_locally; import pyflickr_web.mirror.load; "
        "print(*{'requests', 'aiohttp', 'oauthlib', 'click', 'rich'} & set(sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT)
    assert (done.stdout, done.stderr) == ("\n", "")
