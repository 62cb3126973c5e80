"""The settings of a sandbox."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from flickr_sandbox.rest import is_key

if TYPE_CHECKING:
    from flickr_sandbox.own_library import Content

MOST_PHOTOS = 1_000_000


@dataclass(frozen=True, slots=True)
class Settings:
    """The settings of a sandbox.

    `photos` is the number of photos in a new library, and `seed` decides their content; the defaults
    are 1,500 photos and seed 1, or the values of a kept library. `port` 0 chooses a free port. `data`
    is the folder for library and uploads; without it they are deleted at the end.

    `library` is one's own content instead of generated photos.

    With `large_account`, the second account of 12,000 photos is made at the start.

    With `plain_consent`, tests without a browser can allow an application without opening the page:
    POST `oauth_token`, `perms` and `answer=allow` to `/services/oauth/authorize`.

    `applications` are the keys of programs with a key of their own, with their secrets; the account
    has a key anyway.

    With `intercept`, the sandbox is also an HTTP(S) proxy that plays Flickr's own hosts, under a
    certificate authority of its own, and refuses all others.

    Raises `ValueError` for a negative number of photos, or more than a million, and for `photos` in
    addition to `library`.
    """

    photos: int | None = None
    seed: int | None = None
    host: str = "127.0.0.1"
    port: int = 0
    data: Path | None = None
    plain_consent: bool = False
    intercept: bool = False
    large_account: bool = False
    library: Content | None = None
    applications: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if not 0 <= (self.photos or 0) <= MOST_PHOTOS:
            raise ValueError(
                f"invalid number of photos {self.photos}: use a number from 0 to {MOST_PHOTOS}"
            )
        for key, secret in self.applications.items():
            if not is_key(key) or not secret:
                raise ValueError(
                    "invalid application: use a key of 32 hexadecimal digits, and its secret"
                )
        if self.library is not None and self.photos is not None:
            raise ValueError("photos and library exclude each other: use one of them")
