"""The list of rooms is made of docstrings, and one out of date is reported."""

from __future__ import annotations

from pathlib import Path

import pytest

from lint import rooms

PAGE = f"# Architecture\n\nBefore.\n\n{rooms.BEGIN}\n{rooms.END}\n\nAfter.\n"
OUT_OF_DATE = (
    "docs/architecture.md: the list of rooms is out of date: run `python -m lint.rooms --write`\n"
)


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    write(tmp_path, "docs/architecture.md", PAGE)
    write(tmp_path, "lint/__init__.py", '"""Lints of ours."""\n')
    write(tmp_path, "lint/words.py", '"""Find words."""\n')
    return tmp_path


def write(tree: Path, name: str, text: str) -> None:
    file = tree / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, "utf-8")


def rows(tree: Path) -> dict[str, list[str]]:
    """The rows of each section of the list, without those that head a table."""
    sections: dict[str, list[str]] = {}
    for line in rooms.list_rooms(tree).splitlines():
        if line.startswith("### "):
            section = sections.setdefault(line.removeprefix("### `").removesuffix("`"), [])
        elif line.startswith("| `"):
            section.append(line)
    return sections


def test_list_stands_between_the_markers(tree: Path) -> None:
    assert rooms.main(["--write"], tree) == 0
    assert (tree / rooms.PAGE).read_text("utf-8") == (
        f"# Architecture\n\nBefore.\n\n{rooms.BEGIN}\n\n## Rooms\n\n### `lint/`\n\nLints of ours.\n\n"
        "| module | what it does |\n| --- | --- |\n| `words.py` | Find words |\n\n"
        f"{rooms.END}\n\nAfter.\n"
    )


def test_list_out_of_date_is_reported_until_it_is_written(
    tree: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert rooms.main([], tree) == 1
    assert capsys.readouterr().err == OUT_OF_DATE
    assert rooms.main(["--write"], tree) == rooms.main([], tree) == 0
    write(tree, "lint/rooms.py", '"""List rooms."""\n')
    assert rooms.main([], tree) == 1
    assert capsys.readouterr().err == OUT_OF_DATE
    assert rooms.main(["--write"], tree) == rooms.main([], tree) == 0
    assert capsys.readouterr() == ("", "")


@pytest.mark.parametrize(
    "page", ["# Page\n", PAGE.replace(rooms.BEGIN, ""), PAGE.replace(rooms.END, "")]
)
def test_page_without_markers_is_reported_and_stays(
    tree: Path, capsys: pytest.CaptureFixture[str], page: str
) -> None:
    write(tree, rooms.PAGE, page)
    assert rooms.main(["--write"], tree) == 1
    told = capsys.readouterr().err
    assert told.count("\n") == 1 and rooms.BEGIN in told and rooms.END in told
    assert (tree / rooms.PAGE).read_text("utf-8") == page


def test_module_without_a_docstring_is_reported(
    tree: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write(tree, "lint/words.py", "LIMIT = 1\n")
    assert rooms.main([], tree) == 1
    assert capsys.readouterr().err == "lint/words.py: add a docstring\n"


@pytest.mark.parametrize(
    ("docstring", "row"),
    [
        ("Find words.", "Find words"),
        ("Find words. And more.", "Find words"),
        ("Find\nwords", "Find words"),
        ("Find words\n\nAnd more.", "Find words"),
        ("Find words, e.g. these. `More`.", "Find words, e.g. these"),
        ("Sign by RFC 5849, 3.4.2: `a.b`.", "Sign by RFC 5849, 3.4.2: `a.b`"),
        ("Run `a [b | c]`.", r"Run `a [b \| c]`"),
    ],
)
def test_row_is_the_first_sentence(tree: Path, docstring: str, row: str) -> None:
    write(tree, "lint/words.py", f'"""{docstring}"""\n')
    assert rows(tree) == {"lint/": [f"| `words.py` | {row} |"]}


def test_packages_in_a_package_follow_it(tree: Path) -> None:
    for name in ("proxy", "proxy/stores"):
        write(tree, f"pyflickr_web/{name}/__init__.py", f'"""The package {name}."""\n')
    write(tree, "pyflickr_web/__init__.py", "")
    write(tree, "pyflickr_web/proxy/policy.py", '"""A policy."""\n')
    write(tree, "pyflickr_web/proxy/stores/memory.py", '"""A cache."""\n')
    write(tree, "pyflickr_web/proxy/pages/page.py", "no package")
    assert list(rows(tree).items()) == [
        ("pyflickr_web/proxy/", ["| `policy.py` | A policy |"]),
        ("pyflickr_web/proxy/stores/", ["| `memory.py` | A cache |"]),
        ("lint/", ["| `words.py` | Find words |"]),
    ]


@pytest.mark.parametrize(
    ("holder", "name"),
    [
        ("flickr_sandbox/answers", "photos"),
        ("flickr_sandbox", "_generated"),
        ("flickr_sandbox/store/library", "words"),
    ],
)
def test_some_packages_are_one_row(tree: Path, holder: str, name: str) -> None:
    for folder in (Path(holder), *Path(holder).parents[:-1]):
        write(tree, f"{folder}/__init__.py", "")
    write(tree, f"{holder}/{name}/__init__.py", '"""All of it."""\n')
    write(tree, f"{holder}/{name}/page.py", '"""A page."""\n')
    assert rows(tree) == {
        f"{holder}/": [f"| `{name}/` | All of it |"],
        "lint/": ["| `words.py` | Find words |"],
    }


@pytest.mark.parametrize(
    ("script", "row"),
    [
        ("/** Call a method. It may fail. */\nf();\n", "Call a method"),
        ('import "a";\n\n/**\n * Call a\n * method.\n */\nf();\n', "Call a method"),
        ("f();\n// Call a\n// method.\ng();\n", "Call a method"),
        ("f(); // An aside\n", ""),
        ('import "./flickr.js";\n', ""),
    ],
)
def test_row_of_a_script_is_the_first_sentence_of_its_first_comment(
    tree: Path, script: str, row: str
) -> None:
    write(tree, "templates/javascript/runtime/call.js", script)
    assert rows(tree)["templates/javascript/runtime/"] == [f"| `call.js` | {row} |"]


def test_page_of_this_tree_has_a_place_for_the_list() -> None:
    page = (rooms.ROOT / rooms.PAGE).read_text("utf-8")
    assert "### `pyflickr_web/core/`" in rooms.put_rooms(page, rooms.list_rooms(rooms.ROOT))
