"""Calls of a run: signed, at the pace of the key, retried after temporary failures, and counted."""

from __future__ import annotations

from threading import Lock
from typing import TYPE_CHECKING, Any, Protocol

from pyflickr_web.core.flow import Response, Sleep
from pyflickr_web.mirror.pacing.call_pace import CallPace
from pyflickr_web.mirror.pacing.call_rest import CallRest
from pyflickr_web.mirror.pacing.file_pace import FilesOutage, read_retry_after
from pyflickr_web.transports.errors import (
    FileError,
    FlickrError,
    LoginError,
    MirrorError,
    NetworkError,
    RateLimitError,
    UnavailableError,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pyflickr_web.core.flow import Flow
    from pyflickr_web.options import ServerOptions
    from pyflickr_web.transports.message import Credentials

TRIES = 10
# A token that is refused a few times may be refused by mistake.
LOGIN_TRIES = 5
LONGEST_PAUSE = 60.0
# Calls in a row that fail after all their tries: then Flickr is down, or the network lost.
OUTAGE = 5
_TEMPORARY = (NetworkError, UnavailableError)


class Client(Protocol):
    """The part of a client that a mirror uses."""

    credentials: Credentials | None

    @property
    def options(self) -> ServerOptions:
        """The client's options."""

    def flow(self, method: str, values: dict[str, Any], checked: bool = True) -> Flow:
        """Call a method."""

    def photo_url(self, photo: Mapping[str, Any], size: str = "") -> str | None:
        """Return the address of a photo."""


class Calls:
    """The calls of one run, which rest together if Flickr refuses one. Threads may share it."""

    def __init__(self, client: Client, pace: CallPace, rest: CallRest | None = None) -> None:
        self._client = client
        self._pace = pace
        self._rest = rest or CallRest()
        self._lock = Lock()
        self._failed_in_a_row = 0
        self.count = 0

    @property
    def is_signed(self) -> bool:
        """True if a token signs the calls."""
        credentials = self._client.credentials
        return bool(credentials and credentials.access_token)

    @property
    def an_hour(self) -> int | None:
        """The most calls in an hour; None without a limit."""
        return self._pace.an_hour

    def call(self, method: str, values: dict[str, Any]) -> Flow:
        """Call a method, and return Flickr's answer; a flow. Raises `FlickrError`.

        A call is tried up to `TRIES` times, and after `LOGIN_TRIES` refusals of its token no more. It is
        not given up for HTTP 429, which Flickr answers to all calls of a key alike.
        """
        values = values | ({"authenticated": True} if self.is_signed else {})
        tries = refusals = 0
        while True:
            sent = yield from self._rest.wait()
            asked: list[float] = [0.0]
            try:
                answer = yield from self._try(method, values, asked)
            except RateLimitError:
                self._rest.begin(sent, asked[0])
            except (*_TEMPORARY, LoginError) as error:
                tries += 1
                refusals += isinstance(error, LoginError)
                # Without a status, nothing was sent, and the call needs a login.
                is_final = isinstance(error, LoginError) and not error.status
                if is_final or tries == TRIES or refusals == LOGIN_TRIES:
                    self._end_call(failed=True)
                    raise
                if asked[0]:
                    self._rest.begin(sent, asked[0])
                else:
                    pause = min(2.0**tries / 4, LONGEST_PAUSE)
                    self._rest.announce(pause)
                    yield Sleep(pause, 2 * pause)
            except FlickrError:
                self._end_call(failed=False)
                raise
            else:
                self._end_call(failed=False)
                return answer

    def ends_run(self, error: FlickrError) -> bool:
        """Return True if an error concerns the run, not only one photo."""
        if isinstance(error, (FileError, FilesOutage, LoginError, MirrorError, RateLimitError)):
            return True
        return isinstance(error, _TEMPORARY) and self._failed_in_a_row >= OUTAGE

    def _try(self, method: str, values: dict[str, Any], asked: list[float]) -> Flow:
        def observe(result: Any) -> None:
            with self._lock:
                self.count += 1
            if isinstance(result, Response):
                asked[0] = read_retry_after(result.retry_after)

        flow = self._client.flow(method, dict(values), False)
        return (yield from self._pace.limit(flow, observe))

    def _end_call(self, failed: bool) -> None:
        if not failed:
            self._rest.note_answer()
        with self._lock:
            self._failed_in_a_row = self._failed_in_a_row + 1 if failed else 0


def read_object(answer: Mapping[str, Any], name: str, method: str) -> dict[str, Any]:
    """Return the object at a key of a method's answer. Raises `UnavailableError` without one."""
    found = answer.get(name)
    if not isinstance(found, dict):
        raise UnavailableError(f"{method}: the answer has no {name}", method=method)
    return found
