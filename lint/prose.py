"""Find the prose of a source: its comments, docstrings and strings, with all code blanked."""

from __future__ import annotations

import io
import re
import tokenize
from pathlib import Path

# Stands for code, which separates texts.
CODE = "\0"
_JAVASCRIPT_TOKEN = re.compile(
    r"""
      (?P<prose> //[^\n]* | /\*.*?\*/
        | "(?:\\.|[^"\\\n])*" | '(?:\\.|[^'\\\n])*' | `(?:\\.|[^`\\])*` )
    | (?<=[=(,:!&|?;{}[]) \s* / (?![*/]) (?: \\. | \[(?:\\.|[^\]\\\n])*\] | [^/\\\[\n] )+ /
    """,
    re.DOTALL | re.VERBOSE,
)
_JAVASCRIPT_FIELD = re.compile(r"\$\{[^{}]*\}")
_F_STRING_FIELD = re.compile(r"(?<!\{)\{(?!\{)[^{}]*(?:\{[^{}]*\}[^{}]*)*\}")
_JINJA = re.compile(r"\{%.*?%\}|\{\{.*?\}\}", re.DOTALL)
_STRING = re.compile(r"""([A-Za-z]*)('{3}|"{3}|'|")(.*)\2""", re.DOTALL)


def python_prose(text: str) -> str:
    """Blank a module's code. Comments and strings keep their positions, joined as Python joins them."""
    prose = _Prose(text)
    starts = _line_starts(text)
    f_string = depth = 0
    comment_line = 0
    for token in tokenize.generate_tokens(io.StringIO(text).readline):
        start, end = (starts[row - 1] + column for row, column in (token.start, token.end))
        kind = tokenize.tok_name[token.type]
        if kind in ("FSTRING_START", "TSTRING_START"):
            f_string = f_string if depth else start
            depth += 1
        elif kind in ("FSTRING_END", "TSTRING_END"):
            depth -= 1
            if not depth:
                prose.keep_string(f_string, end)
        elif kind == "STRING" and not depth:
            prose.keep_string(start, end)
        elif kind == "COMMENT":
            alone = not token.line[: token.start[1]].strip()
            prose.keep(start + 1, end)
            if alone and comment_line == token.start[0] - 1:
                prose.join(start, start + 1)
            comment_line = token.start[0] if alone else 0
    return prose.text()


def javascript_prose(text: str) -> str:
    """Blank the code of a script, or of JSON. Comments and strings keep their positions."""
    prose = _Prose(text)
    comment_end = -1
    for match in _JAVASCRIPT_TOKEN.finditer(text):
        start, end = match.span("prose")
        if start < 0:
            continue  # A regular expression.
        if text.startswith("//", start):
            prose.keep(start + 2, end)
            if comment_end >= 0 and not text[comment_end:start].strip():
                prose.join(start, start + 2)
            comment_end = end
            continue
        prose.keep(start + 1, end - 1)
        if text.startswith("/*", start):
            for star in re.finditer(r"^\s*\*", text[start:end], re.MULTILINE):
                prose.join(start + star.start(), start + star.end())
        elif text[start] == "`":
            for field in _JAVASCRIPT_FIELD.finditer(text, start, end):
                prose.keep_field(*field.span())
    return prose.text()


def plain_prose(path: Path, text: str) -> str:
    """Blank Jinja's code, and the comment marks outside of Markdown."""
    prose = _Prose(text)
    prose.keep(0, len(text))
    if path.suffix == ".j2":
        for code in _JINJA.finditer(text):
            prose.keep_field(*code.span())
    if path.suffix != ".md":
        for mark in re.finditer(r"^[^\S\n]*(?:#+|--|//|\*)(?=\s)", text, re.MULTILINE):
            prose.join(*mark.span())
    return prose.text()


class _Prose:
    """A text as long as its source, in which everything is code until it is kept."""

    def __init__(self, source: str) -> None:
        self._source = source
        self._characters = [char if char.isspace() else CODE for char in source]

    def text(self) -> str:
        return "".join(self._characters)

    def keep(self, start: int, end: int) -> None:
        """Keep a range of the source as prose."""
        self._characters[start:end] = self._source[start:end]

    def keep_field(self, start: int, end: int) -> None:
        """Replace each character of a field in a string by a letter."""
        self._fill(start, end, "X")

    def keep_string(self, start: int, end: int) -> None:
        """Keep a Python string; one that is not triple-quoted is joined with the string that follows."""
        literal = self._source[start:end]
        if match := _STRING.fullmatch(literal):
            prefix, quote, _ = match.groups()
            first, last = (start + position for position in match.span(3))
            self.keep(first, last)
            if "f" in prefix.lower() or "t" in prefix.lower():
                for field in _F_STRING_FIELD.finditer(self._source, first, last):
                    self.keep_field(*field.span())
            if len(quote) == 1:
                self.join(start, first)
                self.join(last, end)

    def join(self, start: int, end: int) -> None:
        """Replace marks by white space, so that the text continues after them."""
        self._fill(start, end, " ")

    def _fill(self, start: int, end: int, character: str) -> None:
        for position in range(start, end):
            if self._characters[position] != "\n":
                self._characters[position] = character


def _line_starts(text: str) -> list[int]:
    return [0, *(match.end() for match in re.finditer("\n", text))]
