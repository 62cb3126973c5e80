"""The order of methods in production has every method once, and is that of the bundles."""

from __future__ import annotations

import re

from compiler import pack
from compiler.build import Build
from compiler.python import render as render_python
from compiler.reflect import parse
from pyflickr_web.core.table import Table


def test_order_has_each_method_of_the_snapshot_once() -> None:
    names = pack.ORDER_FILE.read_text("utf-8").split()
    assert sorted(names) == [method.name for method in parse.read_snapshot().methods]


def test_a_method_that_is_missing_in_the_order_comes_last() -> None:
    order = pack.ORDER_FILE.read_text("utf-8").split()
    names = ["flickr.z.new", order[1], "flickr.a.new", order[0]]
    assert pack.sort_for_gzip(names) == [order[0], order[1], "flickr.a.new", "flickr.z.new"]


def test_production_packs_the_methods_in_their_order_and_no_other() -> None:
    api = parse.read_snapshot()
    text, _ = pack.pack_names_for_javascript(api, pack.sort_for_gzip)
    photos = [
        re.sub(r"^flickr\.photos\.(get(?=[A-Z]))?", "", name)
        for name in pack.sort_for_gzip(method.name for method in api.methods)
        if name.startswith("flickr.photos.")
    ]
    [packed] = re.findall(r"(?<![a-zA-Z.])photos\.((?:[a-zA-Z]+[^\w.]\d*)+)", text)
    assert re.findall(r"[a-zA-Z]+", packed) == [name for name in photos if "." not in name]


def test_the_python_of_production_packs_them_in_this_order_too() -> None:
    api = parse.read_snapshot()
    names, shared_prefix = pack.pack_names_for_python(api, pack.sort_for_gzip)
    assert names in render_python.render_module(Build(api))["pyflickr_web.py"]
    levels = Table(names, shared_prefix, {}).levels
    assert levels == Table(*pack.pack_names_for_python(api), {}).levels
    photos = [name for name in levels if re.fullmatch(r"flickr\.photos\.\w+", name)]
    assert photos == pack.sort_for_gzip(photos) != sorted(photos)
