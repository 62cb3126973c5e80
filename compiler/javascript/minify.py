"""Minify JavaScript with tdewolff-minify, which needs no Node."""

from __future__ import annotations

from compiler.reflect.problems import CompilerError


def minify_javascript(text: str, name: str) -> str:
    """Return a script or module in fewer bytes: local names are shortened, all others are kept.

    Raises `CompilerError` that names the file, `name`, and the reason if the text is not JavaScript.
    """
    import minify

    try:
        return str(minify.string("application/javascript", text))
    except minify.MinifyError as error:
        # Its first line; those that follow show the place in the text.
        reason = str(error).partition("\n")[0]
        raise CompilerError(f"{name}: {reason}") from None
