"""The command `pyflickr-web`."""

from __future__ import annotations

import click

from pyflickr_web import __version__
from pyflickr_web.commands.account import login, logout, whoami
from pyflickr_web.commands.call import call
from pyflickr_web.commands.methods import methods


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="pyflickr-web")
def main() -> None:
    """The Flickr API from the command line."""


@main.command()
@click.option("--port", type=click.IntRange(0, 65535), default=8100, show_default=True)
@click.option("--photos", type=click.IntRange(0), default=500, show_default=True)
@click.option("--seed", type=int, default=1, show_default=True)
def sandbox(port: int, photos: int, seed: int) -> None:
    """Start a local Flickr to develop and test against."""
    try:
        from pyflickr_web.sandbox import Sandbox
    except ModuleNotFoundError as error:
        raise click.ClickException(error.msg) from None
    with Sandbox(photos=photos, seed=seed, port=port) as flickr:
        click.echo(f"export FLICKR_BASE_URL={flickr.url}")
        flickr.wait()


for command in (login, logout, whoami, call, methods):
    main.add_command(command)
