"""Flows: operations written once, as generators that yield effects and are sent their results.

The effects are a `Request`, which is answered with a `Response` or, where none came, with None; and
a `Sleep`, which is answered with nothing; on a server also a `BlockingEffect`. A listing also yields
lists of what it found. Drivers run flows; they hold the clock and the sockets.
"""

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Generator
    from typing import Any

    Effect = Any
    Flow = Generator[Effect, Any, Any]


class Request:
    """A request to send: a POST of `body`, which is JSON; or of a form of `fields` and a `photo`, in
    whatever form the transport can send that; or a GET with `fields` as its query.
    """

    def __init__(
        self,
        url: str,
        body: "str | None" = None,
        fields: "dict[str, str] | None" = None,
        photo: "Any" = None,
    ) -> None:
        self.url = url
        self.body = body
        self.fields = fields
        self.photo = photo


class Response:
    """An answer: its HTTP status, its text (None where it broke off), and `Retry-After`, if any."""

    def __init__(self, status: int, text: "str | None", retry_after: "str | None") -> None:
        self.status = status
        self.text = text
        self.retry_after = retry_after


class Sleep:
    """A pause of at least `least` and at most `most` seconds, so that clients do not keep step."""

    def __init__(self, least: float, most: float) -> None:
        self.least = least
        self.most = most


class BlockingEffect:
    """An effect that performs itself and may block, as a prompt does: not in an event loop's thread."""

    def perform(self) -> "Any":
        raise NotImplementedError


async def run(flow: "Flow", perform: "Callable[[Effect], Awaitable[Any]]") -> "Any":
    """Run a flow to its end, or to the next list that a listing finds; `perform` does its effects.

    Returns that list, or what the flow returns.
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


def map_results(flow: "Flow", map_result: "Callable[[Effect, Any], Flow]") -> "Flow":
    """Run a flow that gets, for each effect's result, what `map_result(effect, result)` returns.

    `map_result` is a flow itself: it may have effects of its own, and raise.
    """
    result = None
    while True:
        try:
            effect = flow.send(result)
        except StopIteration as stop:
            return stop.value
        result = yield effect
        result = yield from map_result(effect, result)
