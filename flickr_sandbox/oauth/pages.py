"""What a person sees of the dance: the page that asks, and the one that tells how it ended."""

from __future__ import annotations

from functools import cache
from html import escape
from importlib.resources import files
from string import Template

from flickr_sandbox.oauth.grants import PERMS, Consent

MEANING = {
    1: ("see your private photos and albums",),
    2: ("see your private photos and albums", "upload and change photos, albums and comments"),
    3: (
        "see your private photos and albums",
        "upload and change photos, albums and comments",
        "delete photos, albums and comments",
    ),
}
KEY_SHOWN = 6
"""How many digits of an application's key a page shows."""


def consent(asked: Consent, name: str) -> str:
    """The page with the two buttons; `name` is that of the field that holds the token or frob."""
    return _page("consent.html").substitute(
        application=escape(asked.api_key[:KEY_SHOWN]),
        person=escape(asked.person["realname"] or asked.person["username"]),
        username=escape(asked.person["username"]),
        perms=PERMS[asked.perms],
        meaning="".join(f"<li>{escape(line)}</li>" for line in MEANING[asked.perms]),
        name=name,
        token=escape(asked.token),
        ticket=escape(asked.ticket),
    )


def told(title: str, text: str, code: str = "") -> str:
    """A page that tells something, and perhaps a code to type into the application."""
    shown = f'<p><code id="verifier">{escape(code)}</code></p>' if code else ""
    return _page("told.html").substitute(title=escape(title), text=escape(text), code=shown)


@cache
def _page(name: str) -> Template:
    return Template(files(__package__).joinpath(name).read_text("utf-8"))
