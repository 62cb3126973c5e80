"""The settings of `with_options`, for some calls of a client on a server."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, NamedTuple, TypedDict

from pyflickr_web.core.checks import SETTINGS
from pyflickr_web.core.levels import RETRIES
from pyflickr_web.core.nearest import suggest
from pyflickr_web.options import READERS
from pyflickr_web.transports.errors import OptionError
from pyflickr_web.transports.settings import problem_with_timeout, read_seconds, read_settings


class CallSettings(TypedDict, total=False):
    """The settings of `with_options`, for type checkers. None is the default."""

    timeout: float | None
    """Seconds for each attempt of a call, from waiting for a connection to the last byte."""
    retries: bool | int | None
    """The number of retries of a read after a temporary failure (`True`: 3)."""
    headers: Mapping[str, str] | None
    """Headers in addition to those of `request_options`."""


class RequestSettings(NamedTuple):
    """The settings of the requests of a client's calls; a timeout of None is the client's `deadline`."""

    timeout: float | None = None
    headers: Mapping[str, str] = MappingProxyType({})

    def with_changes(self, given: Mapping[str, Any]) -> RequestSettings:
        """Return a copy with the `timeout` and the further `headers` of checked settings."""
        headers = {**self.headers, **(given.get("headers") or {})}
        return RequestSettings(given.get("timeout", self.timeout), headers)


def read_call_settings(given: Mapping[str, Any]) -> dict[str, Any]:
    """Return checked settings. Raises `OptionError` for an unknown or an invalid one."""
    return {name: _read_setting(name, value) for name, value in given.items()}


def _read_setting(name: str, value: Any) -> Any:
    if name == "signal":
        raise OptionError("with_options: there is no signal on a server: cancel the task instead")
    if name not in SETTINGS:
        raise OptionError(f"with_options has no setting {name}{suggest(name, SETTINGS)}")
    if value is None:
        return 0 if name == "retries" else None
    try:
        if name == "timeout":
            return _read_timeout(value)
        if name == "retries":
            retries = READERS["retry_queries"](str(value))
            return RETRIES if retries is True else int(retries)
        if not isinstance(value, Mapping):
            raise ValueError("a mapping of names and texts")
        return read_settings({"headers": value})["headers"]
    except ValueError as error:
        raise OptionError(f"with_options: {name} must be {error}") from None


def _read_timeout(given: Any) -> float:
    seconds = read_seconds(given)
    if problem := problem_with_timeout(seconds):
        raise OptionError(f"with_options: timeout {problem}")
    return seconds
