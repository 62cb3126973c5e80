"""The form of a photo, as the streamed body of a request. Its source does the I/O."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from typing import TYPE_CHECKING, Any

from pyflickr_web.core.flow import Request
from pyflickr_web.transports.errors import FileError
from pyflickr_web.transports.message import BytesSink, Credentials, SendOptions
from pyflickr_web.transports.stream import BodyError, Pieces, ReadPiece, StreamBody
from pyflickr_web.upload import multipart, service

if TYPE_CHECKING:
    from typing import Protocol

    class Content(Protocol):
        """The content of the photo; reading it may block, and raise `FileError`."""

        name: str
        size: int

        def pieces(self) -> Iterator[bytes]: ...
        def error(self, reason: str) -> FileError: ...


class PhotoForm:
    """The form of one photo: `fields` and the file, whose hash is `sha256` if it is known.

    `on_sent` is called with the bytes of the file that were sent so far, `on_complete` before the end of
    the form is sent; it may block.
    """

    def __init__(
        self,
        content: Content,
        kind: str,
        fields: Mapping[str, str],
        sha256: str | None,
        on_sent: Callable[[int], object],
        on_complete: Callable[[], object],
    ) -> None:
        self._content = content
        self._file = multipart.File.of(content.name, kind)
        self._fields = dict(fields)
        self._sha256 = sha256
        self._on_sent = on_sent
        self._on_complete = on_complete
        # The error of the content, during the last attempt.
        self.error: FileError | None = None
        # True if the last attempt may have sent the whole body.
        self.is_complete = False

    def make_request(self, url: str, credentials: Credentials, timeout: float) -> Request:
        """Return the request of an attempt. It is signed when it is sent; its answer is XML."""
        self.error, self.is_complete = None, False
        boundary = multipart.new_boundary()
        head = multipart.head(boundary, self._fields, self._file)
        end = multipart.end(boundary)
        stream = StreamBody(
            multipart.content_type(boundary),
            len(head) + self._content.size + len(end),
            lambda: self._pieces(head, end),
        )
        options = SendOptions(credentials, sink=BytesSink(service.LONGEST), timeout=timeout)
        return Request(url, stream, self._fields, options=options)

    def _pieces(self, head: bytes, end: bytes) -> Pieces:
        yield head
        digest, count = hashlib.sha256(), 0
        pieces = self._content.pieces()
        while piece := (yield ReadPiece(partial(self._try, next, pieces, b""))):
            if self._sha256:
                digest.update(piece)
            yield piece
            count += len(piece)
            self._on_sent(count)
        if not self.error and self._sha256 not in (None, digest.hexdigest()):
            self.error = self._content.error("changed after it was hashed; upload it again")
        if not self.error:
            yield ReadPiece(partial(self._try, self._on_complete))
        if self.error:
            raise BodyError
        # Without its end Flickr cannot accept the form. From here on, it may have arrived.
        self.is_complete = True
        yield end

    def _try(self, function: Callable[..., Any], *arguments: Any) -> Any:
        """Call a function that may block; keep its `FileError`, and then return None."""
        try:
            return function(*arguments)
        except FileError as error:
            self.error = error
        return None
