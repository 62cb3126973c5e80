"""The data of the types of answers: its faults, and the types that are read from it."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from compiler.answers.model import Reference
from compiler.answers.parse import COMMON, read_answers
from compiler.answers.source import InvalidAnswers
from tests.compiler.answer_files import write

SHAPE = {"id": "string"}
FAULTS: list[tuple[str, str]] = [
    ('{"A": {"id": "strin"}}', "x.json: A.id: invalid type 'strin': use string, integer, "),
    ('{"A": {"id": "B"}}', "x.json: A: unknown type 'B': define it, or correct the name"),
    ('{"A": {"a": {"b": "B[]"}}}', "x.json: A.a: unknown type 'B': define it"),
    ('{"A": "B"}', "x.json: A: unknown type 'B': define it above"),
    ('{"A": "A"}', "x.json: A: unknown type 'A': define it above"),
    ('{"A": "B | null", "B": "string"}', "x.json: A: unknown type 'B': define it above"),
    ('{"A": {"*": "B"}, "B": "string"}', "x.json: A.*: unknown type 'B': define it above"),
    ('{"a": "string"}', "x.json: a: invalid name of a type: use e.g. PhotoFile"),
    ('{"A": {"id": 1}}', "x.json: A.id: the type is missing or not a text"),
    ('{"A": {"id": []}}', "x.json: A.id: a list has the type of its items, and nothing else"),
    ('{"A": {"id": "\'a\\"\'"}}', "x.json: A.id: invalid type"),
    ('{"A": {"$dok": ""}}', "x.json: A.$dok: unknown key '$dok': use $doc and $extends"),
    ('{"A": {"$extends": "B"}}', "x.json: A: $extends is missing or not a list"),
    (
        '{"A": {"$extends": ["B"]}, "B": {}}',
        "x.json: A: cannot extend 'B': name an object that is ",
    ),
    ('{"A": "string", "B": {"$extends": ["A"]}}', "x.json: B: cannot extend 'A': name an object"),
    ('{"A": {"*": "string"}, "B": {"$extends": ["A"]}}', "x.json: B: cannot extend 'A': name an"),
    (
        '{"A": {"id": "string"}, "B": {"$extends": ["A"], "id": "string"}}',
        "x.json: B.id: declared by A already: declare it once",
    ),
    ('{"A": {"id": "string", "id?": "string"}}', "x.json: A.id: declared by it already"),
    ('{"A": {"id": "string", "id": "string"}}', "x.json: 'id' is listed twice in an object: keep"),
    ('{"AB": {}, "A": {"b": {}}}', "x.json: A.b: AB is defined twice: rename one"),
    ('{"A": {"class": "string"}}', "x.json: A.class: Python cannot declare a field 'class'"),
    ('{"A": {"list": "string"}}', "x.json: A.list: Python cannot declare a field 'list'"),
    ('{"A": {"a-b": "string"}}', "x.json: A.a-b: Python cannot declare a field 'a-b'"),
    ('{"A": {"a_{B}": "string"}}', "x.json: A.a_{B}: B is not a type above with several texts"),
    ('{"A": [', "x.json: invalid JSON in line 1: "),
]


@pytest.mark.parametrize(("types", "message"), FAULTS, ids=[message for _, message in FAULTS])
def test_fault_is_one_line_that_names_the_place(tmp_path: Path, types: str, message: str) -> None:
    write(tmp_path, "x.json", f'{{"title": "", "types": {types}}}')
    with pytest.raises(InvalidAnswers) as caught:
        read_answers(tmp_path)
    assert str(caught.value).startswith(message)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("methods", "message"),
    [
        ({"flickr.a.b": "B"}, "x.json: flickr.a.b: unknown type 'B': define it"),
        ({"flickr.a.b": "T"}, "x.json: flickr.a.b: an answer is an object, and T is not"),
        ({"a b": "A"}, "x.json: a b: invalid method name: use e.g. flickr.photos.search"),
        ({"flickr.a.b": 1}, "x.json: flickr.a.b: the answer is missing or not a text"),
        ({"flickr.c.d": "A"}, "x.json: flickr.c.d: the method has an answer already: keep one"),
    ],
)
def test_fault_of_a_method(tmp_path: Path, methods: dict[str, Any], message: str) -> None:
    write(tmp_path, COMMON, {"title": "", "types": {"A": SHAPE}, "methods": {"flickr.c.d": "A"}})
    write(tmp_path, "x.json", {"title": "", "types": {"T": "string"}, "methods": methods})
    with pytest.raises(InvalidAnswers, match=re.escape(message)):
        read_answers(tmp_path)


def test_fault_of_a_file(tmp_path: Path) -> None:
    write(tmp_path, "x.json", {"title": "", "tpyes": {}})
    with pytest.raises(InvalidAnswers, match=r"x\.json: unknown key 'tpyes': use title, types and"):
        read_answers(tmp_path)


def test_shapes_of_the_common_file_can_be_extended_anywhere(tmp_path: Path) -> None:
    write(tmp_path, "a.json", {"title": "", "types": {"B": {"$extends": ["A?"], "b": "A[]"}}})
    write(tmp_path, COMMON, {"title": "", "types": {"A": SHAPE}})
    answers = read_answers(tmp_path)
    fields = answers.list_fields(answers.find_shape("B"))
    assert [(name, field.optional) for name, field in fields.items()] == [
        ("id", True),
        ("b", False),
    ]


def test_pattern_stands_for_a_field_for_each_text(tmp_path: Path) -> None:
    types = {"S": "'m' | '3k'", "A": {"url_{S}?": "string // An address."}}
    write(tmp_path, "x.json", {"title": "", "types": types})
    shape = read_answers(tmp_path).find_shape("A")
    assert [field.name for field in shape.fields] == ["url_m", "url_3k"]
    assert {field.doc for field in shape.fields} == {"An address."}


def test_item_is_that_of_the_part_with_a_page_number(tmp_path: Path) -> None:
    types = {
        "A": SHAPE,
        "B": SHAPE | {"b": "string"},
        "First": {"a": {"list_": "A[]"}, "z": {"page": "integer", "items": "B[]"}},
        "Tags": {"who": {"tags": {"tag": "B[]"}}},
        "Nothing": {"a": SHAPE, "b": "A[]"},
    }
    methods = {"flickr.a.b": "First", "flickr.a.c": "Tags", "flickr.a.d": "Nothing"}
    write(tmp_path, "x.json", {"title": "", "types": types, "methods": methods})
    answers = read_answers(tmp_path)
    items = [answers.find_item(method) for method in methods]
    assert items == [Reference("B"), Reference("B"), None]
