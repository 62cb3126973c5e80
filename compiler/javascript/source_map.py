"""Source maps of minified bundles, without a minifier that makes them.

A minifier keeps the names of properties and the texts of literals. So the modules are marked first: each
property, text and template gets a number of its own (`photo.µ7µid`). The marked bundle is minified, and
each mark gives the place in the bundle of a place in a module. Without its marks, the result must be the
bundle that is minified from the modules themselves.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from compiler.errors import CompilerError

_TOKEN = re.compile(
    r"""
    /\*.*?\*/ | //[^\n]*                                             # comments
    | "(?P<text>(?:[^"\\\n]|\\.)+)"(?!\s*:)                          # texts that are no keys
    | "(?:[^"\\\n]|\\.)*"
    | `(?P<template>(?:[^`\\]|\\.)+)`
    | (?<=[(,=:!&|?{};\n])\ */(?:[^/\\\n\[]|\\.|\[(?:[^\]\\\n]|\\.)*\])+/[a-z]*   # regular expressions
    | (?<!\.)\.(?P<property>[A-Za-z_$][\w$]*)
    """,
    re.X | re.S,
)
_IMPORT = re.compile(r"^import [^;]*;\n", re.M)
# A letter, since it stands in names; bundles are ASCII, so that no other text has it.
_SIGN = "µ"
_MARK = re.compile(f"{_SIGN}([0-9]+){_SIGN}")
_THROW = re.compile(r"\bthrow\b")
_BOUNDARY = re.compile(rf"[;{{}}]\s*|(?={_THROW.pattern})")
_BASE64 = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"


@dataclass(frozen=True, slots=True)
class Mark:
    """A place in a module: its offset in the module's text."""

    module: str
    offset: int


def mark_modules(modules: Mapping[str, str]) -> tuple[dict[str, str], list[Mark]]:
    """Return the modules with marks, and the marks by number."""
    marks: list[Mark] = []
    marked = {}
    for name, text in modules.items():
        # The linker reads the imports at the top.
        start = max((match.end() for match in _IMPORT.finditer(text)), default=0)
        parts, end = [text[:start]], start
        for match in _TOKEN.finditer(text, start):
            if match.lastgroup:
                offset = match.start(match.lastgroup)
                parts += [text[end:offset], f"{_SIGN}{len(marks)}{_SIGN}"]
                end = offset
                marks.append(Mark(name, offset))
        marked[name] = "".join([*parts, text[end:]])
    return marked, marks


def render_source_map(
    marked_bundle: str, bundle: str, modules: Mapping[str, str], marks: list[Mark], header: str
) -> str:
    """Return the source map of `bundle` as JSON, with the modules' texts in it.

    `marked_bundle` is rendered from the modules that `mark_modules` returns. Raises `CompilerError` if
    it is another bundle apart from its marks: the minifier changed a name, or a mark changed the code.
    """
    if _MARK.sub("", marked_bundle) != bundle:
        raise CompilerError(
            "the source map does not fit the bundle: see source_map.py for its marks"
        )
    names = sorted({mark.module for mark in marks})
    content = {
        "x_generated": header,
        "version": 3,
        "sources": [f"templates/javascript/runtime/{name}" for name in names],
        "sourcesContent": [modules[name] for name in names],
        "names": [],
        "mappings": _encode(_list_segments(marked_bundle, bundle, modules, marks), names),
    }
    return json.dumps(content, indent=1) + "\n"


# A segment: line and column in the bundle; the module, and line and column in it.
_Segment = tuple[int, int, str, int, int]


def _list_segments(
    marked_bundle: str, bundle: str, modules: Mapping[str, str], marks: list[Mark]
) -> Iterator[_Segment]:
    """Yield a segment for each mark, and for the statements that start before it."""
    code = {name: _blank_comments(text) for name, text in modules.items()}
    removed, offset_before, mark_before = 0, 0, Mark("", 0)
    for match in _MARK.finditer(marked_bundle):
        offset, mark = match.start() - removed, marks[int(match[1])]
        removed += len(match[0])
        source_before = mark_before.offset if mark_before.module == mark.module else 0
        starts = _match_statements(
            bundle[offset_before:offset], code[mark.module][source_before : mark.offset]
        )
        for start, source_start in sorted(starts.items()):
            place = Mark(mark.module, source_before + source_start)
            yield _make_segment(bundle, offset_before + start, modules, place)
        yield _make_segment(bundle, offset, modules, mark)
        offset_before, mark_before = offset, mark


def _match_statements(text: str, source: str) -> dict[int, int]:
    """Return the starts of statements in a part of a bundle, with those in its source.

    These are the last statement, and each `throw` if both parts have as many of them: minifiers join
    other statements.
    """
    starts = {}
    ends = [[match.end() for match in _BOUNDARY.finditer(part)] for part in (text, source)]
    if all(ends):
        starts[ends[0][-1]] = ends[1][-1]
    throws = [[match.start() for match in _THROW.finditer(part)] for part in (text, source)]
    if len(throws[0]) == len(throws[1]):
        starts |= dict(zip(*throws, strict=True))
    return starts


def _blank_comments(text: str) -> str:
    """Return code with spaces for its comments, in which all places stay the same."""
    return _TOKEN.sub(
        lambda match: (
            re.sub(r"[^\n]", " ", match[0]) if match[0].startswith(("/*", "//")) else match[0]
        ),
        text,
    )


def _make_segment(bundle: str, offset: int, modules: Mapping[str, str], mark: Mark) -> _Segment:
    place = _count_lines(modules[mark.module], mark.offset)
    return (*_count_lines(bundle, offset), mark.module, *place)


def _count_lines(text: str, offset: int) -> tuple[int, int]:
    """Return the line and the column of a place, from 0."""
    return text.count("\n", 0, offset), offset - text.rfind("\n", 0, offset) - 1


def _encode(segments: Iterator[_Segment], names: list[str]) -> str:
    """Return segments as a source map's `mappings`: differences in base 64, `;` between lines."""
    lines: list[list[str]] = [[]]
    column = 0
    source_before = (0, 0, 0)
    for line, bundle_column, module, source_line, source_column in segments:
        while len(lines) <= line:
            lines.append([])
            column = 0
        source = (names.index(module), source_line, source_column)
        numbers = (bundle_column - column, *map(int.__sub__, source, source_before))
        lines[-1].append("".join(map(_encode_number, numbers)))
        column, source_before = bundle_column, source
    return ";".join(map(",".join, lines))


def _encode_number(number: int) -> str:
    """Return a number in base 64, as a variable-length quantity with the sign in its last bit."""
    rest = abs(number) << 1 | (number < 0)
    digits = ""
    while True:
        rest, digit = rest >> 5, rest & 31
        digits += _BASE64[digit | (32 if rest else 0)]
        if not rest:
            return digits
