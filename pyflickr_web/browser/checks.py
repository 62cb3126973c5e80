"""Check the options of a page's client, the settings of its calls, and its uploads.

The production bundle leaves out this module and the statements that call it.
"""

import re

from ..core.errors import FlickrError
from ..core.nearest import suggest
from ..core.plan import UPLOAD

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from ..core.client import Client

# A longer one is most likely in milliseconds, as in JavaScript.
_LONGEST_TIMEOUT = 600
_CREDENTIALS = ("omit", "same-origin", "include")
_UPLOAD_SETTINGS = ("onprogress", "signal")
# In an address, a password before the host.
_PASSWORD = re.compile("//[^/?#]*@")
_HEADER_NAME = re.compile("^[-!#$%&'*+.^_`|~0-9A-Za-z]+$")
_UPLOAD_FIELDS = (
    "photo",
    "title",
    "description",
    "tags",
    "is_public",
    "is_friend",
    "is_family",
    "safety_level",
    "content_type",
    "hidden",
    "async",
)


def _is_text(value: "Any") -> bool:
    return isinstance(value, str)


def _is_number_of_retries(value: "Any") -> bool:
    return isinstance(value, (bool, int)) and value >= 0


def _is_number_of_seconds(value: "Any") -> bool:
    is_number = isinstance(value, (int, float)) and not isinstance(value, bool)
    return is_number and 0 < value <= _LONGEST_TIMEOUT


def _is_address(value: "Any") -> bool:
    return _is_text(value) and not _PASSWORD.search(value)


def _are_headers(value: "Any") -> bool:
    return isinstance(value, dict) and all(_is_header(name, value[name]) for name in value)


def _is_header(name: "Any", text: "Any") -> bool:
    """Return True for a header that fetch takes; `Content-Type` belongs to the body."""
    return (
        _is_text(name)
        and _is_text(text)
        and bool(_HEADER_NAME.match(name))
        and name.lower() != "content-type"
        and all(char == "\t" or " " <= char <= "\xff" for char in text)
    )


def _is_credentials(value: "Any") -> bool:
    return value in _CREDENTIALS


def _is_signal(value: "Any") -> bool:
    return isinstance(getattr(value, "aborted", None), bool)


_TEXT = (_is_text, "a text")
_RETRIES = (_is_number_of_retries, "a whole number, or True for 3")
_FUNCTION = (callable, "a function")
_ADDRESS = (_is_address, "an address without a password: a page must hold no secret")
_HEADERS = (
    _are_headers,
    'a dictionary of names and texts in Latin-1, such as {"X-Token": "…"}, without Content-Type',
)
_SECONDS = (_is_number_of_seconds, f"a number of seconds, at most {_LONGEST_TIMEOUT}")
_SIGNAL = (_is_signal, "an AbortSignal: controller.signal")

# By name, a check of values, and a description of the valid ones.
_SETTING_RULES = {"headers": _HEADERS, "retries": _RETRIES, "timeout": _SECONDS}
_OPTION_RULES = {
    "api_key": _TEXT,
    "endpoint": _ADDRESS,
    "base_url": _ADDRESS,
    "photo_base_url": _ADDRESS,
    "retry_queries": _RETRIES,
    "fetch": _FUNCTION,
    "credentials": (_is_credentials, "one of " + ", ".join(_CREDENTIALS)),
}
_OPTION_RULES.update(_SETTING_RULES)
# Each is shown once: `with_options` makes a client of its own for each call.
_shown_warnings: "list[str]" = []


def check_options(client: "Client", options: "dict[str, Any]") -> None:
    """Warn of unknown options of a client.

    Raises `FlickrError` for invalid values, and if both API key and endpoint are missing.
    """
    names = [name for name in sorted(options) if name not in _OPTION_RULES]
    warnings = [f"unknown option {name}" + suggest(name, _OPTION_RULES) for name in names]
    if not options.get("api_key") and not options.get("endpoint"):
        warnings.insert(0, "give an api_key, or the endpoint of a proxy")
        raise FlickrError("; ".join(warnings))
    _check_values(options, _OPTION_RULES)
    if not options.get("endpoint") and (options.get("headers") or options.get("credentials")):
        warnings.append("headers and credentials are for a proxy; Flickr takes neither")
    for text in warnings:
        if text not in _shown_warnings:
            _shown_warnings.append(text)
            client.warn(text)


def check_settings(settings: "dict[str, Any]") -> None:
    """Raise `FlickrError` for unknown and invalid settings of calls."""
    for name in sorted(settings):
        if name == "signal":
            raise FlickrError("with_options: a signal is for uploads; cancel the task of a call")
        if name not in _SETTING_RULES:
            near = suggest(name, _SETTING_RULES)
            raise FlickrError(f"with_options has no setting {name}{near}")
    _check_values(settings, _SETTING_RULES)


def _check_values(
    given: "dict[str, Any]", rules: "dict[str, Any]", method: "str | None" = None
) -> None:
    for name in sorted(given):
        if name in rules and given[name] is not None:
            is_valid, description = rules[name]
            if not is_valid(given[name]):
                what = f"{name} must be {description}"
                raise FlickrError(f"{method}: {what}" if method else what, None, method)


def check_upload(client: "Client", values: "dict[str, Any]") -> None:
    """Warn of unknown fields of an upload. Raises `FlickrError` for invalid settings, and unless the
    photo is bytes, or a File or Blob of the page."""
    _check_values(values, {"onprogress": _FUNCTION, "signal": _SIGNAL}, UPLOAD)
    names = [name for name in sorted(values) if values[name] is not None]
    for name in names:
        if name in _SETTING_RULES:
            example = f"with_options({name}=…).upload(…)"
            raise client.make_error(f"{UPLOAD}: {name} is a setting: {example}", UPLOAD)
        if name == "on_event":
            what = UPLOAD + ": a page has onprogress instead of on_event"
            raise client.make_error(what, UPLOAD)
        if name not in _UPLOAD_FIELDS + _UPLOAD_SETTINGS:
            near = suggest(name, _UPLOAD_FIELDS + _UPLOAD_SETTINGS)
            client.warn(f"{UPLOAD} takes no argument {name}{near}")
    photo = values.get("photo")
    if photo is None or isinstance(photo, (str, int, float, list, tuple, dict)):
        what = UPLOAD + ": photo must be bytes, or a File or Blob of the page"
        raise client.make_error(what, UPLOAD)


def require_fields(client: "Any") -> None:
    """Make the upload of a class of clients raise `TypeError` for a photo without its name."""
    upload = client.upload

    def upload_fields(self: "Any", *given: "Any", **values: "Any") -> "Any":
        if given:
            raise TypeError(UPLOAD + ": give names to the fields: upload(photo=file)")
        return upload(self, **values)

    upload_fields.__doc__ = getattr(upload, "__doc__", None)
    client.upload = upload_fields
