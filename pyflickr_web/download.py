"""Download a photo's file: find its address, follow redirects, write it to the disk."""

from __future__ import annotations

import ipaddress
import re
import socket
import stat
from collections.abc import Callable, Mapping
from contextlib import suppress
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urljoin, urlsplit

from pyflickr_web.core.flow import Request, Sleep
from pyflickr_web.transports.blocking import WaitingEffect
from pyflickr_web.transports.errors import (
    ArgumentError,
    FlickrError,
    NotFoundError,
    UnavailableError,
)
from pyflickr_web.transports.failures import AnswerTooLong, find_failure
from pyflickr_web.transports.file_sink import AtomicFileSink
from pyflickr_web.transports.message import FileResponse, SendOptions

if TYPE_CHECKING:
    from pyflickr_web.core.flow import Flow, Response

DOWNLOAD = "download"
_SUFFIX = re.compile(r"_[0-9a-f]+(?:_(\w+))?\.\w+$")
# The labels in getSizes for sizes of videos, whose addresses have no suffix: older ones, then today's.
_VIDEO = {"o": ("Video Original", "orig"), "": ("Site MP4", "360p", "700")}
LONGEST_WAIT = 300
# A video's address has one redirect.
MOST_REDIRECTS = 5


def read_photo(given: Any) -> Mapping[str, Any]:
    """Return a caller's photo, an item of an answer or an id, as a mapping with an `id`."""
    photo = given if isinstance(given, Mapping) else {"id": given}
    number = photo.get("id")
    if (
        isinstance(number, bool)
        or not isinstance(number, (int, str))
        or not str(number).isdecimal()
    ):
        raise _argument_error("the photo has no id: give an item of an answer, or a photo's id")
    # Leave out addresses that are not texts.
    invalid = [
        name for name in photo if name.startswith("url_") and not isinstance(photo[name], str)
    ]
    return {**{name: photo[name] for name in photo if name not in invalid}, "id": str(number)}


def read_size(given: Any) -> str:
    """Return a caller's size. Raises `ArgumentError` unless it is a text."""
    if not isinstance(given, str):
        raise _argument_error(
            f"invalid size {given!r}: give e.g. 'o' for the original, '' for 500 pixels"
        )
    return given


def resolve_target(path: str | PathLike[str], make_folders: bool) -> Path:
    """Return the path to write a file at. Raises `ArgumentError` for an invalid one.

    Refuses devices and named pipes, which the file would replace.
    """
    mode = None
    try:
        target = Path(path)
        with suppress(FileNotFoundError, NotADirectoryError):
            mode = target.stat().st_mode
        folder = target.parent.is_dir()
    except (OSError, TypeError, ValueError):
        raise _argument_error(f"invalid path {str(path)!r}: give the path of a file") from None
    if mode is not None and stat.S_ISDIR(mode):
        raise _argument_error(f"{str(target)!r} is a folder: name a file in it")
    if mode is not None and not stat.S_ISREG(mode):
        raise _argument_error(f"{str(target)!r} is not a regular file, and is not replaced")
    if not folder and not make_folders:
        raise _argument_error(
            f"folder {str(target.parent)!r} does not exist: create it, or set make_folders=True"
        )
    return target


def find_url(
    photo: Mapping[str, Any], size: str, known_url: str | None, sizes: Callable[..., Flow]
) -> Flow:
    """Return the address of a photo's file: `known_url`, or the one in `flickr.photos.getSizes`.

    For videos it always calls getSizes. Raises `NotFoundError` if the photo lacks the size, or the
    caller may not see it.
    """
    if known_url and photo.get("media") != "video":
        return known_url
    answer = yield from sizes("flickr.photos.getSizes", {"photo_id": photo["id"]})
    for label, source, media in _read_sizes(answer):
        found = _SUFFIX.search(source)
        video = media == "video" and label in _VIDEO.get(size, ())
        if video or (photo.get("media") != "video" and found and (found[1] or "") == size):
            return source
    raise NotFoundError(f"photo {photo['id']} has no size {size!r}, or you may not see it")


def download(url: str, target: Path, longest: int, retries: int) -> Flow:
    """Download a file of at most `longest` bytes atomically, with up to `retries` retries."""
    count = 0
    while True:
        response = yield from follow_redirects(
            url, lambda: SendOptions(sink=AtomicFileSink(target, longest))
        )
        error = _read_error(response)
        if error is None:
            return None
        retryable = not isinstance(error, NotFoundError) and not isinstance(response, AnswerTooLong)
        wait = _read_retry_after(response)
        if not retryable or count >= retries or wait > LONGEST_WAIT:
            raise error
        yield Sleep(wait or 2**count / 2, wait or 2**count)
        count += 1


def follow_redirects(first: str, make_options: Callable[[], SendOptions]) -> Flow:
    """Request a file and follow redirects; return the last response.

    `make_options` returns the options of each request; a redirect does not open their sink. Raises
    `UnavailableError` for too many redirects, and for one from the public internet into a private
    network, whose servers are not meant for others (SSRF).
    """
    url, foreign = first, False
    for _ in range(MOST_REDIRECTS + 1):
        options = make_options()
        options.foreign = foreign
        response = yield Request(url, options=options)
        location = response.location if isinstance(response, FileResponse) else None
        if location is None:
            return response
        url = _resolve_location(url, location)
        foreign = foreign or _origin(url) != _origin(first)
        if foreign and not (yield from _is_public(url)) and (yield from _is_public(first)):
            host = urlsplit(url).hostname
            raise _unavailable_error(
                f"the file's address redirects to {host!r}, which is not public"
            )
    raise _unavailable_error(f"the file's address has more than {MOST_REDIRECTS} redirects")


def _resolve_location(url: str, location: str) -> str:
    try:
        found = urljoin(url, location)
        parts = urlsplit(found)
        is_valid = parts.scheme in ("http", "https") and parts.hostname and parts.port != 0
    except ValueError:
        is_valid = False
    if not is_valid:
        raise _unavailable_error("the file's address redirects to an invalid one")
    return found


def _origin(url: str) -> tuple[str, str]:
    parts = urlsplit(url)
    return parts.scheme, parts.netloc


def _is_public(url: str) -> Flow:
    addresses = yield ResolveHost(urlsplit(url).hostname or "")
    # A name that is unknown here may be known to an HTTP proxy.
    return all(is_global(address) for address in addresses)


def _read_sizes(answer: Mapping[str, Any]) -> list[tuple[str, str, str]]:
    """Return the label, address and media type of each size in an answer of getSizes."""
    try:
        rows = [(row["label"], row["source"], row.get("media")) for row in answer["sizes"]["size"]]
        if all(isinstance(source, str) for _, source, _ in rows):
            return rows
    except (AttributeError, KeyError, TypeError):
        """The answer has another shape."""
    raise _unavailable_error("unexpected answer of flickr.photos.getSizes")


def _read_error(response: Response) -> FlickrError | None:
    status = response.status
    if status == 200:
        return None
    failure = find_failure(response)
    if not status:
        return failure.to_error(f"{DOWNLOAD}: no complete answer", DOWNLOAD)
    if status == 429 or status >= 500:
        return failure.to_error(DOWNLOAD, DOWNLOAD, " for the photo's file; try again later")
    message = f"{DOWNLOAD}: HTTP {status}: the photo has no file of this size, or is gone"
    return NotFoundError(message, method=DOWNLOAD, status=status)


def _read_retry_after(response: Response) -> float:
    """Return the seconds in `Retry-After`; 0 if it is a date, or invalid."""
    try:
        return max(0.0, float(response.retry_after or 0))
    except ValueError:
        return 0.0


def _argument_error(text: str) -> ArgumentError:
    return ArgumentError(f"{DOWNLOAD}: {text}", method=DOWNLOAD)


def _unavailable_error(text: str) -> UnavailableError:
    return UnavailableError(f"{DOWNLOAD}: {text}", method=DOWNLOAD)


class ResolveHost(WaitingEffect):
    """An effect that returns the IP addresses of `host`; an empty list if it is unknown."""

    def __init__(self, host: str) -> None:
        self.host = host

    def perform(self) -> list[str]:
        """Return the IP addresses."""
        try:
            found = socket.getaddrinfo(self.host, None, type=socket.SOCK_STREAM)
        except (OSError, UnicodeError):
            return []
        return [str(address[0]) for *_, address in found]


def is_global(address: str) -> bool:
    """Return True if an IP address is part of the public internet."""
    ip = ipaddress.ip_address(address.partition("%")[0])
    mapped = getattr(ip, "ipv4_mapped", None)
    return (mapped or ip).is_global and not ip.is_multicast
