"""The command `pyflickr-web`."""

from __future__ import annotations

from importlib import import_module
from typing import Any

import click

from pyflickr_web import __version__
from pyflickr_web.commands.stdio import standard_streams

# The subcommands, with the modules of `commands/` that define them.
COMMANDS = {
    "call": "call",
    "downsync": "downsync",
    "login": "account",
    "logout": "account",
    "methods": "methods",
    "mirror": "mirror",
    "sandbox": "sandbox",
    "serve": "serve",
    "upload": "upload",
    "verify": "verify",
    "whoami": "account",
}


class _Program(click.Group):
    """The command on any standard streams; it loads a subcommand, and its libraries, by need."""

    def main(self, *args: Any, **extra: Any) -> Any:
        with standard_streams():
            return super().main(*args, **extra)

    def list_commands(self, _: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, _: click.Context, name: str) -> click.Command | None:
        if name not in COMMANDS:
            return None
        module = import_module(f"pyflickr_web.commands.{COMMANDS[name]}")
        command: click.Command = getattr(module, name)
        return command


@click.group(cls=_Program, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="pyflickr-web")
def main() -> None:
    """The Flickr API from the command line."""
