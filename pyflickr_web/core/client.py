"""The client that all runtimes share; each runs its flows with its own driver."""

from .checks import check_arguments, check_options, check_photo
from .errors import make_error
from .flow import Request
from .levels import may_write
from .namespace import attach_methods
from .options import Options
from .paging import list_pages
from .photo import make_photo_url
from .plan import UPLOAD, build_request, full_name
from .retrying import send_with_retries
from .wire import join_url, to_wire

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from .flow import Flow
    from .table import Table

NO_SECRET = ": a page must hold no secret; use a proxy, Flickr(endpoint=…)"


class Client:
    """A client of the Flickr API, with a method for each of Flickr's: `flickr.photos.search(…)`.

    A subclass for each runtime runs flows (`_run`), iterates over listings (`_iterate`) and shows
    warnings (`_warn`).
    """

    if TYPE_CHECKING:

        def _run(self, flow: "Flow") -> "Any": ...
        def _iterate(self, flow: "Flow") -> "Any": ...
        def _warn(self, text: str) -> None: ...

    def __init__(self, table: "Table", options: "dict[str, Any]") -> None:
        self._table = table
        self.options = Options(options)
        check_options(self)
        base = options.get("photo_base_url")
        if base:
            # The class attribute serves photos from Flickr's own hosts.
            self.photo_url = make_photo_url(base)
        attach_methods(self)

    photo_url = staticmethod(make_photo_url("https://live.staticflickr.com"))

    def call(self, method: str, **values: "Any") -> "Any":
        """Call a method by its name, with or without `flickr.`; it may be unknown to the table.

        Nothing is checked.
        """
        return self._run(self._call(full_name(method), values, False))

    def upload(self, **values: "Any") -> "Any":
        """Upload `photo`, with the fields of Flickr's upload (`title`, `tags`, …), through a proxy.

        Returns Flickr's answer: `{"stat": "ok", "photoid": …}`.
        """
        return self._run(self._upload(values))

    def _call(self, method: str, values: "dict[str, Any]", checked: bool = True) -> "Flow":
        table = self._table
        level = table.levels.get(method)
        if (level or method in table.omitted) and not self.options.get("endpoint"):
            raise make_error(table, method + " needs signing" + NO_SECRET, method)
        check_arguments(self, method, values, checked)
        writes = may_write(level)
        wire = to_wire(values, writes)
        wire["method"] = method
        retries = self.options.get("retry_queries") or 0
        if retries is True:
            retries = 3
        request = build_request(self.options, wire)
        return (yield from send_with_retries(table, method, request, 0 if writes else retries))

    def _upload(self, values: "dict[str, Any]") -> "Flow":
        endpoint = self.options.get("endpoint")
        if not endpoint:
            raise make_error(self._table, UPLOAD + " needs signing" + NO_SECRET, UPLOAD)
        photo = values.pop("photo", None)
        check_photo(self._table, photo)
        request = Request(join_url(endpoint, "upload"), None, to_wire(values, True), photo or b"")
        return (yield from send_with_retries(self._table, UPLOAD, request, 0))

    def _walk(self, method: str, values: "dict[str, Any]", whole: bool) -> "Any":
        return self._iterate(list_pages(self, method, values, whole))
