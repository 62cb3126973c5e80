"""Which letters stand for the variables of the production runtime: those with which gzip finds most.

A minifier gives the first letters to the variables that are used most, function by function. Other
letters make the same script, and some of them a smaller one. They are searched for, not reasoned out
(`python -m compiler.search`), so they are kept as data; a variable without a letter keeps its name.

A variable is told by the top-level declaration that it is in, a dot and its name, as `call.wire`; one
of the top level by its name alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache

from compiler.lex_javascript import TOKEN
from compiler.templates import TEMPLATES

FILE = TEMPLATES / "javascript" / "letters.txt"

_TOP = re.compile(r"^(?:const|let|var|class|(?:async )?function\*?) ([\w$]+)", re.M)
_RESERVED = re.compile(
    "async|await|break|case|catch|class|const|constructor|continue|default|delete|do|else|extends|false"
    "|finally|for|function|get|if|in|instanceof|let|new|null|of|return|set|static|super|switch|this"
    "|throw|true|try|typeof|undefined|var|void|while|yield"
)
_BEFORE_OBJECT = {"(", ",", "=", ":", "?", "[", "return", "const", "let", "var", "...", "||", "&&"}
_BEFORE_MEMBER = {"{", "}", ";", "static", "get", "set", "async", "*"}


@dataclass(frozen=True)
class Use:
    """Where a variable stands in a text; `{ short }` stands for a property too."""

    start: int
    end: int
    variable: str
    short: bool


@cache
def known() -> dict[str, str]:
    """The letter of each variable."""
    return dict(line.split() for line in FILE.read_text("utf-8").splitlines())


def write(letters: Mapping[str, str]) -> None:
    """Keep `letters` as what is known."""
    lines = (f"{variable} {letter}\n" for variable, letter in sorted(letters.items()))
    FILE.write_text("".join(lines), "utf-8")


def renamed(text: str, letters: Mapping[str, str]) -> str:
    """`text`, a linked script, with `letters` for its variables.

    That the letters do not get into each other's way is not looked at: see `minify_javascript`.
    """
    parts, end = [], 0
    for use in uses(text):
        name = text[use.start : use.end]
        letter = letters.get(use.variable, name)
        parts += [
            text[end : use.start],
            f"{name}: " if use.short and letter != name else "",
            letter,
        ]
        end = use.end
    return "".join(parts) + text[end:]


@lru_cache(1)
def uses(text: str) -> list[Use]:
    """Every place in a linked script where a name may stand for a variable, from left to right.

    Names of properties and methods are none, nor is what a comment, string, template or regular
    expression holds.
    """
    tops = [(match.start(), match[1]) for match in _TOP.finditer(text)]
    names = {name for _, name in tops}

    def variable(name: str, place: int) -> str:
        above = [top for start, top in tops if start <= place]
        return name if name in names or not above else f"{above[-1]}.{name}"

    return [
        Use(start, start + len(name), variable(name, start), short)
        for start, name, short in _names(text)
    ]


def _names(text: str) -> Iterator[tuple[int, str, bool]]:
    tokens = [token for token in TOKEN.finditer(text) if not (token["comment"] or token["space"])]
    around = ["", *(token[0] for token in tokens), ""]
    open_marks: list[str] = []
    heads_class = False
    for before, token, after in zip(around, tokens, around[2:], strict=False):
        inside, mark = open_marks[-1:], token[0]
        if token["word"]:
            heads_class |= mark == "class"
            in_object = inside == ["object"] and before in ("{", ",")
            is_member = inside == ["class"] and before in _BEFORE_MEMBER
            is_key = in_object and after in (":", "(")
            if not (is_member or is_key or before in (".", "?.") or _RESERVED.fullmatch(mark)):
                yield token.start(), mark, in_object and after in (",", "}", "=")
        elif mark in ("(", "["):
            open_marks.append(mark)
        elif mark == "{":
            in_value = before in _BEFORE_OBJECT
            open_marks.append("class" if heads_class else "object" if in_value else "block")
            heads_class = False
        elif mark in (")", "]", "}"):
            del open_marks[-1:]
