"""`FlickrError`, the base of all errors of the client, and the error of a failed call."""

from .details import explain

TYPE_CHECKING = False
if TYPE_CHECKING:
    from .flow import Request
    from .table import Table


class FlickrError(Exception):
    """The failure of a call.

    `code` is the error code of Flickr or the proxy, if the answer has one; `method` is the Flickr
    method that was called; `status` is the HTTP status, if there was an answer. `str(error)` says
    what happened and what to do. It contains no key, secret, token or signature.
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
    """Return the error of a call of `method`, with an explanation if the table has details.

    `request` is the request, if one was sent.
    """
    message = explain(message, table, method, code, request)
    return FlickrError(message, code, method, status)
