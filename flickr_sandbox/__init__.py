"""A local Flickr to develop and test against. It shares no code with the client."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from flickr_sandbox.faults import Fault
    from flickr_sandbox.server import Sandbox
    from flickr_sandbox.throttle import FileThrottle

__all__ = ["Fault", "FileThrottle", "Sandbox"]


def __getattr__(name: str) -> Any:
    # Imported on first use: pytest loads the plugin also where the extra's packages are missing.
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    try:
        from flickr_sandbox.faults import Fault
        from flickr_sandbox.server import Sandbox
        from flickr_sandbox.throttle import FileThrottle
    except ModuleNotFoundError as error:
        raise ModuleNotFoundError(
            f"the sandbox needs {error.name}: pip install 'pyflickr-web[sandbox]'", name=error.name
        ) from None
    return {"Fault": Fault, "FileThrottle": FileThrottle, "Sandbox": Sandbox}[name]
