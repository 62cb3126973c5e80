"""The command `pyflickr-web`."""

from __future__ import annotations

from typing import Any

import click

from pyflickr_web import __version__
from pyflickr_web.commands.account import login, logout, whoami
from pyflickr_web.commands.call import call
from pyflickr_web.commands.downsync import downsync
from pyflickr_web.commands.methods import methods
from pyflickr_web.commands.sandbox import sandbox
from pyflickr_web.commands.serve import serve
from pyflickr_web.commands.stdio import standard_streams
from pyflickr_web.commands.upload import upload


class _Program(click.Group):
    """The command, with its subcommands, on any standard streams."""

    def main(self, *args: Any, **extra: Any) -> Any:
        with standard_streams():
            return super().main(*args, **extra)


@click.group(cls=_Program, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="pyflickr-web")
def main() -> None:
    """The Flickr API from the command line."""


for command in (login, logout, whoami, call, methods, sandbox, serve, upload, downsync):
    main.add_command(command)
