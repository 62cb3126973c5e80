"""A streaming parser of an upload's form: first the fields, then the photo, piece by piece."""

from __future__ import annotations

from pyflickr_web.proxy.calls.message import Refusal
from pyflickr_web.proxy.calls.multipart_parser import FormReader
from pyflickr_web.proxy.calls.policy import Policy
from pyflickr_web.proxy.calls.reading import upload_arguments
from pyflickr_web.upload.multipart import File, end

PHOTO = "photo"
# Flickr's code for an upload without a photo.
NO_PHOTO = 2
# A form may end with it, after the last boundary.
LINE_END = b"\r\n"


class IncomingForm(FormReader):
    """Reads a form of `length` bytes that is fed in pieces of any size.

    When `photo` is set, so are `fields` and `rest`, the length of the photo and of anything after the
    form's end. From then on `take` returns bytes of the photo. Raises `Refusal` for a form that is
    malformed or too large, or has parts after the photo: then it could not be forwarded while it is
    being received.
    """

    def __init__(self, boundary: bytes, length: int, policy: Policy) -> None:
        super().__init__(boundary)
        self.fields: dict[str, str] = {}
        self.photo: File | None = None
        self.rest = 0
        self._end = len(end(boundary))
        self._length = length
        self._policy = policy
        self._photo_pieces: list[bytes] = []
        self._size = 0

    @property
    def is_complete(self) -> bool:
        """True if the whole form has been read."""
        return self._has_ended and self._parsed_length >= self._length

    def feed(self, data: bytes) -> None:
        """Read the next piece; an empty one marks the end of the body."""
        if not data:
            raise Refusal(400, "the form is truncated")
        if self._parsed_length + len(data) > self._length:
            raise Refusal(400, "the form is longer than its Content-Length")
        self._parse(data)
        if not self.photo:
            self._check_fields(self._parsed_length)

    def take(self) -> bytes:
        """Return the bytes of the photo since the last call."""
        pieces, self._photo_pieces = self._photo_pieces, []
        return b"".join(pieces)

    def _check_fields(self, length: int) -> None:
        if length > self._policy.max_body:
            raise Refusal(
                413, f"the fields before the photo are longer than {self._policy.max_body} bytes"
            )

    def _measure(self, start: int) -> None:
        """Set `rest` for a photo that starts at byte `start` of the form."""
        self.rest = self._length - start - self._end
        if self.rest < 0:
            raise Refusal(400, "the form is truncated")
        if self.rest - len(LINE_END) > self._policy.max_upload:
            raise too_large(self._policy)

    def _begin(self) -> None:
        if self.photo:
            raise Refusal(400, "photo must be the last part of the form: put all fields before it")
        super()._begin()

    def _headers(self) -> None:
        super()._headers()
        self._check_fields(self._data_start)
        part = self._part
        if part.is_file and part.name != PHOTO:
            raise Refusal(400, "the form may have no file other than photo")
        if part.is_file:
            self.fields = upload_arguments(self._pairs, self._policy)
            self.photo = File.of(part.file_name, part.kind)
            self._measure(self._data_start)
        elif part.name == PHOTO:
            raise Refusal(400, "photo is not a file: add a file name", NO_PHOTO)

    def _data(self, data: bytes, start: int, stop: int) -> None:
        if self.photo:
            self._photo_pieces.append(data[start:stop])
            self._size += stop - start
            if self._size > self._policy.max_upload:
                raise too_large(self._policy)
        else:
            super()._data(data, start, stop)

    def _part_end(self) -> None:
        if not self.photo:
            super()._part_end()

    def _form_end(self) -> None:
        if not self.photo:
            raise Refusal(400, "the form has no photo: name the file photo", NO_PHOTO)
        super()._form_end()
        if self.rest - self._size not in (0, len(LINE_END)):
            raise Refusal(400, "the body continues after the end of the form")


def too_large(policy: Policy) -> Refusal:
    """Return the refusal of a photo that is longer than the policy allows."""
    return Refusal(413, f"the photo is longer than {policy.max_upload} bytes")
