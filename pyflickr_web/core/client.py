"""The client that all runtimes share; each runs its flows with its own driver."""

from .checks import refuse_unknown_names
from .details import explain
from .errors import FlickrError
from .levels import RETRIES
from .photo import make_photo_url
from .plan import full_name

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from .flow import Flow, Request, Response
    from .options import Options
    from .table import Table


class Client:
    """A client of the Flickr API, with a method for each of Flickr's: `flickr.photos.search(…)`.

    A subclass for each runtime defines the members below. They, `table`, `make_error` and `retries`, the
    number that the option `retry_queries` sets, are for the package's own modules.
    """

    if TYPE_CHECKING:

        def flow(self, method: str, values: "dict[str, Any]", checked: bool = True) -> "Flow":
            """Call a method, with or without checks of its arguments."""

        def run(self, flow: "Flow") -> "Any":
            """Run a flow and return its result, or an awaitable of it."""

        def walk(self, method: str, values: "dict[str, Any]", whole: bool) -> "Any":
            """Iterate over a method's pages, as complete answers if `whole`, or over their items."""

        def warn(self, text: str) -> None:
            """Show a warning."""

    def __init__(self, table: "Table", options: "Options") -> None:
        self.table = table
        self.options = options
        retries = options.get("retries", options.get("retry_queries"))
        self.retries: int = RETRIES if retries is True else retries or 0
        base = options.get("photo_base_url")
        if base:
            # The class attribute serves photos from Flickr's own hosts.
            self.photo_url = make_photo_url(base)

    photo_url = staticmethod(make_photo_url("https://live.staticflickr.com"))

    def call(self, method: str, **values: "Any") -> "Any":
        """Call a method by its name, with or without `flickr.`; it may be unknown to the table.

        Nothing is checked.
        """
        return self.run(self.flow(full_name(method), values, False))

    def make_error(
        self,
        message: str,
        method: str,
        code: "int | None" = None,
        request: "Request | None" = None,
        response: "Response | None" = None,
    ) -> FlickrError:
        """Return the error of a call of `method`, with an explanation if the table has details.

        `request` is the request, if one was sent; `response` is what came back.
        """
        message = explain(message, self.table, method, code, request, response)
        error = FlickrError(message, code, method, (response and response.status) or None)
        if response:
            error.cause = response.cause
        return error


refuse_unknown_names(Client)
