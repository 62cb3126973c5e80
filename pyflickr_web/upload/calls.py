"""Calls of the API during an upload, with retries."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from pyflickr_web.core.flow import Sleep
from pyflickr_web.core.levels import RETRIES
from pyflickr_web.transports.errors import NetworkError, RateLimitError, UnavailableError

if TYPE_CHECKING:
    from typing import Protocol

    from pyflickr_web.core.flow import Flow
    from pyflickr_web.transports.message import Credentials

    class Client(Protocol):
        """The parts of a client on a server that an upload uses."""

        credentials: Credentials | None
        options: Any

        def flow(self, method: str, values: dict[str, Any], checked: bool = True) -> Flow: ...
        def flow_as(
            self,
            credentials: Credentials | None,
            method: str,
            values: dict[str, Any],
            checked: bool = True,
        ) -> Flow: ...


ME = "me"


def call(client: Client, method: str, values: Mapping[str, Any]) -> Flow:
    """Call a method that may be called twice; retry it after a temporary failure.

    An upload takes long: a short failure of one of its calls must not end it. Raises `FlickrError`.
    """
    for count in range(RETRIES):
        try:
            return (yield from client.flow(method, dict(values), False))
        except (NetworkError, RateLimitError, UnavailableError):
            yield Sleep(2**count / 2, 2**count)
    return (yield from client.flow(method, dict(values), False))


def unexpected_answer(method: str) -> UnavailableError:
    """Return the error of an answer in another format than Flickr's."""
    return UnavailableError(f"{method}: unexpected answer", method=method)
