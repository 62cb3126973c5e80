"""The log of a sandbox: the last requests, without secrets, and their answers."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Mapping
from concurrent.futures import Future
from contextvars import ContextVar
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from threading import Lock

from flickr_sandbox.call import Caller

MOST_REQUESTS = 1000
MOST_ARGUMENTS = 200
LONGEST_VALUE = 4000
"""The number of characters of an argument or a header that the log keeps."""
MASK = "…"
REFUSED = "refused"
"""The name, in the log, of requests for hosts that a proxy refuses."""

_SECRET_ARGUMENTS = frozenset(["api_key", "api_sig", "auth_token", "frob", "secret", "ticket"])
_SECRET_HEADERS = frozenset(["authorization", "cookie", "proxy-authorization"])
# Seconds.
PATIENCE = 10.0


@dataclass(frozen=True, slots=True)
class RecordedRequest:
    """A request and its answer.

    `method` is Flickr's method, or `oauth/request_token`, `upload`, `replace`, `files` …, as in the
    counters. `url` has no query; the parameters of query, form and header are `arguments`. Keys, tokens
    and signatures are masked in `arguments` and `headers`.

    `user_id` and `username` are of the person whose token signed it; `signed` is also True for a
    signature without a token. `status` is the answer's, None if the connection was dropped. `stat` is
    `ok` or `fail` for answers of the API, `code` the code of a failure. `fault` is the kind of the
    injected fault.
    """

    method: str
    verb: str
    url: str
    arguments: dict[str, str] = field(default_factory=dict)
    headers: dict[str, str] = field(default_factory=dict)
    signed: bool = False
    user_id: str | None = None
    username: str | None = None
    status: int | None = None
    stat: str = ""
    code: int | None = None
    fault: str = ""
    number: int = 0
    """The position among all requests since the start or the last `clear`, from 1; the log sets it."""


@dataclass(slots=True)
class Notes:
    """Notes about the current request, which its handler makes for the log."""

    caller: Caller = field(default_factory=Caller)
    arguments: Mapping[str, str] | None = None
    stat: str = ""
    code: int | None = None


NOTES: ContextVar[Notes | None] = ContextVar("notes", default=None)


def current_notes() -> Notes:
    """Return the notes of the current request; outside of one, notes that nobody reads."""
    return NOTES.get() or Notes()


class RequestLog:
    """The last 1000 requests, the oldest first. Safe to use in any thread.

    ```python
    photo = sandbox.requests.wait("flickr.photos.getInfo").arguments["photo_id"]
    assert [request.code for request in sandbox.requests.find("flickr.photos.*")] == [None]
    ```
    """

    def __init__(self) -> None:
        self._lock = Lock()
        self._requests: deque[RecordedRequest] = deque(maxlen=MOST_REQUESTS)
        self._waiters: list[tuple[str, Future[RecordedRequest]]] = []
        self._count = 0

    def __len__(self) -> int:
        return len(self._requests)

    def __iter__(self) -> Iterator[RecordedRequest]:
        return iter(self.find())

    def __getitem__(self, index: int) -> RecordedRequest:
        return self.find()[index]

    def find(self, method: str = "*") -> list[RecordedRequest]:
        """Return the requests with a method, or a pattern such as `flickr.photos.*`."""
        with self._lock:
            return [request for request in self._requests if fnmatchcase(request.method, method)]

    def wait(self, method: str = "*", timeout: float = PATIENCE) -> RecordedRequest:
        """Return the first request with a method or pattern; wait until it arrives.

        `timeout` is in seconds. To wait for another one, `clear` the log first. Raises `TimeoutError`.
        """
        waiter = self.expect(method)
        try:
            return waiter.result(timeout)
        except TimeoutError:
            raise TimeoutError(f"no request for {method!r} in {timeout:g} seconds") from None
        finally:
            self.forget(waiter)

    def expect(self, method: str) -> Future[RecordedRequest]:
        """Return a future of the first request with a method or pattern; `forget` it afterwards."""
        waiter: Future[RecordedRequest] = Future()
        with self._lock:
            found = (request for request in self._requests if fnmatchcase(request.method, method))
            if first := next(found, None):
                waiter.set_result(first)
            else:
                self._waiters.append((method, waiter))
        return waiter

    def forget(self, waiter: Future[RecordedRequest]) -> None:
        """Stop waiting."""
        with self._lock:
            self._waiters = [entry for entry in self._waiters if entry[1] is not waiter]

    def add(self, request: RecordedRequest) -> None:
        """Add a request, and pass it to those who wait for it."""
        with self._lock:
            self._count += 1
            # Not `replace`, which is slow: nobody else has the request yet.
            object.__setattr__(request, "number", self._count)
            self._requests.append(request)
            if not self._waiters:
                return
            waiting = []
            for method, waiter in self._waiters:
                if not fnmatchcase(request.method, method):
                    waiting.append((method, waiter))
                elif waiter.set_running_or_notify_cancel():
                    waiter.set_result(request)
            self._waiters = waiting

    def clear(self) -> None:
        """Remove all requests."""
        with self._lock:
            self._requests.clear()
            self._count = 0

    def close(self) -> None:
        """Let all who wait time out: no more requests will come."""
        with self._lock:
            for _, waiter in self._waiters:
                if waiter.set_running_or_notify_cancel():
                    waiter.set_exception(TimeoutError("the sandbox is closed"))
            self._waiters = []


def mask_arguments(arguments: Mapping[str, str]) -> dict[str, str]:
    """Return arguments with masked secrets; values that are too long are cut."""
    kept = list(arguments.items())[:MOST_ARGUMENTS]
    return {_shorten(name): MASK if _is_secret(name) else _shorten(value) for name, value in kept}


def mask_headers(headers: Mapping[str, str]) -> dict[str, str]:
    """Return headers with masked secrets; the scheme of an authorization stays."""
    return {
        name: _mask_header(value) if name.lower() in _SECRET_HEADERS else _shorten(value)
        for name, value in headers.items()
    }


def _is_secret(name: str) -> bool:
    return name in _SECRET_ARGUMENTS or name.startswith("oauth_")


def _mask_header(value: str) -> str:
    scheme, space, _ = value.partition(" ")
    return f"{scheme} {MASK}" if space and "=" not in scheme else MASK


def _shorten(text: str) -> str:
    return text if len(text) <= LONGEST_VALUE else text[:LONGEST_VALUE] + MASK
