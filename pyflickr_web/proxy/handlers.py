"""The handlers of a proxy: the entrance for the adapters."""

from __future__ import annotations

from dataclasses import dataclass

from pyflickr_web.proxy.calls.handler import CallHandler
from pyflickr_web.proxy.calls.policy import Policy
from pyflickr_web.proxy.calls.upstream import Upstream
from pyflickr_web.proxy.uploads.handler import UploadHandler

# The path of uploads, below the proxy's.
UPLOAD_PATH = "/upload"


def is_upload(path: str) -> bool:
    """Return True for the path of uploads, below the proxy's path."""
    return path.rstrip("/").endswith(UPLOAD_PATH)


@dataclass(frozen=True, slots=True)
class Handlers:
    """The handlers of a proxy, for calls and for uploads, and their policy."""

    calls: CallHandler
    uploads: UploadHandler
    policy: Policy

    @classmethod
    def of(cls, upstream: Upstream, policy: Policy, has_authenticator: bool) -> Handlers:
        """Return the handlers of a policy. Raises `OptionError` for contradictory settings."""
        return cls(
            CallHandler(upstream, policy, has_authenticator),
            UploadHandler(upstream, policy, has_authenticator),
            policy,
        )
