"""Test that downsync removes what left Flickr only on demand, and only if that is certain."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from flickr_sandbox import Fault
from pyflickr_web.errors import LoginError, MirrorError
from pyflickr_web.mirror.events import WorkPlanned
from pyflickr_web.mirror.report import Report
from pyflickr_web.mirror.session.session import Session
from tests.mirror.mirroring import Mirroring, read_files

if TYPE_CHECKING:
    from pyflickr_web.core.flow import Flow

SIZES = "original,thumbnail"
GET_LIST, GET_TREE = "flickr.photosets.getList", "flickr.collections.getTree"
# Wrong answers with their methods: without a list, empty ones, and ones with a part of the list.
WITHOUT_LIST: list[tuple[str, Any]] = [
    (GET_LIST, {"photosets": {}}),
    (GET_LIST, {"photosets": {"page": 1, "pages": 0, "total": 0}}),
    (GET_TREE, {"collections": {"collection": None}}),
]
WRONG_ANSWERS: list[tuple[str, Any]] = [
    *WITHOUT_LIST,
    (GET_LIST, {"photosets": {"page": 1, "pages": 0, "total": 0, "photoset": []}}),
    (GET_LIST, lambda found: {"photosets": {"total": 1, "photoset": found["photoset"][:1]}}),
    (GET_LIST, lambda found: {"photosets": {**found, "photoset": found["photoset"][:1]}}),
    (GET_TREE, {"collections": {}}),
    (GET_TREE, {"collections": {"collection": []}}),
    (GET_TREE, lambda found: {"collections": {"collection": found["collection"][:1]}}),
]


def _trash(folder: Path) -> dict[str, bytes]:
    """Return the files in the trash by their names in the mirror."""
    days = list((folder / ".trash").iterdir()) if (folder / ".trash").is_dir() else []
    return {name: data for day in days for name, data in read_files(day).items()}


def _delete_photos(mirroring: Mirroring, count: int) -> list[str]:
    ids = [photo["id"] for photo in mirroring.list_photos()[:count]]
    for photo_id in ids:
        mirroring.call("photos.delete", photo_id=photo_id)
    return ids


def _files_of(folder: Path, photo_ids: list[str]) -> dict[str, bytes]:
    return {
        name: data
        for name, data in read_files(folder).items()
        if Path(name).stem in photo_ids and ".trash" not in name
    }


def test_deleted_photos_stay_and_are_counted(either: Mirroring) -> None:
    either.begin(sizes=SIZES)
    deleted = _delete_photos(either, 2)
    before = _files_of(either.folder, deleted)
    for full in (False, True):
        report = either.run(sizes=SIZES, full=full)
        assert report.is_complete, report.summarize()
        assert report.deleted_at_flickr == 2
        # Albums that lose all of their photos are deleted, too.
        assert any(line.startswith("kept here: 2 photos") for line in report.summarize())
        assert _files_of(either.folder, deleted) == before


def test_deleted_albums_and_collections_stay_and_are_counted(mirroring: Mirroring) -> None:
    mirroring.begin(sizes=SIZES)
    before = read_files(mirroring.folder)
    for album in mirroring.list_albums()[:2]:
        mirroring.call("photosets.delete", photoset_id=album["id"])
    # The tree has all collections in those of the first level.
    top = mirroring.sandbox.store.value(
        "SELECT id FROM collections WHERE parent IS NULL AND owner = :own LIMIT 1",
        own=mirroring.sandbox.account.user_id,
    )
    mirroring.sandbox.store.run("DELETE FROM collections WHERE :id IN (id, parent)", id=top)
    for _ in range(2):
        report = mirroring.run(sizes=SIZES)
        assert "kept here: 2 albums, 1 collection that left Flickr" in report.summarize()
        after = read_files(mirroring.folder)
        assert before.keys() == after.keys()
    report = mirroring.run(sizes=SIZES, remove_deleted=True)
    assert (report.kept_albums, report.kept_collections) == (0, 0)
    assert not any(line.startswith("kept") for line in report.summarize())


def test_deleted_photos_move_to_the_trash_on_demand(either: Mirroring) -> None:
    either.begin(sizes=SIZES)
    deleted = _delete_photos(either, 2)
    before = _files_of(either.folder, deleted)
    report = either.run(sizes=SIZES, remove_deleted=True)
    assert report.is_complete, report.summarize()
    removed = {name for name in report.removed if "photosets" not in name}
    assert removed == before.keys()
    assert not _files_of(either.folder, deleted)
    trash = _trash(either.folder)
    sums = trash.pop("SHA256SUMS").decode().split("\n")
    assert {name: trash[name] for name in removed} == before
    assert {hashlib.sha256(data).hexdigest() + "  " + name for name, data in before.items()} <= {
        *sums
    }
    listed = {
        line.split("  ")[1] for line in (either.folder / "SHA256SUMS").read_text().splitlines()
    }
    assert not listed & before.keys()
    assert either.sandbox.calls["flickr.photos.getInfo"] == 2


def test_dry_run_tells_what_would_go_and_moves_nothing(mirroring: Mirroring) -> None:
    mirroring.begin(sizes="thumbnail")
    deleted = _delete_photos(mirroring, 2)
    mirroring.call("photosets.delete", photoset_id=mirroring.list_albums()[-1]["id"])
    local = {file.stem for file in (mirroring.folder / "ia/photosets").iterdir()}
    # With the photos, some albums became empty, which deletes them.
    albums = local - {album["id"] for album in mirroring.list_albums()}
    before = read_files(mirroring.folder, state=True)
    events: list[Any] = []

    def plan(**options: Any) -> tuple[Report, set[str]]:
        events.clear()
        report = mirroring.run(sizes="thumbnail", dry_run=True, on_event=events.append, **options)
        planned = [event for event in events if isinstance(event, WorkPlanned)]
        return report, {event.id for event in planned if event.parts == ("remove",)}

    assert plan(remove_deleted=True)[1] == {*deleted, *albums}
    assert albums
    assert plan()[1] == set()
    # Who is asked to confirm a removal needs to see it.
    report, removed = plan(remove_deleted=True, max_prune=1)
    assert removed == {*deleted, *albums}
    text = "more than 1; dry_run (--dry-run) lists them; if that is right, set max_prune"
    assert text in report.failed["remove_deleted"]
    assert report.summarize()[0].startswith("failed: removal: nothing was removed")
    assert read_files(mirroring.folder, state=True) == before


def _replace_answers(
    patch: pytest.MonkeyPatch, method: str, numbers: Collection[int], answer: Any
) -> None:
    """Replace the answers of some calls of a method in a run, such as the first one."""
    call, calls = Session.call, [0]

    def replace(session: Session, name: str, values: dict[str, Any]) -> Flow:
        found = yield from call(session, name, values)
        calls[0] += name == method
        if name != method or calls[0] not in numbers:
            return found
        return answer(next(iter(found.values()))) if callable(answer) else answer

    patch.setattr(Session, "call", replace)


def test_albums_and_collections_are_removed(mirroring: Mirroring) -> None:
    mirroring.begin(sizes="thumbnail")
    album = mirroring.list_albums()[0]["id"]
    tree = mirroring.call("collections.getTree")["collections"]["collection"]
    mirroring.call("photosets.delete", photoset_id=album)
    mirroring.sandbox.store.run(
        "DELETE FROM collections WHERE id = :id OR parent = :id", id=tree[0]["id"]
    )
    kept = mirroring.run(sizes="thumbnail")
    names = [f"ia/photosets/{album}.json", f"ia/collections/{tree[0]['id']}.json"]
    assert kept.removed == []
    assert all((mirroring.folder / name).exists() for name in names)
    assert mirroring.run(sizes="thumbnail", remove_deleted=True).removed == names
    contexts = [json.loads(data) for data in _documents(mirroring, "contexts")]
    assert album not in [item["id"] for one in contexts for item in one.get("set", [])]


@pytest.mark.parametrize("number", [1, 2])
@pytest.mark.parametrize(("method", "answer"), WRONG_ANSWERS)
def test_one_wrong_answer_removes_no_albums_and_collections(
    mirroring: Mirroring,
    monkeypatch: pytest.MonkeyPatch,
    method: str,
    answer: Any,
    number: int,
) -> None:
    """One album or collection left Flickr, and one of the answers that show it lacks others too."""
    mirroring.begin(sizes="thumbnail")
    item_id, kind = ("9000", "photosets") if method == GET_LIST else ("1-2", "collections")
    file = mirroring.folder / f"ia/{kind}/{item_id}.json"
    file.write_text(json.dumps({"id": item_id}))
    before = read_files(mirroring.folder)
    _replace_answers(monkeypatch, method, [number], answer)
    report = mirroring.run(sizes="thumbnail", remove_deleted=True, max_prune=100)
    assert not report.removed
    assert read_files(mirroring.folder) == before
    assert number == 1 or "nothing was removed: Flickr listed" in report.failed["remove_deleted"]


@pytest.mark.parametrize(("method", "answer"), WITHOUT_LIST)
def test_answers_without_a_list_are_incomplete(
    mirroring: Mirroring, monkeypatch: pytest.MonkeyPatch, method: str, answer: Any
) -> None:
    mirroring.begin(sizes="thumbnail")
    before = read_files(mirroring.folder)
    _replace_answers(monkeypatch, method, [1, 2], answer)
    assert not mirroring.run(sizes="thumbnail", remove_deleted=True, max_prune=100).removed
    assert read_files(mirroring.folder) == before


def test_dry_run_shows_no_removals_after_one_wrong_answer(
    mirroring: Mirroring, monkeypatch: pytest.MonkeyPatch
) -> None:
    mirroring.begin(sizes="thumbnail")
    _replace_answers(monkeypatch, GET_TREE, [1], {"collections": {}})
    report = mirroring.run(sizes="thumbnail", remove_deleted=True, max_prune=9, dry_run=True)
    assert "other collections the second time" in report.failed["remove_deleted"]


@pytest.mark.parametrize(("kind", "method"), [("photosets", GET_LIST), ("collections", GET_TREE)])
def test_all_albums_or_collections_go_after_two_equal_answers_and_confirmation(
    mirroring: Mirroring, kind: str, method: str
) -> None:
    """Flickr's answers for an account without albums or collections are complete listings."""
    mirroring.begin(sizes="thumbnail")
    names = {f"ia/{kind}/{file.name}" for file in (mirroring.folder / f"ia/{kind}").iterdir()}
    assert 1 < len(names) < 20
    mirroring.sandbox.store.run(f"DELETE FROM {kind}")
    refused = mirroring.run(sizes="thumbnail", remove_deleted=True)
    assert (refused.removed, refused.needed_max_prune) == ([], len(names))
    report = mirroring.run(sizes="thumbnail", remove_deleted=True, max_prune=len(names))
    assert {*report.removed} >= names
    assert mirroring.sandbox.calls[method] == 2
    assert mirroring.run(sizes="thumbnail", remove_deleted=True).removed == []
    assert mirroring.sandbox.calls[method] == 1


@pytest.mark.parametrize("options", [{}, {"max_prune": 0}], ids=str)
def test_empty_listings_of_albums_and_collections_change_nothing(
    mirroring: Mirroring, options: dict[str, Any]
) -> None:
    """An answer that is complete, but empty, neither removes all albums nor changes contexts."""
    mirroring.begin(sizes="thumbnail")
    for number in range(12):
        file = mirroring.folder / f"ia/photosets/{9_000 + number}.json"
        photo_id = mirroring.list_photos()[number]["id"]
        file.write_text(json.dumps({"id": file.stem, "photos": [photo_id]}))
    before = read_files(mirroring.folder)
    mirroring.sandbox.store.run("DELETE FROM photosets")
    mirroring.sandbox.store.run("DELETE FROM collections")
    report = mirroring.run(sizes="thumbnail", remove_deleted=True, **options)
    assert "albums left Flickr, more than" in report.failed["remove_deleted"]
    assert not report.removed
    contexts = [name for name in before if name.startswith("ia/photos/contexts/")]
    after = read_files(mirroring.folder)
    assert after.keys() == before.keys()
    with_albums = [name for name in contexts if "set" in json.loads(before[name])]
    assert with_albums
    assert all("set" in json.loads(after[name]) for name in with_albums)


def _documents(mirroring: Mirroring, kind: str) -> list[bytes]:
    return [file.read_bytes() for file in (mirroring.folder / f"ia/photos/{kind}").iterdir()]


@pytest.mark.parametrize(
    "options", [{"albums": ["x"]}, {"since": "2020-01-01"}, {"videos": False}], ids=str
)
def test_part_of_an_account_is_never_pruned(mirroring: Mirroring, options: dict[str, Any]) -> None:
    with pytest.raises(MirrorError, match="needs the whole account"):
        mirroring.run(remove_deleted=True, **options)
    assert not mirroring.api_calls


def test_other_persons_mirror_is_not_pruned(mirroring: Mirroring) -> None:
    with pytest.raises(MirrorError, match="sign in as that person"):
        mirroring.run(remove_deleted=True, user="10000001@N01")


def test_many_deleted_photos_need_confirmation(mirroring: Mirroring) -> None:
    mirroring.begin(sizes="thumbnail")
    count = len(mirroring.list_photos()) - 3
    _delete_photos(mirroring, count)
    before = read_files(mirroring.folder)
    report = mirroring.run(sizes="thumbnail", remove_deleted=True)
    assert f"set max_prune (--max-prune) to {count}" in report.failed["remove_deleted"]
    assert not report.removed
    assert read_files(mirroring.folder).keys() == before.keys()
    assert mirroring.run(sizes="thumbnail", remove_deleted=True, max_prune=count).removed


@pytest.mark.parametrize(
    ("code", "message"),
    [(2, "Permission denied"), (97, "Missing signature"), (105, "Service unavailable")],
)
def test_any_other_answer_than_not_found_keeps_a_photo(
    mirroring: Mirroring, code: int, message: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    mirroring.begin(sizes="thumbnail")
    monkeypatch.setattr("pyflickr_web.transports.threads._pause", lambda seconds: None)
    deleted = _delete_photos(mirroring, 1)
    mirroring.sandbox.faults.add(
        Fault("error", code=code, message=message), "flickr.photos.getInfo"
    )
    with suppress(LoginError):
        mirroring.run(sizes="thumbnail", remove_deleted=True)
    assert _files_of(mirroring.folder, deleted)


def test_private_photo_of_an_unlisted_moment_is_kept(mirroring: Mirroring) -> None:
    """A photo that listings lack, but that Flickr still has, stays."""
    mirroring.begin(sizes="thumbnail")
    photo_id = mirroring.list_photos()[0]["id"]
    mirroring.sandbox.store.run(
        "UPDATE photos SET owner = '10000001@N01' WHERE id = :id", id=int(photo_id)
    )
    report = mirroring.run(sizes="thumbnail", remove_deleted=True)
    assert not report.removed
    assert _files_of(mirroring.folder, [photo_id])


def test_listing_that_changes_while_pruning_removes_nothing(mirroring: Mirroring) -> None:
    mirroring.begin(sizes="thumbnail")
    deleted = _delete_photos(mirroring, 1)
    others = [photo["id"] for photo in mirroring.list_photos()]

    def change(event: Any) -> None:
        if getattr(event, "step", "") == "deleting" and type(event).__name__ == "StepStarted":
            mirroring.sandbox.store.run("DELETE FROM photos WHERE id = :id", id=int(others[0]))

    report = mirroring.run(sizes="thumbnail", remove_deleted=True, on_event=change)
    assert "Flickr listed other photos the second time" in report.failed["remove_deleted"]
    assert not report.removed
    assert _files_of(mirroring.folder, [*deleted, others[0]])


def test_files_of_others_are_never_touched(mirroring: Mirroring) -> None:
    mirroring.begin(sizes="thumbnail")
    deleted = _delete_photos(mirroring, 1)
    own = mirroring.folder / f"images/thumbnail/{deleted[0]} (copy).jpg"
    own.write_bytes(b"mine")
    (mirroring.folder / "notes.txt").write_bytes(b"mine")
    mirroring.run(sizes="thumbnail", remove_deleted=True)
    assert own.read_bytes() == (mirroring.folder / "notes.txt").read_bytes() == b"mine"
