"""What the proxy's flows ask of a driver, beyond requests and pauses."""

from __future__ import annotations


class Now:
    """An effect that is answered with the time in seconds, on a clock that never goes back."""
