"""The tokens of JavaScript, for the dialect that our runtime keeps to: no template in a template."""

from __future__ import annotations

import re

_LITERAL = (
    r"""(?P<comment>//[^\n]*|/\*.*?\*/)"""
    r"""|(?P<text>"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*')"""
    r"""|(?P<pattern>(?<=[(=:?>,!&|] |.\()/(?:\\.|\[(?:\\.|[^\]\n])*\]|[^/\\\n\[])+/\w*)"""
    r"""|(?P<template>`(?:[^`\\]|\\.)*`)"""
)
LITERAL = re.compile(_LITERAL, re.S)
TOKEN = re.compile(
    _LITERAL + r"""|(?P<space>\s+)"""
    r"""|(?P<number>\d[\w.]*)"""
    r"""|(?P<word>[A-Za-z_$][\w$]*)"""
    r"""|(?P<mark>=>|\.\.\.|\?\.|\|\||&&|.)""",
    re.S,
)
PLACEHOLDER = re.compile(r"\$\{([^}]*)\}")
