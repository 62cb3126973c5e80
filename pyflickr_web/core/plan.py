"""The plan of a call: the request to Flickr or a proxy, the decision to sign it, and its retries."""

import json

from .flow import Request
from .levels import RETRIES, may_write
from .wire import join_url, to_wire

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from .options import Options
    from .table import Table

UPLOAD = "flickr.upload"
ME = "me"
_API = "https://api.flickr.com"


class Plan:
    """The plan of a call of `method` with the arguments `values`, made without I/O.

    `request` has no signature yet; if `is_signed`, the caller's credentials sign it. `writes` is True if
    the call may change something. `retries` is the number of retries after a temporary failure.
    Without `signing`, a call is signed only if its method needs it.
    """

    def __init__(
        self,
        table: "Table",
        options: "Options",
        method: str,
        values: "Mapping[str, Any]",
        signing: "Signing | None" = None,
    ) -> None:
        level = table.levels.get(method)
        self.writes = may_write(level)
        self.is_signed = level or method in table.omitted
        if signing:
            self.is_signed = level or signing.signs(table, method, values)
        self.retries = 0 if self.writes else count_retries(options)
        wire = to_wire(values, self.writes)
        wire["method"] = method
        self.request = _make_request(options, wire)


class Signing:
    """The settings of a caller that decide about signing a method that works without a signature.

    `authenticated` is the call's own setting, or None. `has_token` is False for a caller that has not
    signed in. `absent_means_caller` is False if a missing `user_id` must not sign the call: in a proxy
    the site's token is not the visitor's.
    """

    def __init__(
        self, authenticated: "bool | None", has_token: bool = True, absent_means_caller: bool = True
    ) -> None:
        self._authenticated = authenticated
        self._has_token = has_token
        self._absent_means_caller = absent_means_caller

    def signs(self, table: "Table", method: str, values: "Mapping[str, Any]") -> bool:
        """Return True if the caller signs a call of `method`."""
        if self._authenticated is not None:
            return self._authenticated
        if not self._has_token:
            return False
        if method not in table.levels:
            # An unknown method may need a signature.
            return True
        user = values.get("user_id")
        if user is None or user == "":
            return self._absent_means_caller and method in table.caller_methods
        return bool(user == ME)


def _make_request(options: "Options", wire: "dict[str, str]") -> Request:
    endpoint = options.get("endpoint")
    if endpoint:
        return Request(endpoint, json.dumps(wire))
    key = options.get("api_key")
    if key:
        wire["api_key"] = key
    wire["format"] = "json"
    wire["nojsoncallback"] = "1"
    return Request(join_url(options.get("base_url") or _API, "services/rest/"), None, wire)


def count_retries(options: "Options") -> int:
    """Return the number of retries that the option `retry_queries` sets."""
    retries: int = options.get("retry_queries") or 0
    return RETRIES if retries is True else retries


def full_name(method: str) -> str:
    """Return a method's name with `flickr.` in front."""
    return "flickr." + method.replace("flickr.", "")
