"""`FlickrError`, the base of all errors of the client."""

TYPE_CHECKING = False


class FlickrError(Exception):
    """The failure of a call.

    `code` is the error code of Flickr or the proxy, if the answer has one; `method` is the Flickr
    method that was called; `status` is the HTTP status, if there was an answer; `cause` is the error
    of the connection, if it failed. `str(error)` says what happened and what to do. It contains no key,
    secret, token or signature.
    """

    if TYPE_CHECKING:
        cause: BaseException | None
    cause = None

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
