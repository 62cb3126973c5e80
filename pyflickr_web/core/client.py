"""The client that all runtimes share; each runs its flows with its own driver."""

from .photo import make_photo_url
from .plan import full_name

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from .flow import Flow
    from .options import Options
    from .table import Table


class Client:
    """A client of the Flickr API, with a method for each of Flickr's: `flickr.photos.search(…)`.

    A subclass for each runtime makes the flow of a call (`flow`), runs flows (`run`), iterates over a
    method's pages or their items (`walk`) and shows warnings (`warn`). These names and `table` are for
    the package's own modules.
    """

    if TYPE_CHECKING:

        def flow(self, method: str, values: "dict[str, Any]", checked: bool = True) -> "Flow": ...
        def run(self, flow: "Flow") -> "Any": ...
        def walk(self, method: str, values: "dict[str, Any]", whole: bool) -> "Any": ...
        def warn(self, text: str) -> None: ...

    def __init__(self, table: "Table", options: "Options") -> None:
        self.table = table
        self.options = options
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
