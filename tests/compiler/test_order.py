"""The order of names: all methods once, wherever they stand."""

from __future__ import annotations

import re

from compiler import order, pack, parse


def test_order_knows_each_method_of_the_snapshot_once() -> None:
    names = order.FILE.read_text("utf-8").split()
    assert sorted(names) == [method.name for method in parse.read_snapshot().methods]


def test_a_method_that_the_order_does_not_know_comes_last() -> None:
    known = order.FILE.read_text("utf-8").split()
    names = ["flickr.z.new", known[1], "flickr.a.new", known[0]]
    assert order.ordered(names) == [known[0], known[1], "flickr.a.new", "flickr.z.new"]


def test_production_packs_the_methods_in_their_order_and_no_other() -> None:
    api = parse.read_snapshot()
    text, _ = pack.names(api, order.ordered)
    photos = [
        re.sub(r"^flickr\.photos\.(get(?=[A-Z]))?", "", name)
        for name in order.ordered(method.name for method in api.methods)
        if name.startswith("flickr.photos.")
    ]
    [packed] = re.findall(r"\bphotos\.((?:\w+[^\w.])+)", text)
    assert re.findall(r"\w+", packed) == [name for name in photos if "." not in name]
