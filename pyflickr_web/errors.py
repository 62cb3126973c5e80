"""The public names of the errors on a server: every class is a `FlickrError`."""

from __future__ import annotations

from pyflickr_web.transports.errors import (
    ArgumentError,
    FileError,
    FlickrError,
    LoginError,
    MethodNotFoundError,
    MirrorError,
    NetworkError,
    NotFoundError,
    OptionError,
    PermissionRefused,
    RateLimitError,
    TimedOut,
    TokenOnlyError,
    UnavailableError,
    UploadError,
)

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
]
