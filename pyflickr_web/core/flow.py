"""Flows: operations written once, as generators that yield effects and receive their results.

The effects are `Request`, whose result is a `Response`, or None without an answer; `Sleep`, without a
result; and, on a server, `BlockingEffect`. A listing also yields lists of items or answers. Drivers run
flows: they own the clock and the sockets.
"""

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Generator
    from typing import Any

    Effect = Any
    Flow = Generator[Effect, Any, Any]


class Request:
    """A request to send: a POST of `body` (JSON), a POST of a form (`fields` and `photo`), or a GET with
    `fields` as its query.

    In a page, `options` are those of the client, as a dictionary; the type of `photo` depends on the
    page's transport. On a server `body` may be a stream, and `options` are `SendOptions` of the
    transports, or None.
    """

    def __init__(
        self,
        url: str,
        body: "Any" = None,
        fields: "dict[str, str] | None" = None,
        photo: "Any" = None,
        options: "Any" = None,
    ) -> None:
        self.url = url
        self.body = body
        self.fields = fields
        self.photo = photo
        self.options = options


class Response:
    """An answer: HTTP status, text (None if the connection was lost) and `Retry-After`.

    `cause` is the error of the connection, or None.

    `retryable` is True or False if a server's transport knows it: True if the request was certainly
    not sent. It is None if the status and the text decide.
    """

    if TYPE_CHECKING:
        retryable: bool | None
        cause: BaseException | None
    retryable = None
    cause = None

    def __init__(
        self, status: int = 0, text: "str | None" = None, retry_after: "str | None" = None
    ) -> None:
        self.status = status
        self.text = text
        self.retry_after = retry_after


class Sleep:
    """A pause of random length, from `least` to `most` seconds, to spread the retries of clients."""

    def __init__(self, least: float, most: float) -> None:
        self.least = least
        self.most = most


class BlockingEffect:
    """An effect that performs itself and may block, as a prompt does; not for an event loop's thread."""

    def perform(self) -> "Any":
        raise NotImplementedError


async def run(flow: "Flow", perform: "Callable[[Effect], Awaitable[Any]]") -> "Any":
    """Run a flow to its end, or to the next list that it yields; `perform` performs its effects.

    Returns that list, or the flow's result.
    """
    result = None
    try:
        while True:
            effect = flow.send(result)
            if isinstance(effect, list):
                return effect
            result = await perform(effect)
    except StopIteration as stop:
        return stop.value
