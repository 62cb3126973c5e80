"""Test the names of a mirror's files: node-flickrapi's, valid on Windows, never outside its folder."""

from __future__ import annotations

import os
from pathlib import Path, PureWindowsPath

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pyflickr_web.mirror.layout import (
    FAVORITES,
    ICON_SIZES,
    SIZE_FOLDERS,
    MirrorFile,
    Tree,
    parse_name,
    parse_part_name,
    part_name,
)

FIXTURES = Path(os.environ.get("FLICKR_FIXTURES", "none")) / "node-mirror"
# Device names of Windows, which no file can have, with or without an extension.
DEVICES = {
    "con",
    "prn",
    "aux",
    "nul",
    *(f"{name}{n}" for name in ("com", "lpt") for n in range(10)),
}
HOSTILE = [
    "",
    "..",
    "../1",
    "/1",
    "1/2",
    "1\\2",
    "C:1",
    "1\0",
    "\u0661",
    "\uff11",
    "-1",
    "01",
    "1" * 20,
    "con",
    "1\n",
]

_hostile_text = st.text(max_size=30) | st.sampled_from(
    ["../../x.gif", "CON.gif", "nul.png", "a:b.gif", "x.gif.", " x.gif", "..%2fx.gif", "X.GIF"]
)


def assert_safe(name: str) -> None:
    """Fail unless a name stays in the folder and is valid on Windows."""
    parts = name.split("/")
    assert not PureWindowsPath(name).drive and not name.startswith("/")
    for part in parts:
        assert part.isascii() and part.isprintable() and part == part.lower(), name
        assert part not in ("", ".", "..") and not part.endswith((".", " ")), name
        assert not set(part) & set('<>:"\\|?*') and len(part) <= 120, name
        assert part.partition(".")[0] not in DEVICES, name


@pytest.mark.skipif(not FIXTURES.is_dir(), reason="FLICKR_FIXTURES has no mirror")
def test_names_are_those_of_node_flickrapi() -> None:
    names = [
        file.relative_to(FIXTURES).as_posix() for file in FIXTURES.rglob("*") if file.is_file()
    ]
    assert len(names) > 100
    assert [name for name in names if parse_name(name) is None] == []


def test_every_name_is_parsed_back() -> None:
    for prefix in ("", FAVORITES):
        tree = Tree(prefix)
        for kind in ("photo", "comments", "contexts", "exif", "photoset"):
            assert parse_name(tree.document(kind, "53")) == MirrorFile(kind, "53", tree=prefix)
        collection = MirrorFile("collection", "10-721", tree=prefix)
        assert parse_name(tree.document("collection", "10-721")) == collection
        for size in SIZE_FOLDERS:
            picture = MirrorFile("picture", "53", size, "png", prefix)
            assert parse_name(tree.picture("53", size, "png")) == picture
        for size in ICON_SIZES:
            icon = MirrorFile("icon", "a_l.gif", size, "gif", prefix)
            assert parse_name(tree.icon(size, "https://example.com/pw/a_l.gif?x=/b.gif")) == icon


@pytest.mark.parametrize("item_id", HOSTILE)
def test_hostile_ids_and_formats_are_refused(item_id: str) -> None:
    tree = Tree()
    for kind in ("photo", "comments", "contexts", "exif", "photoset", "collection"):
        with pytest.raises(ValueError, match="invalid id"):
            tree.document(kind, item_id)
    with pytest.raises(ValueError, match="invalid id"):
        tree.picture(item_id, "o", "jpg")
    with pytest.raises(ValueError, match="invalid format"):
        tree.picture("1", "o", item_id + "/x")
    with pytest.raises(ValueError, match="invalid size"):
        tree.picture("1", item_id + "/x", "jpg")


@given(st.sampled_from(ICON_SIZES), _hostile_text)
def test_any_icon_address_has_a_safe_name(size: str, text: str) -> None:
    for url in (text, f"https://example.com/{text}"):
        name = Tree().icon(size, url)
        assert_safe(name)
        assert parse_name(name) is not None


@given(
    st.text(max_size=40), st.sampled_from(["", "ia/photos/", "images/large/", "images/icon/small/"])
)
def test_only_safe_names_are_the_mirrors_own(text: str, folder: str) -> None:
    name = folder + text
    if parse_name(name):
        assert_safe(name)


def test_incomplete_files_are_beside_their_pictures() -> None:
    part = part_name("images/large/53.jpg")
    assert part == "images/large/.53.jpg.part"
    assert parse_part_name(part) == "images/large/53.jpg"
    assert parse_name(part) is None
    assert parse_part_name("images/large/.notes.part") is None
    assert parse_part_name("images/large/53.jpg") is None
