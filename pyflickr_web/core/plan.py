"""The plan of a call: the request to Flickr or a proxy, and the decision to sign it."""

import json

from .flow import Request
from .levels import may_write
from .wire import join_url, to_wire

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from .client import Client
    from .table import Table

UPLOAD = "flickr.upload"
ME = "me"
_API = "https://api.flickr.com"


class Plan:
    """The plan of a call of `method` with the arguments `values`, made without I/O.

    `request` has no signature yet; if `is_signed`, the caller's credentials sign it: because the method
    needs it, or because the caller wants to `sign`. `writes` is True if the call may change something.
    """

    def __init__(
        self,
        client: "Client",
        method: str,
        values: "Mapping[str, Any]",
        sign: bool = False,
    ) -> None:
        table, options = client.table, client.options
        level = table.levels.get(method)
        self.writes = may_write(level)
        self.is_signed = level or sign or method in table.omitted
        given = dict(values, method=method)
        endpoint = options.get("endpoint")
        if endpoint:
            self.request = Request(endpoint, json.dumps(to_wire(method, given, self.writes)))
            return
        given.update(api_key=options.get("api_key") or None, format="json", nojsoncallback=1)
        url = join_url(options.get("base_url") or _API, "services/rest/")
        self.request = Request(url, None, to_wire(method, given, self.writes))


def means_caller(
    table: "Table", method: str, values: "Mapping[str, Any]", absent_means_caller: bool = True
) -> bool:
    """Return True if a call means its caller, whose token must sign it although it works without.

    `absent_means_caller` is False if a missing `user_id` must not sign the call: in a proxy the site's
    token is not the visitor's.
    """
    if method not in table.levels:
        # An unknown method may need a signature.
        return True
    user = values.get("user_id")
    if user is None or user == "":
        return absent_means_caller and method in table.caller_methods
    return bool(user == ME)


def full_name(method: str) -> str:
    """Return a method's name with `flickr.` in front."""
    return "flickr." + method.replace("flickr.", "")
