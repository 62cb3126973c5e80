"""The API key of `python -m compiler fetch`, if the command line has none."""

from __future__ import annotations

import io
from collections.abc import Mapping
from pathlib import Path

from compiler.reflect.problems import CompilerError
from pyflickr_web.files import read_regular

NAME = "FLICKR_API_KEY"


def find(environment: Mapping[str, str], env_file: Path) -> str:
    """Return the key in the environment, else the one in `.env`; empty if neither has one.

    Raises `CompilerError` for an unreadable `.env`.
    """
    if NAME in environment:
        return environment[NAME]
    # Imported here: builds go without.
    from dotenv import dotenv_values

    try:
        # Some keep a virtual environment in a folder of this name.
        if env_file.is_dir():
            return ""
        text = read_regular(env_file).decode("utf-8")
    except FileNotFoundError:
        return ""
    except UnicodeDecodeError:
        raise CompilerError(f"{env_file} is not UTF-8: save it as UTF-8") from None
    except OSError as error:
        raise CompilerError(f"{env_file} cannot be read: {error.strerror}") from None
    return dotenv_values(stream=io.StringIO(text)).get(NAME) or ""
