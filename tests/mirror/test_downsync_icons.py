"""Test that a run fetches the icons of collections, and goes on if Flickr does not give one."""

from __future__ import annotations

from typing import Any

import pytest

from tests.mirror.mirroring import Mirroring, edit_answers, read_document, skip_pauses

SIZES = "thumbnail"
TREE = "flickr.collections.getTree"


def _set_icon(monkeypatch: pytest.MonkeyPatch, url: str) -> None:
    """Give the first collection an icon at another address."""

    def edit(answer: dict[str, Any]) -> None:
        answer["collections"]["collection"][0]["iconlarge"] = url

    edit_answers(monkeypatch, TREE, edit)


def test_icon_that_fails_is_reported_and_delays_nothing(
    mirroring: Mirroring, monkeypatch: pytest.MonkeyPatch
) -> None:
    tree = mirroring.call("collections.getTree")["collections"]["collection"]
    _set_icon(monkeypatch, "ftp://example.com/mosaic.gif")
    report = mirroring.run(sizes=SIZES)
    assert report.failed.keys() == {"mosaic.gif"}
    assert report.written_collections == len(tree)
    icon = read_document(mirroring.folder, f"ia/collections/{tree[0]['id']}.json")["iconlarge"]
    assert icon == "/images/icon/large/mosaic.gif"
    pictures = len(list((mirroring.folder / "images/thumbnail").iterdir()))
    assert pictures == len(mirroring.list_photos())


def test_icon_that_flickr_does_not_give_is_tried_again_by_a_full_run(
    mirroring: Mirroring, monkeypatch: pytest.MonkeyPatch
) -> None:
    mirroring.begin(sizes=SIZES)
    _set_icon(monkeypatch, "/images/missing.gif")
    for full, requests in ((False, 4), (False, 0), (True, 4)):
        report = mirroring.run(sizes=SIZES, full=full)
        assert report.is_complete
        assert list(report.unavailable) == ["images/icon/large/missing.gif"] * (requests > 0)
        assert mirroring.sandbox.calls["files"] == requests


def test_icon_that_fails_at_first_comes_at_the_end_of_the_run(
    mirroring: Mirroring, monkeypatch: pytest.MonkeyPatch
) -> None:
    skip_pauses(monkeypatch)

    def fail(event: Any) -> None:
        if getattr(event, "step", "") == "collections" and type(event).__name__ == "StepStarted":
            mirroring.sandbox.faults.add("500", where="files", times=4)

    assert mirroring.run(sizes=SIZES, on_event=fail).is_complete
    tree = mirroring.call("collections.getTree")["collections"]["collection"]
    for collection in tree:
        found = read_document(mirroring.folder, f"ia/collections/{collection['id']}.json")
        for name in (found["iconlarge"], found["iconsmall"]):
            assert (mirroring.folder / name.lstrip("/")).is_file()
