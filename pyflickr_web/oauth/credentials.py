"""The secrets that sign a request."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Credentials:
    """An application's key and secret, and where somebody signed in, the token and its secret.

    Shown, it tells whose token it is at the most.
    """

    api_key: str = field(repr=False)
    secret: str = field(repr=False)
    access_token: str = field(default="", repr=False)
    access_token_secret: str = field(default="", repr=False)
    user_id: str = ""
