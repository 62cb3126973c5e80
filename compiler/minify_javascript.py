"""Minify JavaScript with tdewolff-minify, which needs no Node."""

from __future__ import annotations


def minify_javascript(text: str) -> str:
    """Return a script or module in fewer bytes: local names are shortened, all others are kept."""
    import minify

    return str(minify.string("application/javascript", text))
