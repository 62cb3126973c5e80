"""Flickr's hosts, which the proxy plays: a pure mapping of host names."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum

HTTP, HTTPS = 80, 443
PATTERNS = ("flickr.com", "*.flickr.com", "*.staticflickr.com", "*.static.flickr.com", "flic.kr")
"""The names of the certificate. It covers more than the proxy plays."""

_API = re.compile(r"(api|up|upload|www|secure|m)\.flickr\.com|flickr\.com|flic\.kr")
_FILES = re.compile(r"(live|farm\d+|c\d+|s)\.staticflickr\.com|(farm\d+\.)?static\.flickr\.com")
_FARM_IN_PATH = re.compile(r"c\d+\.staticflickr\.com(:\d+)?")


class Kind(Enum):
    """The kinds of Flickr's hosts: of API and pages, and of files."""

    API = "api"
    FILES = "files"


@dataclass(frozen=True, slots=True)
class Bases:
    """The addresses in answers, without a trailing slash: of pages and of photo files."""

    pages: str
    files: str


FLICKR = Bases("https://www.flickr.com", "https://live.staticflickr.com")


@dataclass(frozen=True, slots=True)
class Authority:
    """A host in lower case and a port (RFC 3986, 3.2)."""

    host: str
    port: int

    @property
    def kind(self) -> Kind | None:
        """The kind of Flickr's host, or None for another host or port."""
        if self.port not in (HTTP, HTTPS):
            return None
        if _API.fullmatch(self.host):
            return Kind.API
        return Kind.FILES if _FILES.fullmatch(self.host) else None


def has_farm_in_path(host: str) -> bool:
    """Return True for a host whose paths begin with the number of a farm: `c1.staticflickr.com`."""
    return bool(_FARM_IN_PATH.fullmatch(host.lower()))


def parse_authority(text: str, port: int = HTTP) -> Authority:
    """Parse `host:port`, or a host alone with the default `port`. A port that is invalid becomes 0."""
    host, separator, number = text.rpartition(":")
    if not separator or "]" in number:
        host, number = text, str(port)
    is_port = number.isascii() and number.isdecimal() and len(number) < 6
    return Authority(host.strip("[]").rstrip(".").lower(), int(number) if is_port else 0)
