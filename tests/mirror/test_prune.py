"""Test the deletion of a run without a server: what goes to the trash, and what stays."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any
from unittest.mock import Mock

import pytest

from pyflickr_web.errors import FlickrError, LoginError, MirrorError, NotFoundError
from pyflickr_web.mirror.events import Events, StepAdvanced
from pyflickr_web.mirror.files.folder import MirrorFolder
from pyflickr_web.mirror.journal import Journal
from pyflickr_web.mirror.listing import Listing
from pyflickr_web.mirror.pruning import PruneOptions
from pyflickr_web.mirror.report import Report
from pyflickr_web.mirror.steps.prune import Prune
from tests.mirror.changing_account import ChangingAccount, photo, run

if TYPE_CHECKING:
    from pyflickr_web.core.flow import Flow

DATE = "2026-11-30"


class Mirror:
    """A mirror on the disk, and the account that it mirrors; `errors` are those of getInfo by id.

    `albums` and `collections` are the ids that Flickr lists the second time; the first time, none.

    The flow `forget` removes albums from the contexts of their photos.
    """

    def __init__(self, root: Path, listed: list[str], most: int | None = None) -> None:
        self.folder = MirrorFolder(root)
        self.folder.prepare()
        self.root = root
        self.account = ChangingAccount([photo(int(one)) for one in listed])
        self.first = Listing(dict.fromkeys(listed), len(listed))
        self.errors: dict[str, FlickrError] = {}
        self.forget: Callable[[Any], Flow] = _forget
        self.albums: list[str] = []
        self.collections: list[str] = []
        self.calls: list[str] = []
        self.lookups: list[str] = []
        self.events: list[Any] = []
        self.report = Report()
        self.journal = Journal(self.folder)
        session: Any = SimpleNamespace(
            folder=self.folder,
            journal=self.journal,
            report=self.report,
            events=Events(self.events.append),
            account=SimpleNamespace(user_id="me", nsid="1@N01"),
            client=SimpleNamespace(options={}),
            calls=SimpleNamespace(ends_run=lambda error: isinstance(error, LoginError)),
            call=self._call,
            work=_work,
        )
        self.put(*(f"ia/photos/{one}.json" for one in listed))
        self.prune = Prune(session, PruneOptions(is_owner=True, most=most), DATE)

    def put(self, *names: str, content: str = "x") -> None:
        """Write files."""
        for name in names:
            (self.root / name).parent.mkdir(parents=True, exist_ok=True)
            (self.root / name).write_text(content)

    def remove(self, first: Listing | None = None, **missing: list[str]) -> None:
        """Run the deletion, with the ids of albums and collections that Flickr lacks."""
        albums, collections = missing.get("albums", []), missing.get("collections", [])
        work: Any = SimpleNamespace(
            plan=SimpleNamespace(missing=albums),
            listing=Listing(total=0),
            local=[*albums, "another"],
            forget_missing=self.forget,
        )
        tree: Any = SimpleNamespace(
            plan=SimpleNamespace(missing=collections),
            listing=Listing(total=0),
            local_count=len(collections) + 1,
        )
        run(self.prune.prune(first or self.first, work, tree))

    def list_trash(self) -> list[str]:
        """Return the names of the files in the trash."""
        folder = self.root / ".trash" / DATE
        files = [
            file.relative_to(folder).as_posix() for file in folder.rglob("*") if file.is_file()
        ]
        return sorted(name for name in files if name != "SHA256SUMS")

    def _call(self, method: str, values: dict[str, Any]) -> Flow:
        self.calls.append(method)
        if method == "flickr.photosets.getList":
            items = [{"id": one} for one in self.albums]
            return {"photosets": {"page": 1, "pages": 1, "total": len(items), "photoset": items}}
        if method == "flickr.collections.getTree":
            items = [{"id": one} for one in self.collections]
            return {"collections": {"collection": items} if items else {}}
        if method != "flickr.photos.getInfo":
            return (yield from self.account.call(method, values))
        self.lookups.append(values["photo_id"])
        raise self.errors.get(values["photo_id"], NotFoundError("Photo not found", 1))


MakeMirror = Callable[..., Mirror]


@pytest.fixture
def make_mirror(tmp_path: Path) -> Iterator[MakeMirror]:
    """Make mirrors of accounts with some photos."""
    with ExitStack() as stack:

        def make(listed: list[str], most: int | None = None) -> Mirror:
            mirror = Mirror(tmp_path, listed, most)
            stack.callback(mirror.folder.close)
            return mirror

        yield make


def _forget(listed: Any) -> Flow:
    yield from ()


def _work(function: Callable[[], Any]) -> Flow:
    yield from ()
    return function()


def test_photos_that_are_not_found_go_with_all_their_files(
    make_mirror: MakeMirror, tmp_path: Path
) -> None:
    mirror = make_mirror(["1"])
    gone = ["ia/photos/2.json", "ia/photos/comments/2.json", "ia/photos/exif/2.json"]
    gone += ["images/large/2.jpg", "images/original/2.png", "ia/photos/contexts/2.json"]
    mirror.put(*gone, "ia/photos/1.json", "images/large/1.jpg", "favorites/ia/photos/2.json")
    mirror.remove()
    assert mirror.list_trash() == sorted(gone)
    assert sorted(mirror.report.removed) == sorted(gone)
    assert mirror.lookups == ["2"]
    assert mirror.events[-1] == StepAdvanced("deleting", 1)
    assert all((tmp_path / one).exists() for one in ("ia/photos/1.json", "images/large/1.jpg"))
    assert (tmp_path / "favorites/ia/photos/2.json").exists()


def test_originals_of_all_formats_go(make_mirror: MakeMirror) -> None:
    mirror = make_mirror(["1"])
    names = ["images/original/2.jpg", "images/original/2.png"]
    mirror.put(*names)
    mirror.remove()
    assert mirror.list_trash() == names


def test_empty_files_of_a_photo_go_with_the_others(make_mirror: MakeMirror) -> None:
    mirror = make_mirror(["1"])
    names = ["ia/photos/2.json", "images/large/2.jpg", "images/original/2.jpg"]
    names += ["images/original/2.png", "images/thumbnail/2.jpg"]
    mirror.put(*names[:-2])
    mirror.put(*names[-2:], "images/thumbnail/1.jpg", content="")
    mirror.remove()
    assert mirror.list_trash() == names


def test_photos_go_together_with_all_their_entries_of_the_journal(
    make_mirror: MakeMirror, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The checksums of a million photos are millions of lines, which are read for each part."""
    monkeypatch.setattr("pyflickr_web.mirror.steps.prune.CHUNK", 3)
    mirror = make_mirror(["1"])
    names = [f"ia/photos/{number}.json" for number in range(2, 9)]
    mirror.put(*names)
    mirror.journal.record(("unavailable", f"images/large/{one}.jpg", "") for one in range(1, 9))
    reads = Mock(wraps=mirror.folder.sums.find)
    monkeypatch.setattr(mirror.folder.sums, "find", reads)
    mirror.remove()
    assert mirror.list_trash() == names
    assert [len(call.args[0]) for call in reads.call_args_list] == [3, 3, 1]
    assert mirror.journal.section("unavailable").keys() == {"images/large/1.jpg"}


def test_photo_without_metadata_goes_too(make_mirror: MakeMirror) -> None:
    mirror = make_mirror(["1"])
    mirror.put("images/thumbnail/2.jpg")
    mirror.remove()
    assert mirror.list_trash() == ["images/thumbnail/2.jpg"]


def test_listing_covers_all_photos_of_the_account(make_mirror: MakeMirror) -> None:
    mirror = make_mirror(["1"])
    mirror.remove()
    [(method, values)] = mirror.account.calls
    assert method == "flickr.people.getPhotos"
    assert (values["user_id"], values["safe_search"]) == ("me", 3)
    assert values["content_types"] == "0,1,2,3"


@pytest.mark.parametrize("first", [["1", "2"], ["1", "3"], []])
def test_second_listing_must_agree(make_mirror: MakeMirror, first: list[str]) -> None:
    mirror = make_mirror(["1"])
    mirror.put("ia/photos/4.json")
    with pytest.raises(MirrorError, match="nothing was removed"):
        mirror.remove(Listing(dict.fromkeys(first), len(first)))
    assert not mirror.lookups and not mirror.list_trash()


@pytest.mark.parametrize("most", [None, 2])
def test_too_many_photos_are_not_even_asked_for(make_mirror: MakeMirror, most: int | None) -> None:
    mirror = make_mirror(["1"], most)
    mirror.put(*(f"ia/photos/{number}.json" for number in range(2, 14)))
    with pytest.raises(MirrorError, match="more than"):
        mirror.remove()
    assert not mirror.lookups and not mirror.list_trash()


@pytest.mark.parametrize("kind", ["albums", "collections"])
def test_too_many_albums_or_collections_keep_everything(make_mirror: MakeMirror, kind: str) -> None:
    """A complete, but empty answer of Flickr must not remove all of them."""
    mirror = make_mirror(["1"])
    ids = [f"1-{number}" if kind == "collections" else str(number) for number in range(1, 12)]
    folder = "ia/collections" if kind == "collections" else "ia/photosets"
    mirror.put("ia/photos/2.json", *(f"{folder}/{one}.json" for one in ids))
    with pytest.raises(MirrorError, match=f"11 of 12 {kind} left Flickr"):
        mirror.remove(None, **{kind: ids})
    assert not mirror.lookups and not mirror.list_trash()


@pytest.mark.parametrize("kind", ["albums", "collections"])
def test_second_listing_of_albums_or_collections_must_agree(
    make_mirror: MakeMirror, kind: str
) -> None:
    mirror = make_mirror(["1"])
    mirror.put("ia/photos/2.json", "ia/photosets/7.json", "ia/collections/1-7.json")
    mirror.albums, mirror.collections = ["7"], ["1-7"]
    missing = getattr(mirror, kind)
    with pytest.raises(MirrorError, match=f"Flickr listed other {kind} the second time"):
        mirror.remove(None, **{kind: missing})
    assert not mirror.lookups and not mirror.list_trash()


def test_albums_and_collections_are_listed_again_only_if_some_would_go(
    make_mirror: MakeMirror,
) -> None:
    mirror = make_mirror(["1"])
    mirror.put("ia/photos/2.json")
    mirror.remove()
    assert mirror.calls == ["flickr.people.getPhotos", "flickr.photos.getInfo"]


def test_only_not_found_removes_a_photo(make_mirror: MakeMirror) -> None:
    mirror = make_mirror(["1"])
    mirror.put("ia/photos/2.json", "ia/photos/3.json")
    mirror.errors["2"] = FlickrError("Service currently unavailable", 105)
    mirror.remove()
    assert mirror.list_trash() == ["ia/photos/3.json"]


def test_error_of_the_run_ends_it(make_mirror: MakeMirror) -> None:
    mirror = make_mirror(["1"])
    mirror.put("ia/photos/2.json", "ia/photos/3.json")
    mirror.errors = dict.fromkeys(("2", "3"), LoginError("Invalid auth token", 98))
    with pytest.raises(LoginError):
        mirror.remove()
    assert len(mirror.lookups) == 1 and not mirror.list_trash()


def test_journal_forgets_a_removed_photo_and_no_other(
    make_mirror: MakeMirror, tmp_path: Path
) -> None:
    mirror = make_mirror(["1"])
    mirror.put("ia/photos/2.json")
    mirror.journal.record(
        [
            ("outdated", "images/large/2.jpg", 1),
            ("unavailable", "images/original/2.mp4", "https://example.com/2"),
            ("damaged", "images/small/2.jpg", "00"),
            ("failed", "2", "HTTP 500"),
            ("outdated", "images/large/1.jpg", 1),
            ("outdated", "favorites/images/large/2.jpg", 1),
            ("failed", "1", "HTTP 500"),
        ]
    )
    mirror.remove()
    left = Journal(MirrorFolder(tmp_path))
    assert left.section("outdated").keys() == {"images/large/1.jpg", "favorites/images/large/2.jpg"}
    assert not left.section("unavailable") and not left.section("damaged")
    assert left.section("failed").keys() == {"1"}


def test_albums_go_after_the_contexts_of_their_photos(
    make_mirror: MakeMirror, tmp_path: Path
) -> None:
    """A run that is killed between leaves the albums, by which the next one finds the photos."""
    mirror = make_mirror(["1"])
    mirror.put("ia/photosets/7.json", "ia/photos/2.json")
    left: list[bool] = []

    def forget(listed: Any) -> Flow:
        left.append((tmp_path / "ia/photosets/7.json").exists())
        yield from ()

    mirror.forget = forget
    mirror.remove(albums=["7"])
    assert left == [True]
    assert mirror.list_trash() == ["ia/photos/2.json", "ia/photosets/7.json"]


def test_albums_and_collections_go_with_icons_that_no_other_has(
    make_mirror: MakeMirror, tmp_path: Path
) -> None:
    mirror = make_mirror(["1"])
    own, shared = "images/icon/large/own.jpg", "images/icon/small/shared.jpg"
    foreign = "images/large/1.jpg"
    mirror.put(own, shared, foreign, "ia/photosets/7.json", "ia/photosets/8.json")
    icons = {"iconlarge": f"/{own}", "iconsmall": f"/{shared}"}
    mirror.put("ia/collections/1-2.json", content=json.dumps(icons))
    mirror.put("ia/collections/1-3.json", content=json.dumps({"iconlarge": f"/{foreign}"}))
    mirror.put("ia/collections/1-4.json", content=json.dumps({"iconsmall": f"/{shared}"}))
    mirror.remove(albums=["7"], collections=["1-2", "1-3"])
    gone = ["ia/collections/1-2.json", "ia/collections/1-3.json", "ia/photosets/7.json", own]
    assert mirror.list_trash() == sorted(gone)
    assert sorted(mirror.report.removed) == sorted(gone)
    assert (tmp_path / shared).exists() and (tmp_path / foreign).exists()
