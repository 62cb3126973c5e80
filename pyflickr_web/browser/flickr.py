"""`Flickr` in a page: with only an API key, or through a proxy."""

import js

from .._generated.table import TABLE
from ..core.checks import check_arguments, refuse_settings
from ..core.client import Client
from ..core.errors import FlickrError
from ..core.flow import Request, run
from ..core.misuse import require_await
from ..core.namespace import Method, attach_methods
from ..core.options import Options
from ..core.paging import AsyncListing, list_pages
from ..core.plan import UPLOAD, Plan
from ..core.retrying import send_with_retries
from ..core.wire import join_url, to_wire
from .checks import check_options, check_settings, check_upload, require_fields
from .help import show_arguments_in_help
from .transport import perform

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from ..core.flow import Flow

NO_SECRET = ": a page must hold no secret; use a proxy, Flickr(endpoint=…)"


class Flickr(Client):
    """A client of the Flickr API for a page.

    `Flickr(endpoint=…)` calls through a proxy, `Flickr(api_key=…)` calls Flickr, for public data.
    Further options: `base_url`, `photo_base_url`, `retry_queries`; and, for a proxy, `headers`,
    `credentials` and `fetch`. Raises `FlickrError` for a secret or token, which a page must not hold.
    Await every call.
    """

    def __init__(self, **options: "Any") -> None:
        for name in options:
            hidden = "secret" in name or "token" in name or "api_sig" in name
            if hidden and options[name]:
                raise FlickrError(name + NO_SECRET)
        super().__init__(TABLE, Options(options))
        self._given = options
        check_options(self, options)
        attach_methods(self)

    @classmethod
    def token_only(cls, **options: "Any") -> "Flickr":
        """Return a client with only an API key, for public data."""
        return cls(**options)

    def with_options(self, **settings: "Any") -> "Flickr":
        """Return this client with other settings: `flickr.with_options(timeout=3).photos.search(…)`.

        `timeout` is in seconds, for each attempt; `retries` is the number of retries of a read;
        `headers` are added to those for the proxy.
        """
        check_settings(settings)
        headers = dict(self._given.get("headers") or {}, **settings.get("headers") or {})
        options = dict(self._given, **settings)
        options["headers"] = headers
        return type(self)(**options)

    def upload(self, **values: "Any") -> "Any":
        """Upload `photo`, with the fields of Flickr's upload (`title`, `tags`, …), through a proxy.

        `onprogress` receives events with `loaded` and `total`, in bytes; an aborted `signal` raises
        `CancelledError`. Returns Flickr's answer: `{"stat": "ok", "photoid": …}`.
        """
        return self.run(self._upload(values))

    def flow(self, method: str, values: "dict[str, Any]", checked: bool = True) -> "Flow":
        refuse_settings(self, method, values, checked)
        plan = Plan(self, method, values)
        if plan.is_signed:
            self._require_proxy(method)
        check_arguments(self, method, values, checked)
        plan.request.options = self._given
        return (yield from send_with_retries(self, method, plan.request, plan.writes))

    def run(self, flow: "Flow") -> "Any":
        return run(flow, perform)

    def _upload(self, values: "dict[str, Any]") -> "Flow":
        endpoint = self._require_proxy(UPLOAD)
        check_upload(self, values)
        options = dict(self._given)
        for name in ("onprogress", "signal"):
            options[name] = values.pop(name, None)
        photo = values.pop("photo", None) or b""
        fields = to_wire(UPLOAD, values, True)
        request = Request(join_url(endpoint, "upload"), None, fields, photo, options)
        return (yield from send_with_retries(self, UPLOAD, request, True))

    def _require_proxy(self, method: str) -> "Any":
        """Return the address of the proxy that signs a call; raise `FlickrError` without one."""
        endpoint = self.options.get("endpoint")
        if not endpoint:
            raise self.make_error(method + " needs signing" + NO_SECRET, method)
        return endpoint

    def walk(self, method: str, values: "dict[str, Any]", whole: bool) -> AsyncListing:
        return AsyncListing(list_pages(self, method, values, whole), self.run)

    def warn(self, text: str) -> None:
        js.console.warn("flickr: " + text)


require_fields(Flickr)
require_await(Method, Flickr)
show_arguments_in_help(Method)
