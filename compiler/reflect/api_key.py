"""The API key of `python -m compiler fetch`, if the command line has none."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from compiler.reflect.problems import CompilerError

NAME = "FLICKR_API_KEY"


def find(environment: Mapping[str, str], env_file: Path) -> str:
    """Return the key in the environment, else the one in `.env`; empty if neither has one.

    Raises `CompilerError` for an unreadable `.env`.
    """
    if NAME in environment:
        return environment[NAME]
    # Imported here: builds go without.
    from pyflickr_web.errors import OptionError
    from pyflickr_web.options import read_env_file

    try:
        return read_env_file(env_file).get(NAME, "")
    except OptionError as error:
        raise CompilerError(str(error)) from None
