"""Minify JavaScript with tdewolff-minify, which needs no Node."""

from __future__ import annotations


def minify_javascript(text: str) -> str:
    """The same script in fewer bytes; names inside functions are shortened, strings are kept."""
    import minify

    return str(minify.string("application/javascript", text))
