"""The rule by which calls are signed, for the client and the proxy."""

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from .table import Table

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
