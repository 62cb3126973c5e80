"""Every source of the reflection is read into one model, and all of its problems are reported."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from compiler.errors import CompilerError, ReflectionError
from compiler.reflect import parse
from compiler.reflect.model import Security
from pyflickr_web import AsyncFlickr, Flickr
from tests.compiler.reflections import method, write
from tests.support.repository import reflections


def _read_problems(folder: Path) -> list[str]:
    with pytest.raises(ReflectionError) as caught:
        parse.read(folder)
    return [str(problem) for problem in caught.value.problems]


def test_snapshot_holds_all_methods_with_their_levels() -> None:
    api = parse.read_snapshot()
    assert len(api.methods) == 223
    assert sum(not method.security.is_public for method in api.methods) == 128
    assert len({a.name for m in api.methods for a in m.arguments}) == 155
    assert api.date == "2024-02-13"


@pytest.mark.parametrize("path", reflections(), ids=lambda path: str(path.name))
def test_real_reflection_is_read_whole(path: Path) -> None:
    assert len(parse.read(path).methods) >= 222


def test_drifting_types_are_read(tmp_path: Path) -> None:
    drifting = method(
        "flickr.things.get",
        method__needslogin="1",
        method__needssigning=1,
        method__requiredperms="2",
    )
    (got,) = parse.read(write(tmp_path, drifting)).methods
    assert got.security == Security(True, True, 2)
    assert [a.name for a in got.required] == ["thing_id"]
    assert [a.name for a in got.optional] == ["page"]


def test_absent_keys_are_empty(tmp_path: Path) -> None:
    bare = method("flickr.things.get")
    del bare["arguments"], bare["errors"], bare["method"]["description"]
    (got,) = parse.read(write(tmp_path, bare)).methods
    assert (got.arguments, got.errors, got.description) == ((), (), "")


def test_shared_errors_are_split_off_unless_a_method_words_them_differently(tmp_path: Path) -> None:
    own = method("flickr.things.c")
    own["errors"]["error"][1]["_content"] = "Other words."
    folder = write(tmp_path, method("flickr.things.a"), method("flickr.things.b"), own)
    api = parse.read(folder)
    assert [error.code for error in api.shared_errors] == [105]
    assert [[e.code for e in m.errors] for m in api.methods] == [[1], [1], [1, 105]]


def test_all_problems_are_reported_together_with_their_files(tmp_path: Path) -> None:
    twice = method("flickr.things.twice")
    twice["arguments"]["argument"].append(twice["arguments"]["argument"][1])
    write(
        tmp_path,
        method("flickr.things.broken"),
        method("flickr.things.level", method__requiredperms=7),
        method("flickr.things.missing"),
        twice,
    )
    (tmp_path / "methods/flickr.things.broken.json").write_text('{"method":', "utf-8")
    (tmp_path / "methods/flickr.things.missing.json").unlink()
    listing = tmp_path / parse.LISTING
    names = json.loads(listing.read_text("utf-8"))
    names["methods"]["method"].append({"_content": "things/../../x"})
    listing.write_text(json.dumps(names), "utf-8")
    problems = _read_problems(tmp_path)
    assert len(problems) == 5
    for part in (
        f"{parse.LISTING}: invalid method name 'things/../../x'",
        "methods/flickr.things.broken.json: is not valid JSON (line 1)",
        "methods/flickr.things.level.json: unknown permission level 7",
        "methods/flickr.things.missing.json: is missing",
        "methods/flickr.things.twice.json: argument 'page' is listed 2 times: keep one",
    ):
        assert any(part in line for line in problems), part


def test_all_problems_of_one_file_are_reported(tmp_path: Path) -> None:
    wrong = method("flickr.things.get", method__requiredperms=9, method__needslogin="no")
    wrong["arguments"]["argument"] += [
        {"name": "a b", "optional": "perhaps"},
        {"name": "page", "optional": 1},
        "no argument",
    ]
    wrong["errors"]["error"] += [{"code": "x"}, {"code": float("inf")}, None]
    file = "methods/flickr.things.get.json: "
    assert _read_problems(write(tmp_path, wrong)) == [
        file + "an argument is missing or not an object",
        file + "an error is missing or not an object",
        file + "argument 'page' is listed 2 times: keep one",
        file + "error code 'x' is not a number",
        file + "error code inf is not a number",
        file + "invalid argument name 'a b'",
        file + "needslogin of 'flickr.things.get' is 'no', not 0 or 1",
        file + "optional of 'a b' is 'perhaps', not 0 or 1",
        file + "unknown permission level 9: use 0 to 3",
    ]


OPEN = {"needslogin": 0, "needssigning": 0, "requiredperms": 0}


@pytest.mark.parametrize(
    ("content", "problems"),
    [
        ({"methods": {}}, ["s.json: contains no methods: nothing to build"]),
        ({}, ["s.json: methods is missing or not an object"]),
        ([], ["s.json: the file is missing or not an object"]),
        (
            {"methods": {"flickr.a.b": OPEN, "x\ny": OPEN}, "errors": {"5": 7, "6": {}}},
            [
                "s.json: error '5' is missing or not an object",
                "s.json: invalid method name 'x\\ny'",
            ],
        ),
        (
            {"methods": {"flickr.a.b": OPEN}, "reflected": "*/ alert(1)"},
            ["s.json: invalid date '*/ alert(1)' in 'reflected': use e.g. 2024-02-13"],
        ),
        (
            {
                "methods": {
                    "flickr.a.b": OPEN | {"arguments": {"a b": {"optional": 0}, "c": 5}},
                    "flickr.a.c": {"needslogin": 0, "needssigning": 2, "errors": {"x": "y"}},
                    "flickr.a.d": None,
                }
            },
            [
                "s.json, flickr.a.b: argument 'c' is missing or not an object",
                "s.json, flickr.a.b: invalid argument name 'a b'",
                "s.json, flickr.a.c: error code 'x' is not a number",
                "s.json, flickr.a.c: needssigning is 2, not 0 or 1",
                "s.json, flickr.a.c: unknown permission level None: use 0 to 3",
                "s.json, flickr.a.d: the method is missing or not an object",
            ],
        ),
    ],
)
def test_a_snapshot_is_checked_as_a_folder_is(
    content: object, problems: list[str], tmp_path: Path
) -> None:
    file = tmp_path / "s.json"
    file.write_text(json.dumps(content), "utf-8")
    assert _read_problems(file) == problems


HALF = "'\\ud800', half of a surrogate pair: remove it"


def test_half_of_a_character_is_reported_with_its_place(tmp_path: Path) -> None:
    half = method("flickr.things.get", method__description={"_content": "x\ud800y"})
    half["arguments"]["argument"][1]["_content"] = "\ud800"
    half["errors"]["error"][0]["message"] = "\ud800"
    file = "methods/flickr.things.get.json: "
    assert _read_problems(write(tmp_path, half)) == [
        file + f"argument 'page' contains {HALF}",
        file + f"description contains {HALF}",
        file + f"error 1 contains {HALF}",
    ]
    snapshot = tmp_path / "s.json"
    content = {"methods": {"flickr.a.b": OPEN | {"description": "x\ud800y"}}}
    snapshot.write_text(json.dumps(content), "utf-8")
    assert _read_problems(snapshot) == [f"s.json, flickr.a.b: description contains {HALF}"]


def test_empty_folder_is_reported(tmp_path: Path) -> None:
    assert _read_problems(tmp_path) == [
        f"{parse.LISTING}: is missing: run `python -m compiler fetch`"
    ]


@pytest.mark.parametrize(
    "content", [b"", b"\xff\xfe", b"[]", b"null", b"{}", b"[" * 100_000, b"9" * 9_999]
)
def test_garbage_is_reported_without_a_traceback(tmp_path: Path, content: bytes) -> None:
    write(tmp_path, method("flickr.things.get"))
    (tmp_path / "methods/flickr.things.get.json").write_bytes(content)
    assert len(_read_problems(tmp_path)) == 1


def test_saved_error_of_flickr_is_reported(tmp_path: Path) -> None:
    failed = {"stat": "fail", "code": 1, "message": "Method not found"}
    write(tmp_path, method("flickr.things.get"))
    (tmp_path / "methods/flickr.things.get.json").write_text(json.dumps(failed), "utf-8")
    assert "contains an error of Flickr: Method not found" in _read_problems(tmp_path)[0]


@pytest.mark.parametrize("member", ["call", "download"])
def test_name_that_hides_the_client_is_reported(tmp_path: Path, member: str) -> None:
    problems = _read_problems(write(tmp_path, method(f"flickr.{member}.x")))
    assert f"hide the client's own `{member}`" in problems[0]


@pytest.mark.parametrize(
    ("name", "member"),
    [("flickr.hasOwnProperty.x", "hasOwnProperty"), ("flickr.a.constructor", "constructor")],
)
def test_name_that_every_object_of_javascript_has_is_reported(
    name: str, member: str, tmp_path: Path
) -> None:
    problems = _read_problems(write(tmp_path, method(name)))
    assert problems == [f"{parse.LISTING}: {name} would hide JavaScript's own `{member}`"]


@pytest.mark.parametrize(
    ("name", "problem"),
    [
        ("flickr.then", "`then` would be called by JavaScript's `await`"),
        ("flickr.things.then", "`then` would be called by JavaScript's `await`"),
        ("flickr.then.get", "`then` would be called by JavaScript's `await`"),
        ("flickr.toJSON", "`toJSON` would be called by JavaScript's `JSON.stringify`"),
        ("flickr.things.toJSON", "`toJSON` would be called by JavaScript's `JSON.stringify`"),
    ],
)
def test_name_that_javascript_calls_by_itself_is_refused(
    name: str, problem: str, tmp_path: Path
) -> None:
    assert _read_problems(write(tmp_path, method(name))) == [f"{parse.LISTING}: {name}: {problem}"]
    snapshot = tmp_path / "s.json"
    snapshot.write_text(json.dumps({"methods": {name: OPEN}}), "utf-8")
    assert _read_problems(snapshot) == [f"s.json: {name}: {problem}"]


@pytest.mark.parametrize("part", ["__await__", "__proto__", "_then"])
def test_name_that_opens_with_an_underscore_is_refused(part: str, tmp_path: Path) -> None:
    name = f"flickr.things.{part}"
    assert _read_problems(write(tmp_path, method(name))) == [
        f"{parse.LISTING}: invalid method name {name!r}"
    ]


def test_names_of_a_promises_other_members_are_read(tmp_path: Path) -> None:
    names = ["flickr.catch", "flickr.things.finally"]
    folder = write(tmp_path, *map(method, names))
    assert [got.name for got in parse.read(folder).methods] == names


@pytest.mark.parametrize("client", [Flickr, AsyncFlickr])
def test_all_members_of_the_servers_clients_are_reserved(client: type) -> None:
    own = {name for name in dir(client) if not name.startswith("_")}
    assert own - parse.CLIENT_MEMBERS == set()


def test_method_that_is_a_namespace_is_reported(tmp_path: Path) -> None:
    folder = write(tmp_path, method("flickr.things"), method("flickr.things.get"))
    assert "flickr.things is both a method and a namespace" in _read_problems(folder)[0]


def test_missing_path_is_reported(tmp_path: Path) -> None:
    with pytest.raises(CompilerError, match="no reflection at"):
        parse.read(tmp_path / "nowhere")
