"""Check or write the list of rooms in docs/architecture.md: `python -m lint.rooms [--write]`.

The list has a table for each package, with a row for each module: the first sentence of its docstring,
or of the first comment in a JavaScript module.
"""

from __future__ import annotations

import argparse
import ast
import re
import sys
from collections.abc import Iterator
from pathlib import Path

from pyflickr_web.commands.stdio import standard_streams

ROOT = Path(__file__).resolve().parent.parent
PAGE = "docs/architecture.md"
BEGIN = (
    "<!-- rooms: `python -m lint.rooms --write` makes this list from the modules' docstrings -->"
)
END = "<!-- end of rooms -->"

# In the order of the page; missing folders are skipped.
FOLDERS = (
    "pyflickr_web",
    "flickr_sandbox",
    "compiler",
    "templates/javascript/runtime",
    "lint",
    "bench",
    "examples",
    "tests/support",
)
# Packages below this depth are a row in the table of their parent package.
DEPTH = 3
# So are these packages, and those in the sandbox's `answers`.
ROWS = frozenset(["_generated"])
HOLDERS_OF_ROWS = frozenset(["answers"])

_COMMENT = re.compile(r"/\*+(.*?)\*/|((?:^[^\S\n]*//[^\n]*\n)+)", re.DOTALL | re.MULTILINE)
_COMMENT_MARK = re.compile(r"^\s*(?:\*|//)[^\S\n]?", re.MULTILINE)
_SENTENCE = re.compile(r"(.+?)\.(?=\s+[^a-z\s]|$)")


class MissingText(Exception):
    """A module has no docstring, or the page has no markers for the list."""


def main(arguments: list[str] | None = None, root: Path = ROOT) -> int:
    """Run the command; return 1 if the list is out of date or cannot be made, 0 otherwise."""
    parser = argparse.ArgumentParser(
        prog="python -m lint.rooms",
        description=f"Check the list of rooms in {PAGE}, or write it.",
    )
    parser.add_argument("--write", action="store_true", help="write the list")
    options = parser.parse_args(arguments)
    page = root / PAGE
    text = page.read_text("utf-8")
    try:
        fresh = put_rooms(text, list_rooms(root))
    except MissingText as error:
        print(error, file=sys.stderr)
        return 1
    if options.write:
        page.write_text(fresh, "utf-8", newline="\n")
    elif fresh != text:
        print(
            f"{PAGE}: the list of rooms is out of date: run `python -m lint.rooms --write`",
            file=sys.stderr,
        )
        return 1
    return 0


def put_rooms(page: str, rooms: str) -> str:
    """Put the list between the markers of a page. Raises `MissingText` for a page without them."""
    before, begin, rest = page.partition(BEGIN + "\n")
    _, end, after = rest.partition(END)
    if not begin or not end:
        raise MissingText(f"{PAGE}: add the lines that mark the list's place: {BEGIN} and {END}")
    return f"{before}{begin}\n{rooms}\n{end}{after}"


def list_rooms(root: Path) -> str:
    """List the rooms of a tree, as Markdown.

    Raises `MissingText` that names the first module without a docstring.
    """
    sections = [
        section
        for folder in FOLDERS
        if (root / folder).is_dir()
        for section in _sections(root, root / folder)
    ]
    return "\n".join(["## Rooms\n", *sections])


def _sections(root: Path, folder: Path, depth: int = 1) -> Iterator[str]:
    """Yield the section of a package, then those of its subpackages."""
    rows = dict(_modules(root, folder))
    packages = [init.parent for init in sorted(folder.glob("*/__init__.py"))]
    nested = []
    for package in packages:
        if depth == DEPTH or package.name in ROWS or folder.name in HOLDERS_OF_ROWS:
            rows[f"{package.name}/"] = _sentence(_docstring(root, package / "__init__.py"))
        else:
            nested.append(package)
    sentence = _sentence(_docstring(root, folder / "__init__.py"))
    if rows or sentence:
        yield _section(f"{folder.relative_to(root).as_posix()}/", sentence, rows)
    for package in nested:
        yield from _sections(root, package, depth + 1)


def _modules(root: Path, folder: Path) -> Iterator[tuple[str, str]]:
    for module in sorted(folder.glob("*.py")):
        if module.name != "__init__.py":
            yield module.name, _sentence(_docstring(root, module))
    for module in sorted(folder.glob("*.js")):
        if not (folder / "__init__.py").exists():
            yield module.name, _sentence(_first_comment(module))


def _section(name: str, sentence: str, rows: dict[str, str]) -> str:
    lines = [f"### `{name}`", ""]
    if sentence:
        lines += [f"{sentence}.", ""]
    if rows:
        lines += ["| module | what it does |", "| --- | --- |"]
        lines += [f"| `{module}` | {_escape(text)} |" for module, text in sorted(rows.items())]
        lines.append("")
    return "\n".join(lines)


def _docstring(root: Path, module: Path) -> str:
    """Return a module's docstring; empty for a missing or empty module."""
    text = module.read_text("utf-8") if module.exists() else ""
    docstring = ast.get_docstring(ast.parse(text)) or ""
    if text and not docstring:
        raise MissingText(f"{module.relative_to(root).as_posix()}: add a docstring")
    return docstring


def _first_comment(module: Path) -> str:
    """Return the first comment of a JavaScript module; empty without one."""
    comment = _COMMENT.search(module.read_text("utf-8"))
    return _COMMENT_MARK.sub("", comment[1] or comment[2]).strip() if comment else ""


def _sentence(text: str) -> str:
    """Return the first sentence of a text without its full stop, on one line."""
    paragraph = " ".join(text.split("\n\n")[0].split())
    sentence = _SENTENCE.match(paragraph)
    return sentence[1] if sentence else paragraph


def _escape(cell: str) -> str:
    return cell.replace("|", r"\|")


if __name__ == "__main__":
    with standard_streams():
        sys.exit(main())
