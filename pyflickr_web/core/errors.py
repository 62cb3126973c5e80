"""`FlickrError`, which all errors of the client are, and its message for a failed call."""

from .details import explain

TYPE_CHECKING = False
if TYPE_CHECKING:
    from .flow import Request
    from .table import Table


class FlickrError(Exception):
    """The failure of a call.

    `code` is Flickr's (or the proxy's) error code, where one was answered; `method` the Flickr
    method that was called; `status` the HTTP status, where there was an answer. `str(error)` says
    what happened and what to do, and holds no key, secret, token or signature.
    """

    def __init__(
        self,
        message: str,
        code: "int | None" = None,
        method: "str | None" = None,
        status: "int | None" = None,
    ) -> None:
        super().__init__(message)
        self.code = code
        self.method = method
        self.status = status


def make_error(
    table: "Table",
    message: str,
    method: str,
    code: "int | None" = None,
    status: "int | None" = None,
    request: "Request | None" = None,
) -> FlickrError:
    """Return the error of a call of `method`, explained where the table's details allow it.

    `request` is what was sent, if anything was.
    """
    message = explain(message, table, method, code, request)
    return FlickrError(message, code, method, status)
