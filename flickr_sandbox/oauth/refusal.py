"""How Flickr refuses a signed request: a status and `oauth_problem=…`, whatever format was asked for."""

from __future__ import annotations

from urllib.parse import quote


class Refusal(Exception):
    """A signed request that is refused: an HTTP status and a form-encoded body, `oauth_problem=…`."""

    def __init__(self, problem: str, status: int = 401, details: str = "") -> None:
        super().__init__(problem)
        self.status = status
        self.body = f"oauth_problem={problem}{details}"


def absent(*names: str) -> Refusal:
    """The refusal of a request that lacks parameters."""
    return Refusal("parameter_absent", 400, f"&oauth_parameters_absent={quote('&'.join(names))}")


def wrong_signature(base_string: str) -> Refusal:
    """The refusal of a signature; it tells the base string, its `&` as they are."""
    return Refusal("signature_invalid", details=f"&debug_sbs={base_string}")
