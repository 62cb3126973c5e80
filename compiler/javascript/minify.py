"""Minify JavaScript with tdewolff-minify, which needs no Node."""

from __future__ import annotations

from compiler.errors import CompilerError


def minify_javascript(text: str, name: str) -> str:
    """Minify a script or module; only local names are shortened.

    If the text is not JavaScript, raises `CompilerError` with the file, `name`, and the reason.
    """
    import minify

    try:
        return str(minify.string("application/javascript", text))
    except minify.MinifyError as error:
        # The first line; the following ones show the place in the text.
        reason = str(error).partition("\n")[0]
        raise CompilerError(f"{name}: {reason}") from None
