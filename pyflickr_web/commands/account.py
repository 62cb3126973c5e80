"""`pyflickr-web login`, `logout` and `whoami`."""

from __future__ import annotations

import os
import sys
from typing import Any

import click

from pyflickr_web.commands.context import open_client, report_errors, user_option
from pyflickr_web.commands.stdio import print_json
from pyflickr_web.flickr import Flickr
from pyflickr_web.oauth import env_file, sign_in
from pyflickr_web.oauth.callback import OOB
from pyflickr_web.oauth.store import open_store
from pyflickr_web.options import PERMISSIONS, TOKEN_STORES
from pyflickr_web.transports.errors import UnavailableError
from pyflickr_web.transports.text import printable


@click.command()
@click.option(
    "--perms",
    type=click.Choice(PERMISSIONS),
    help="The permissions to ask for; each includes those before it.  [default: read]",
)
@click.option("--oob", is_flag=True, help="Type a code; for a browser on another machine.")
@click.option("--no-browser", is_flag=True, help="Only show the address; implies --oob.")
@click.option(
    "--keep", type=click.Choice(TOKEN_STORES), help="The store for the token.  [default: file]"
)
@click.option("--export", is_flag=True, help="Also print the token as export lines.")
@report_errors
def login(perms: str | None, oob: bool, no_browser: bool, keep: str | None, export: bool) -> None:
    """Sign in to Flickr, and store the token.

    The application's key and secret come from FLICKR_API_KEY and FLICKR_SECRET, in the environment or
    in .env. The browser returns to a free port of this machine, or to FLICKR_CALLBACK.

    \b
    pyflickr-web login
    pyflickr-web login --perms write --oob
    """
    given: dict[str, Any] = {
        "permissions": perms,
        "token_store": keep,
        "nobrowser": no_browser or None,
        "access_token": "",
        "access_token_secret": "",
        "callback": OOB if oob or no_browser else None,
    }
    with Flickr(**given) as flickr:
        sign_in.check_store(flickr.options)
        signed = flickr.run(sign_in.ask(flickr.options, flickr.options.get("callback")))
        token = sign_in.make_token(flickr.options, signed)
        sign_in.save_token(flickr.options, token)
    person = printable(f"{token.username} ({token.user_id})")
    click.echo(f"{person} is signed in, to {token.permissions}", err=True)
    if export:
        click.echo("\n".join(env_file.export_lines(token)))


@click.command()
@user_option
@report_errors
def logout(user: str | None) -> None:
    """Remove the stored token.

    On Flickr, the application stays authorized until you remove it there.
    """
    with Flickr(access_token="", access_token_secret="") as flickr:
        options = flickr.options
    key, base_url = options["api_key"], options.get("base_url")
    # The token in `.env` first, as calls use it first.
    for store in (open_store("env"), open_store(options.get("token_store"))):
        if store and (token := store.find(key, base_url, user)):
            store.remove(key, base_url, token)
            click.echo(f"{printable(token.username or token.user_id)} is signed out here")
            return
    if os.environ.get("FLICKR_ACCESS_TOKEN"):
        raise click.ClickException(
            "the token is in the environment: unset FLICKR_ACCESS_TOKEN and "
            "FLICKR_ACCESS_TOKEN_SECRET"
        )
    raise click.ClickException(f"{user} is not signed in" if user else "not signed in")


@click.command()
@user_option
@report_errors
def whoami(user: str | None) -> None:
    """Show who is signed in, and what the token allows."""
    with open_client(user) as flickr:
        person = flickr.test.login()
        token = flickr.options["access_token"]
        checked: dict[str, Any] = flickr.auth.oauth.checkToken(oauth_token=token)
    try:
        person_info = {
            "user_id": person["user"]["id"],
            "username": person["user"]["username"]["_content"],
            "permissions": checked["oauth"]["perms"]["_content"],
        }
    except (KeyError, TypeError):
        raise UnavailableError("whoami: the answer describes no person") from None
    if sys.stdout.isatty():
        click.echo(printable("{username} ({user_id}) may {permissions}".format_map(person_info)))
    else:
        print_json(person_info)
