"""Minify JavaScript with tdewolff-minify, which needs no Node."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping

from compiler.letters import renamed
from compiler.lex_javascript import LITERAL, PLACEHOLDER

_CONST = re.compile(r"^( *(?:for \()?)const (?=[\w{[])", re.M)
_LITERAL = re.compile(r"^const ([A-Z_]+) = ([\"'{[\d].*);\n", re.M)


def minify_javascript(text: str, letters: Mapping[str, str] | None = None) -> str:
    """The same script in fewer bytes: local names are shortened, strings are kept.

    A literal that is used once, by a name in capitals, stands where it is used. Templates become sums
    and every `const` a `let`, so that gzip meets fewer characters and words. `letters` are names for
    variables, see there; where they would change what the script does, the minifier's own are taken.
    """
    text = prepared(text)
    short = minified(text)
    if letters and becomes(lettered := renamed(text, letters), short):
        return minified(lettered, keep_names=True)
    return short


def prepared(text: str) -> str:
    """What of `text` the minifier gets to see, still with the names of the source."""
    text = LITERAL.sub(lambda found: _as_sum(found[0]) if found["template"] else found[0], text)
    return _CONST.sub(r"\1let ", _in_place(text))


def _as_sum(template: str) -> str:
    """A template as a sum of texts and of what is between them; the minifier takes brackets away.

    It opens with a text, empty or not, unless its second part is one: two numbers are no sum here.
    """
    if "\\" in template:
        return template
    first, *others = PLACEHOLDER.split(template[1:-1])
    parts = [] if not first and "".join(others[1:2]) else [json.dumps(first)]
    for value, text in zip(others[::2], others[1::2], strict=True):
        parts += [f"({value})", *([json.dumps(text)] if text else [])]
    return "(" + " + ".join(parts) + ")"


def becomes(text: str, short: str) -> bool:
    """Whether the minifier makes `short` of a script.

    It follows scopes, so it does of any two scripts that differ in nothing but names of variables.
    """
    import minify

    try:
        return minified(text) == short
    except minify.MinifyError:
        return False


def minified(text: str, keep_names: bool = False) -> str:
    """What the minifier makes of a script, with letters of its own for the variables or without."""
    import minify

    minify.config({"js-keep-var-names": keep_names})
    return str(minify.string("application/javascript", text))


def _in_place(text: str) -> str:
    for declared in _LITERAL.finditer(text):
        name, literal = declared.groups()
        others = text.replace(declared[0], "")
        use = re.search(rf"\b{name}\b", others) if others.count(name) == 1 else None
        if use:
            text = others[: use.start()] + literal + others[use.end() :]
    return text
