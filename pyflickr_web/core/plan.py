"""The plan of a call: the request that carries it, to Flickr or a proxy, and if it is signed."""

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
    """Return True if a call of `method` is signed, given that there is a token.

    `authenticated` is the call's own setting, None if it has none. `absent_means_caller` is False if an
    absent `user_id` must not sign: in a proxy the site's token is not the visitor's.
    """
    level = table.levels.get(method)
    if level:
        return True
    if authenticated is not None:
        return authenticated
    if level is None:
        # An unknown method may need it.
        return True
    user = values.get("user_id")
    if user is None or user == "":
        return absent_means_caller and method in table.caller_methods
    return bool(user == ME)


def full_name(method: str) -> str:
    """Return a method's name with `flickr.` in front."""
    return "flickr." + method.replace("flickr.", "")


def build_request(options: "Options", wire: "dict[str, str]") -> Request:
    """Return the request with the arguments of a call, its `method` among them."""
    endpoint = options.get("endpoint")
    if endpoint:
        return Request(endpoint, json.dumps(wire))
    key = options.get("api_key")
    if key:
        wire["api_key"] = key
    wire["format"] = "json"
    wire["nojsoncallback"] = "1"
    return Request(join_url(options.get("base_url") or _API, "services/rest/"), None, wire)
