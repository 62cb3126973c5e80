"""The account that uploads: its permission, checked before any byte is sent, and its limits."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary

from pyflickr_web.core.levels import PERMS, allows
from pyflickr_web.core.plan import UPLOAD
from pyflickr_web.core.wire import to_whole_number
from pyflickr_web.transports.errors import LoginError, PermissionRefused, TokenOnlyError
from pyflickr_web.upload.calls import call, unexpected_answer
from pyflickr_web.upload.events import AccountLimits
from pyflickr_web.upload.service import SIGN_IN

if TYPE_CHECKING:
    from pyflickr_web.core.flow import Flow
    from pyflickr_web.transports.message import Credentials
    from pyflickr_web.upload.calls import Client

CHECK = "flickr.auth.oauth.checkToken"
STATUS = "flickr.people.getUploadStatus"
PRIVACY = "flickr.prefs.getPrivacy"
MEGABYTE = 1024 * 1024
# Flickr's own limits, if it does not say those of the account.
LARGEST_PHOTO, LARGEST_VIDEO = 200 * MEGABYTE, 1024 * MEGABYTE


@dataclass(frozen=True, slots=True)
class Account:
    """A person who may upload, and the credentials that sign."""

    user_id: str
    credentials: Credentials


# Flickr's numbers for the default visibility of uploads.
AUDIENCES = {1: "everybody", 2: "friends", 3: "family", 4: "friends and family", 5: "only you"}

# The checked accounts of clients: one check is enough for many uploads.
_checked: WeakKeyDictionary[Any, Account] = WeakKeyDictionary()


def find_account(client: Client) -> Flow:
    """Return the client's `Account`, after a check of its token (`flickr.auth.oauth.checkToken`).

    Raises `TokenOnlyError`, `LoginError` or `PermissionRefused` if the client may not upload.
    """
    credentials = _require_token(client)
    account = _checked.get(client)
    if account and account.credentials is credentials:
        return account
    values = {"oauth_token": credentials.access_token, "authenticated": True}
    answer = yield from call(client, CHECK, values)
    try:
        permissions = answer["oauth"]["perms"]["_content"]
        user_id = str(answer["oauth"]["user"]["nsid"])
    except (KeyError, TypeError):
        raise unexpected_answer(CHECK) from None
    if permissions not in PERMS or not allows(permissions, "write"):
        text = f"{UPLOAD}: the token only has {permissions} permission, and uploads need write"
        raise PermissionRefused(f"{text}: {SIGN_IN}", method=UPLOAD)
    _checked[client] = account = Account(user_id, credentials)
    return account


def _require_token(client: Client) -> Credentials:
    credentials = client.credentials
    if client.options.get("endpoint"):
        text = (
            "uploads need Flickr itself: leave out endpoint, and give api_key, secret and a token"
        )
        raise TokenOnlyError(f"{UPLOAD}: {text}", method=UPLOAD)
    if credentials is None:
        text = f"this client only has an API key, and uploads need a token: {SIGN_IN}"
        raise TokenOnlyError(f"{UPLOAD}: {text}", method=UPLOAD)
    if not credentials.access_token:
        raise LoginError(f"{UPLOAD}: not signed in: {SIGN_IN}", method=UPLOAD)
    return credentials


def get_limits(client: Client) -> Flow:
    """Return the `AccountLimits` that Flickr reports (`flickr.people.getUploadStatus`)."""
    answer = yield from call(client, STATUS, {})
    user = answer.get("user")
    if not isinstance(user, Mapping):
        raise unexpected_answer(STATUS)
    bandwidth = _part(user, "bandwidth")
    unlimited = to_whole_number(bandwidth.get("unlimited"))
    return AccountLimits(
        photo_bytes=to_whole_number(_part(user, "filesize").get("maxbytes")),
        video_bytes=to_whole_number(_part(user, "videosize").get("maxbytes")),
        remaining_bytes=None if unlimited else to_whole_number(bandwidth.get("remainingbytes")),
        # The text "lots" means no limit.
        remaining_videos=to_whole_number(_part(user, "videos").get("remaining")),
        remaining_uploads=_count_remaining_uploads(user),
    )


def _count_remaining_uploads(user: Mapping[str, Any]) -> int | None:
    """Return the number of uploads left to an account; None for Pro, whose number has no limit."""
    most, count = (to_whole_number(user.get(name)) for name in ("upload_limit", "upload_count"))
    if to_whole_number(user.get("ispro")) or not most or count is None:
        return None
    return max(0, most - count)


def get_default_audience(client: Client) -> Flow:
    """Return a text for the visibility of uploads without privacy fields (`flickr.prefs.getPrivacy`)."""
    answer = yield from call(client, PRIVACY, {})
    try:
        return AUDIENCES[to_whole_number(answer["person"]["privacy"]) or 0]
    except (KeyError, TypeError):
        raise unexpected_answer(PRIVACY) from None


def _part(user: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    part = user.get(name)
    return part if isinstance(part, Mapping) else {}
