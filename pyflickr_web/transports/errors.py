"""The tree of errors on a server, and the conversion of a call's error to its class."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from pyflickr_web.core.details import METHOD_INFO, METHOD_NOT_FOUND
from pyflickr_web.core.errors import FlickrError
from pyflickr_web.transports.text import printable

if TYPE_CHECKING:
    from pyflickr_web.upload.results import FileResult

__all__ = [
    "ArgumentError",
    "FileError",
    "FlickrError",
    "LoginError",
    "MethodNotFoundError",
    "MirrorError",
    "NetworkError",
    "NotFoundError",
    "OptionError",
    "PermissionRefused",
    "RateLimitError",
    "TimedOut",
    "TokenOnlyError",
    "UnavailableError",
    "UploadError",
    "specialize",
]

# The maximum length of a message; longer ones are shortened in the middle.
LONGEST_MESSAGE = 1000
# Shorter secrets, e.g. of a sandbox, may occur in a message by chance: they are not masked.
SHORTEST_SECRET = 8
_MASK = "…"
_SIGNATURE = re.compile(r"(?<=signature)(\W{1,3}?)[^\s\"'&,]+")


class _ServerError(FlickrError):
    """An error whose message, which may contain texts of a server, is safe to print in a terminal."""

    def __init_subclass__(cls) -> None:
        # Tracebacks and pickles name these classes as users import them.
        if cls.__module__ == __name__:
            cls.__module__ = "pyflickr_web.errors"

    def __init__(
        self,
        message: str,
        code: int | None = None,
        method: str | None = None,
        status: int | None = None,
    ) -> None:
        super().__init__(printable(message, LONGEST_MESSAGE), code, method, status)


class ArgumentError(_ServerError):
    """An argument is missing or invalid."""


class FileError(_ServerError):
    """Reading or writing a file failed; `__cause__` is the system's error."""


class LoginError(_ServerError):
    """The token is missing, or Flickr does not accept it or the signature: sign in (again)."""


class MethodNotFoundError(_ServerError):
    """Flickr has no method of this name."""


class MirrorError(_ServerError):
    """A folder is not a mirror, is in use by another process, or mirrors another person; or a file of a
    mirror is damaged."""


class NetworkError(_ServerError):
    """No answer: connecting failed, the connection was lost, or the call timed out."""


class TimedOut(NetworkError, TimeoutError):
    """The answer was not complete in time."""


class NotFoundError(_ServerError):
    """The object that a call names is missing, or not visible to the caller."""


class OptionError(_ServerError):
    """An option is unknown, or its value is invalid."""


class PermissionRefused(_ServerError):
    """The token lacks a permission, or the object belongs to another user."""


class RateLimitError(_ServerError):
    """Too many calls: Flickr allows 3,600 an hour for each key."""


class TokenOnlyError(_ServerError):
    """The client has only an API key, and the method needs a signature: nothing was sent."""


class UnavailableError(_ServerError):
    """Flickr answered with a temporary or unexpected failure: try again later."""


class UploadError(_ServerError):
    """A file was not uploaded, or may not have been; `__cause__` is the first file's error.

    `results` has a `FileResult` for each file, in order, with the ids of those that are on Flickr.
    """

    results: list[FileResult]


# Classes by Flickr's codes that all methods share.
_BY_CODE = {
    0: UnavailableError,
    95: ArgumentError,
    96: LoginError,
    97: LoginError,
    98: LoginError,
    100: LoginError,
    105: UnavailableError,
    106: UnavailableError,
    108: LoginError,
    111: ArgumentError,
    METHOD_NOT_FOUND: MethodNotFoundError,
    201: UnavailableError,
    # The proxy's own code.
    429: RateLimitError,
}
# Classes by words in the message, for a method's own codes.
_BY_WORDS = (
    (re.compile(r"not found|unknown|does not exist|no such|deleted", re.I), NotFoundError),
    (re.compile(r"permission|private|not allowed|cannot|may not", re.I), PermissionRefused),
    (
        re.compile(r"required|missing|invalid|not a valid|no \w+ specified|bad ", re.I),
        ArgumentError,
    ),
)
_SLOW_DOWN = "Flickr asks to slow down; try again later, or set max_per_hour"


def specialize(error: FlickrError, secrets: Iterable[str] = ()) -> FlickrError:
    """Convert the error of a call to the matching class, with a message that is safe to print.

    A server may repeat the request in the message: `secrets` and signatures are masked.
    """
    if type(error) is not FlickrError:
        return error
    kind = _find_class(error)
    # Cleaned first, because control characters may split a secret; cut last, as half of one leaks too.
    text = _mask_secrets(printable(str(error), 10 * LONGEST_MESSAGE), secrets)
    text = printable(text, LONGEST_MESSAGE)
    if kind is RateLimitError and error.code is None:
        text = f"{error.method}: HTTP 429: {_SLOW_DOWN}"
    return kind(text, error.code, error.method, error.status)


def _mask_secrets(text: str, secrets: Iterable[str]) -> str:
    for secret in sorted(secrets, key=len, reverse=True):
        if len(secret) >= SHORTEST_SECRET:
            text = text.replace(secret, _MASK)
    return _SIGNATURE.sub(rf"\1{_MASK}", text) if "oauth_" in text else text


def _find_class(error: FlickrError) -> type[FlickrError]:
    code, status, text = error.code, error.status, str(error)
    if code is None:
        return _find_class_by_status(status)
    if code == 99:
        return (
            LoginError if "none granted" in text or "not logged in" in text else PermissionRefused
        )
    if code in _BY_CODE:
        return _BY_CODE[code]
    if code == 1 and error.method == METHOD_INFO:
        return MethodNotFoundError
    return next((kind for words, kind in _BY_WORDS if words.search(text)), FlickrError)


def _find_class_by_status(status: int | None) -> type[FlickrError]:
    if status is None:
        return NetworkError
    if status == 401:
        return LoginError
    if status == 429:
        return RateLimitError
    return UnavailableError


def _reduce(error: FlickrError) -> tuple[Any, ...]:
    """Reduce an error for pickle, with its cause; `__init__` is not called when it is restored."""
    state = vars(error) | {
        "__cause__": _picklable(error.__cause__),
        "__suppress_context__": error.__suppress_context__,
    }
    if error.cause:
        state["cause"] = _picklable(error.cause)
    return _restore, (type(error), error.args), state


def _restore(kind: type[FlickrError], args: tuple[Any, ...]) -> FlickrError:
    error = kind.__new__(kind, *args)
    # `OSError`s such as `TimedOut` set them in `__init__`.
    error.args = args
    return error


def _picklable(cause: BaseException | None) -> BaseException | None:
    """Return a cause, or an error with its name if it cannot be pickled."""
    import pickle

    try:
        pickle.loads(pickle.dumps(cause))
    except Exception as error:
        # A class may raise any error here.
        return FlickrError(
            f"{type(cause).__name__}, which cannot be pickled: {type(error).__name__}"
        )
    return cause


# Set here, because core's class also runs in MicroPython, whose errors have no cause.
FlickrError.__reduce__ = _reduce  # type: ignore[assignment, method-assign]
