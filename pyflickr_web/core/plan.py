"""The plan of a call: its request to Flickr or a proxy, and the decision to sign it."""

import json

from .flow import Request
from .wire import join_url

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from .options import Options
    from .table import Table

UPLOAD = "flickr.upload"
_API = "https://api.flickr.com"
ME = "me"


def is_signed(
    table: "Table",
    method: str,
    values: "Mapping[str, Any]",
    authenticated: "bool | None" = None,
    absent_means_caller: bool = True,
) -> bool:
    """Return True if a client with a token signs a call of `method`.

    `authenticated` is the call's own setting, or None. Set `absent_means_caller` to False if a missing
    `user_id` must not sign the call: in a proxy the site's token is not the visitor's.
    """
    level = table.levels.get(method)
    if level:
        return True
    if authenticated is not None:
        return authenticated
    if level is None:
        # An unknown method may need a signature.
        return True
    user = values.get("user_id")
    if user is None or user == "":
        return absent_means_caller and method in table.caller_methods
    return bool(user == ME)


def full_name(method: str) -> str:
    """Return a method's name with `flickr.` in front."""
    return "flickr." + method.replace("flickr.", "")


def build_request(options: "Options", wire: "dict[str, str]") -> Request:
    """Return the request of a call; `wire` has its arguments and its `method`."""
    endpoint = options.get("endpoint")
    if endpoint:
        return Request(endpoint, json.dumps(wire))
    key = options.get("api_key")
    if key:
        wire["api_key"] = key
    wire["format"] = "json"
    wire["nojsoncallback"] = "1"
    return Request(join_url(options.get("base_url") or _API, "services/rest/"), None, wire)
