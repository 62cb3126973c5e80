"""Find docstrings, phrases and names that are not in plain English: `python -m lint.words [PATH…]`.

Three rules, each with its data at the top of this module:

- A docstring or JSDoc comment opens with a verb or a noun phrase, not with one of `FIRST_WORDS`.
- Docstrings, comments, strings and docs have none of `PHRASES`.
- No function, method, class or module has one of `NAMES` as its whole name.

The comment `words: as they are` exempts its line; on a line of its own, it exempts the line below.
"""

from __future__ import annotations

import argparse
import ast
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from lint.prose import CODE, javascript_prose, plain_prose, python_prose
from pyflickr_web.commands.stdio import standard_streams

# Words that must not open a docstring, and the advice for each.
FIRST_WORDS = {
    "What": "name the thing ('The options that …'), or open with a verb ('Return …')",
    "Who": "name the person or client ('The visitor who …'), or open with a verb",
    "Whom": "name the person or client ('The visitor whom …'), or open with a verb",
    "Whose": "name the thing ('The owner of …'), or open with a verb",
    "Where": "name the place ('The folder that …', 'The address of …'), or open with a verb",
    "Whether": "write 'Return True if …', or 'True if …' for a value",
    "How": "name the quantity or the way ('The number of …', 'The time until …'), or open with a verb",
}

# Regular expressions for phrases, and the advice for each. A space matches any white space, including
# line ends; `$` is the end of a clause. "None" with a capital is Python's.
NONE = "(?-i:none)"
PHRASES = {
    "(?:that|which) there (?:is|are|was|were) not$": "write unknown, missing, or does not exist",
    "there (?:is|are|was|were) not$": "write missing, or does not exist",
    f"there (?:is|are|was|were) {NONE}": "write 'if it is missing', 'without one', or 'no …'",
    f"(?:is|was) {NONE}": "write is missing, is empty, is invalid, or is not a …",
    f"(?:are|were) {NONE}": "write are missing, are empty, are invalid, or are not …",
    "cannot be$": "write invalid, impossible, or say why it fails",
    "what (?:is|are|was|were) told": "write what is shown, logged or returned",
    "(?:is|are|was|were|be|been) told": "write is shown, logged, reported, raised or returned",
    "tells? (?:what|whether|how)": "write shows, reports, returns, or says if",
    "who only": "write 'if you only …'",
    "for who": "write 'for clients that …', or 'if you …'",
    "parted by": "write separated by",
    "to be had": "write available",
}

# Participles and adverbs that are not names by themselves. `closed`, `cancelled` and `done` are missing,
# because interfaces of the standard library have them.
NAMES = frozenset(
    """
    aborted admitted allowed answered answering apart asked authenticated awaited begun behind below
    beset beside broken built called calling changed checked connected corrected counted cut
    declared decoded described disturbed drawn dressed dropped dumped echoed encoded ended escaped
    explained failed fetched filled filtered forged found furnished generated given gone grouped
    grown guarded handled hashed held here hidden imported improved injected inside instead
    interrupted invented isolated joined kept known late later left liked limited listed loaded
    located locked logged lost made marked masked meanwhile measured minified mixed mounted moved
    named near needed noted now omitted only opened ordered outside packed paged parsed parted
    passed passing pending picked placed posted prepared probed quoted ranked received recorded
    redirected refused requested running said scaled sealed seen sent served shared shown signed
    spied spoilt started still streamed summed tagged taken threaded timed told tried trusted turned
    twice unanswered undecided undescribed unescaped unpacked unprotected unread unsent uploaded
    used visited waited wanted watched whole within written
    """.split()  # noqa: SIM905
)
INSTEAD_OF_NAMES = (
    "name a function by a verb, a class or value by a noun, a predicate by is_… or has_…"
)

MARKER = "words: as they are"
# The tables above, and the test data of this lint.
EXEMPT = ("lint/words.py", "tests/lint/")
# Outputs of the compiler and of other tools, by folder and by file.
GENERATED_FOLDERS = frozenset(["__pycache__", "_generated", "browser_dist", "node_modules"])
GENERATED_FILES = frozenset(["LICENSE", "PKG-INFO", "package-lock.json", "requirements-dev.lock"])

ROOT = Path(__file__).resolve().parent.parent
PYTHON = (".py", ".pyi")
JAVASCRIPT = (".cjs", ".js", ".json", ".mjs", ".ts")
KINDS = ("first word", "phrase", "name")

# A closing quote, other punctuation, code, the end of a paragraph, or a verb or conjunction. An opening
# quote or bracket follows a space and continues the clause.
_CLAUSE_END = (
    rf"(?=[^\w\s{{(\[<-]|\s*(?:\Z|{CODE}|[—|])|[^\S\n]*\n[^\S\n]*\n"
    r"|\s+(?:is|are|was|were|and|or|but|nor|that|which|who)\b)"
)


def _pattern(phrase: str) -> str:
    words = phrase.removesuffix("$").replace(" ", r"\s+")
    return rf"\b{words}\b" + (_CLAUSE_END if phrase.endswith("$") else "")


_PHRASES = re.compile("|".join(f"({_pattern(phrase)})" for phrase in PHRASES), re.IGNORECASE)
_FIRST_WORD = re.compile(rf"\s*({'|'.join(FIRST_WORDS)})\b")
# Docstrings and JSDoc comments in languages that are not parsed here.
_DOCUMENTATION = re.compile(rf'(?:"""|/\*\*)[\s*]*({"|".join(FIRST_WORDS)})\b')
_JAVASCRIPT_NAME = re.compile(
    r"\b(?:class|function\b\s*\*?|const|let)\s+(\w+)"
    r"(?=\s*(?:\(|\{|extends\b|=\s*(?:async\s*)?(?:function\b|(?:\([^()]*\)|\w+)\s*=>)))"
)


@dataclass(frozen=True, order=True)
class Finding:
    """A word, phrase or name at a line of a file, and the advice for it."""

    path: str
    line: int
    kind: str
    text: str
    instead: str

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.kind} {self.text!r}: {self.instead}"


def main(arguments: list[str] | None = None) -> int:
    """Run the command; return 1 if there are findings, 0 otherwise."""
    parser = argparse.ArgumentParser(
        prog="python -m lint.words",
        description="Find docstrings, phrases and names that are not in plain English.",
    )
    parser.add_argument("paths", metavar="PATH", nargs="*", type=Path, help="default: all files")
    parser.add_argument("--count", action="store_true", help="print numbers by folder only")
    options = parser.parse_args(arguments)
    for path in options.paths:
        if not path.exists():
            parser.error(f"{path} does not exist")
    findings = list(check_files(options.paths or [ROOT]))
    for line in count_by_folder(findings) if options.count else findings:
        print(line)
    return 1 if findings else 0


def check_files(paths: Iterable[Path], root: Path = ROOT) -> Iterator[Finding]:
    """Check files, and the source files in folders. Findings name them relative to `root`."""
    for file in sorted({file for path in paths for file in list_files(path.resolve())}):
        name = file.relative_to(root).as_posix() if file.is_relative_to(root) else file.as_posix()
        if not name.startswith(EXEMPT):
            try:
                text = file.read_text("utf-8")
            except UnicodeDecodeError:
                continue  # An image or a font.
            yield from check_text(name, text)


def list_files(path: Path) -> list[Path]:
    """List `path` itself if it is a file, else the files in it that are in git and not generated.

    Without git, as in an sdist, list all files outside of hidden folders.
    """
    if path.is_file():
        return [path]
    files = (path / name for name in _git_files(path) or _all_files(path))
    return [file for file in files if file.is_file() and not _is_generated(file.relative_to(path))]


def _git_files(folder: Path) -> list[str]:
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    try:
        listed = subprocess.run(command, cwd=folder, capture_output=True, check=True, text=True)
    except (OSError, subprocess.CalledProcessError):
        return []
    return listed.stdout.split("\0")[:-1]


def _all_files(folder: Path) -> list[str]:
    names = (file.relative_to(folder) for file in folder.rglob("*"))
    return [str(name) for name in names if not any(part.startswith(".") for part in name.parts)]


def _is_generated(path: Path) -> bool:
    return path.name in GENERATED_FILES or not GENERATED_FOLDERS.isdisjoint(path.parts)


def check_text(path: str, text: str) -> list[Finding]:
    """Check a file's text by all rules; the suffix of `path` decides the language."""
    exempt = set(_exempt_lines(text))
    found = {
        Finding(path, line, kind, " ".join(words.split()), instead)
        for line, kind, words, instead in _find(Path(path), text)
        if line not in exempt
    }
    return sorted(found)


def count_by_folder(findings: Iterable[Finding]) -> Iterator[str]:
    """Yield a line for each folder and one for the total, with the number of findings by kind."""
    counts: dict[str, Counter[str]] = {}
    for finding in findings:
        for folder in (Path(finding.path).parent.as_posix(), "total"):
            counts.setdefault(folder, Counter())[finding.kind] += 1
    for folder in sorted(counts, key=lambda folder: (folder == "total", folder)):
        kinds = ", ".join(f"{counts[folder][kind]} {kind}s" for kind in KINDS)
        yield f"{folder}: {counts[folder].total()} ({kinds})"


def _exempt_lines(text: str) -> Iterator[int]:
    for number, line in enumerate(text.split("\n"), 1):
        if MARKER in line:
            yield number
            if not re.search(r"\w", line[: line.index(MARKER)]):
                yield number + 1


def _find(path: Path, text: str) -> Iterator[tuple[int, str, str, str]]:
    """Yield line, kind, words and advice for each finding."""
    stem = path.name.partition(".")[0]
    if path.suffix in PYTHON:
        try:
            tree = ast.parse(text)
        except SyntaxError as error:
            yield error.lineno or 1, "syntax error", error.msg, "fix it, then run this again"
            return
        prose = python_prose(text)
        documentation = _docstrings(tree)
        names = _python_names(tree)
    else:
        documentation = _documentation(text)
        names = _javascript_names(text) if path.suffix in JAVASCRIPT else iter(())
        prose = javascript_prose(text) if path.suffix in JAVASCRIPT else plain_prose(path, text)
    for line, word in documentation:
        yield line, "first word", word, FIRST_WORDS[word]
    for match in _PHRASES.finditer(prose):
        instead = list(PHRASES.values())[(match.lastindex or 1) - 1]
        yield _line_of(prose, match.start()), "phrase", match[0], instead
    if path.suffix in PYTHON + JAVASCRIPT and path.suffix != ".json":
        for line, name in [(1, stem), *names]:
            if name.strip("_").lower() in NAMES:
                yield line, "name", name, INSTEAD_OF_NAMES


def _docstrings(tree: ast.AST) -> Iterator[tuple[int, str]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            value = node.value.value
            if isinstance(value, str) and (match := _FIRST_WORD.match(value)):
                yield node.lineno, match[1]


def _documentation(text: str) -> Iterator[tuple[int, str]]:
    for match in _DOCUMENTATION.finditer(text):
        yield _line_of(text, match.start()), match[1]


def _python_names(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """Yield functions, methods and classes, except errors, which may be named by an event."""
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node.lineno, node.name
        elif isinstance(node, ast.ClassDef):
            bases = " ".join(ast.unparse(base) for base in node.bases)
            if not re.search(r"(?:Error|Exception)\b", bases):
                yield node.lineno, node.name


def _javascript_names(text: str) -> Iterator[tuple[int, str]]:
    for match in _JAVASCRIPT_NAME.finditer(text):
        yield _line_of(text, match.start(1)), match[1]


def _line_of(text: str, position: int) -> int:
    return text.count("\n", 0, position) + 1


if __name__ == "__main__":
    with standard_streams():
        sys.exit(main())
