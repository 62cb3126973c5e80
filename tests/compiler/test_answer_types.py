"""The types of answers in TypeScript and Python, as the compiler renders them."""

from __future__ import annotations

import ast
import re
from pathlib import Path
from typing import Any

import pytest

from compiler.answers.model import Alias, Reference, Shape, iterate_types
from compiler.answers.parse import read_answers
from compiler.build import Build
from compiler.javascript.types import render_declarations
from compiler.pack import find_page_sizes
from compiler.python.types import render_answers, render_signatures, render_stub
from compiler.reflect.parse import read_snapshot
from tests.compiler.answer_files import write


def test_items_of_listings_have_names() -> None:
    answers = read_answers()
    for method in find_page_sizes(read_snapshot()):
        item = answers.find_item(method) if method in answers.methods else None
        assert not isinstance(item, Shape), f"name the items of {method}"


def test_no_type_is_declared_twice() -> None:
    build = Build(read_snapshot())
    names = re.findall(
        r"^  (?:export )?(?:interface|type|class) (\w+)", render_declarations(build), re.M
    )
    assert len(names) == len(set(names))
    for text in [render_stub(build), *render_answers(build).values()]:
        tree = ast.parse(text, feature_version=(3, 11))
        classes = [node.name for node in tree.body if isinstance(node, ast.ClassDef)]
        aliases = [
            ast.unparse(node.target) for node in tree.body if isinstance(node, ast.AnnAssign)
        ]
        assert len([*classes, *aliases]) == len({*classes, *aliases})


def test_no_answer_is_any() -> None:
    build = Build(read_snapshot())
    code = re.sub(r"/\*\*.*?\*/", "", render_declarations(build), flags=re.S)
    assert not re.search(r'(?<!")\bany\b', code)
    for text in [*render_signatures(build).values(), *render_answers(build).values()]:
        assert not re.search(r"\bAny\b", text)
    assert not re.search(r"(->|\[).*\bAny\b.*: \.\.\.", _list_methods(render_stub(build)))


def _list_methods(stub: str) -> str:
    return "\n".join(re.findall(r"^ +(?:async )?def (?:__call__|all|pages|call)\(.*", stub, re.M))


def test_every_type_is_used() -> None:
    answers = read_answers()
    # The client's own name for the answer to an upload, and names for the elements of arguments.
    used = {"UploadAnswer", "ExtraSize", *answers.methods.values()}
    for definition in answers.definitions.values():
        if isinstance(definition, Shape):
            used |= {base.name for base in definition.bases}
        used |= _list_references(definition.type if isinstance(definition, Alias) else definition)
    named = {each.name for section in answers.sections for each in section.definitions}
    assert named - used == set()


def _list_references(type_: Any) -> set[str]:
    return {each.name for each in iterate_types(type_) if isinstance(each, Reference)}


SAMPLE = {
    "Size": "'m' | 'l' // A size.",
    "Base": {"$doc": "A base.", "id": "string"},
    "Place": {"lat": "number", "at": "'' | null | integer | Size"},
    "Photo": {
        "$extends": ["Base", "Place?"],
        "url_{Size}?": "string // An address.",
        "dates": {"$doc": "Times.", "posted": "integer"},
        "tags": [{"$extends": ["Base"], "more": "unknown"}],
        "ids": ["Size | 0"],
        "flag?": "boolean",
    },
    "Map": {"stat": "'ok'", "*": "string[]"},
    "Empty": {"$extends": ["Base"]},
}
IN_TYPESCRIPT = """\
  // Sample

  /** A size. */
  export type Size = "m" | "l";

  /** A base. */
  export interface Base {
    id: string;
  }

  export interface Place {
    lat: number;
    at: "" | null | number | Size;
  }

  export interface Photo extends Base, Partial<Place> {
    /** An address. */
    url_m?: string;
    /** An address. */
    url_l?: string;
    /** Times. */
    dates: { posted: number };
    tags: (Base & { more: unknown })[];
    ids: (Size | 0)[];
    flag?: boolean;
  }

  export interface Map {
    stat: "ok";
    [name: string]: string[];
  }

  export interface Empty extends Base {}

  /** The answers with types, by method; the answers of other methods are `Answer`. */
  export interface Answers {
    "flickr.photos.getInfo": Photo;
  }
"""
IN_PYTHON = '''\
# Sample

Size: TypeAlias = Literal["m", "l"]
"""A size."""

class Base(TypedDict):
    """A base."""

    id: str

class Place(TypedDict):
    lat: int | float
    at: "Literal[''] | None | int | Size"

class Photo(Base):
    lat: NotRequired[int | float]
    at: NotRequired["Literal[''] | None | int | Size"]
    url_m: NotRequired[str]
    """An address."""
    url_l: NotRequired[str]
    """An address."""
    dates: "PhotoDates"
    tags: "list[PhotoTags]"
    ids: "list[Literal[0] | Size]"
    flag: NotRequired[bool]

class PhotoDates(TypedDict):
    """Times."""

    posted: int

class PhotoTags(Base):
    more: object

Map: TypeAlias = dict[str, list[str]]

class Empty(Base):
    pass
'''


@pytest.fixture
def sample(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Build:
    """Return a build with the types of the sample."""
    methods = {"flickr.photos.getInfo": "Photo"}
    write(tmp_path, "x.json", {"title": "Sample", "types": SAMPLE, "methods": methods})
    replace_answers(monkeypatch, tmp_path)
    return Build(read_snapshot())


def replace_answers(monkeypatch: pytest.MonkeyPatch, folder: Path) -> None:
    """Make the renderers read the types of answers from a folder."""
    answers = read_answers(folder)
    for module in ("compiler.javascript.types", "compiler.python.types"):
        monkeypatch.setattr(f"{module}.read_answers", lambda: answers)


def test_types_in_typescript(sample: Build) -> None:
    text = render_declarations(sample)
    assert IN_TYPESCRIPT in text
    assert "readonly getInfo: Flickr.Call<Flickr.PhotosGetInfoArguments, Flickr.Photo>;" in text
    arguments = "Flickr.PhotosGetRecentArguments"
    assert f"getRecent: Flickr.OpenListing<{arguments}, Flickr.Answer, Flickr.Item>;" in text


def test_types_in_python(sample: Build) -> None:
    _, _, definitions = render_answers(sample)["answers.py"].partition("]\n\n")
    assert definitions.strip() == IN_PYTHON.strip()
    assert render_stub(sample).count("\n    at: Literal[''] | None | int | Size\n") == 0
    assert '\n    at: Literal[""] | None | int | Size\n' in render_stub(sample)


@pytest.mark.parametrize("doc", ["A quirk */ here", 'A quirk """ here', 'A quirk "', "A quirk \\"])
def test_no_documentation_ends_its_comment(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, doc: str
) -> None:
    types = {"A": {"$doc": doc, "id": f"string // {doc}"}, "UploadAnswer": {"id": "string"}}
    write(tmp_path, "x.json", {"title": "Title", "types": types})
    replace_answers(monkeypatch, tmp_path)
    build = Build(read_snapshot())
    tree = ast.parse(render_answers(build)["answers.py"])
    (node,) = [each for each in tree.body if isinstance(each, ast.ClassDef) and each.name == "A"]
    assert (ast.get_docstring(node) or "").startswith("A quirk")
    comments = re.findall(r"/\*\* A quirk.*", render_declarations(build))
    assert len(comments) == 2 and all(text.count("*/") == 1 for text in comments)
