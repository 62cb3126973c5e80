"""The deprecated name of `flickr_sandbox`; it will be removed in the next release."""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from flickr_sandbox import Fault, Sandbox

__all__ = ["Fault", "Sandbox"]


def __getattr__(name: str) -> Any:
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    import flickr_sandbox

    found = getattr(flickr_sandbox, name)
    message = f"pyflickr_web.sandbox is deprecated: write `from flickr_sandbox import {name}`"
    warnings.warn(message, DeprecationWarning, stacklevel=2)
    return found
