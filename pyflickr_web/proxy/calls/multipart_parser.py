"""A strict parser of `multipart/form-data` (RFC 7578)."""

from __future__ import annotations

import re

from python_multipart.exceptions import FormParserError
from python_multipart.multipart import MultipartParser, parse_options_header

from pyflickr_web.proxy.calls.message import Refusal

MULTIPART = "multipart/form-data"
# RFC 2046, section 5.1.1.
_BOUNDARY = re.compile(rb"[0-9A-Za-z'()+_,./:=? -]{0,69}[0-9A-Za-z'()+_,./:=?-]")
_LONGEST_TYPE = 1000
# The end of a part's last header, and the empty line after it.
_HEADERS_END = b"\r\n\r\n"
_UNENCODED = (b"", b"7bit", b"8bit", b"binary")


def boundary_of(content_type: str) -> bytes:
    """Return the boundary between the parts of a form. Raises `Refusal` (415) for another media type."""
    # The library may take quadratic time for long parameters.
    readable = content_type if len(content_type) <= _LONGEST_TYPE else ""
    kind, options = parse_options_header(readable)
    boundary = options.get(b"boundary", b"")
    if kind.decode("latin-1") != MULTIPART or not _BOUNDARY.fullmatch(boundary):
        raise Refusal(415, f"the body must be {MULTIPART}, with a boundary")
    return boundary


class Part:
    """A part of a form that is being read: the current header, all headers, and a field's text."""

    def __init__(self) -> None:
        self.header = b""
        self.value = b""
        self.name = ""
        self.is_file = False
        self.file_name = ""
        self.kind = ""
        self.text = bytearray()
        self._headers: dict[bytes, bytes] = {}

    def end_header(self) -> None:
        name = self.header.lower()
        if name in self._headers:
            raise Refusal(400, "a part of the form has a header twice")
        self._headers[name] = self.value
        self.header = self.value = b""

    def parse_headers(self) -> None:
        """Set name and type from the headers. Raises `Refusal` for an unnamed or encoded part."""
        kind, options = parse_options_header(self._headers.get(b"content-disposition"))
        if kind != b"form-data" or b"name" not in options:
            raise Refusal(400, "a part of the form has no name")
        encoding = self._headers.get(b"content-transfer-encoding", b"").strip().lower()
        if encoding not in _UNENCODED:
            raise Refusal(
                400, "a part of the form is encoded: send it without Content-Transfer-Encoding"
            )
        self.name = options[b"name"].decode("utf-8", "replace")
        self.is_file = b"filename" in options
        self.file_name = options.get(b"filename", b"").decode("utf-8", "replace")
        self.kind = self._headers.get(b"content-type", b"").decode("latin-1")


class FormReader:
    """Reads the parts of a form one after the other; subclasses handle files.

    `_parsed_length` counts parsed bytes; `_data_start` is the position of a part's data, set after its
    headers.
    """

    def __init__(self, boundary: bytes) -> None:
        self._parsed_length = 0
        self._data_start = 0
        self._piece = b""
        # The end of the last header's name or value so far.
        self._position = 0
        self._pairs: list[tuple[str, str]] = []
        self._part = Part()
        self._has_ended = False
        self._parser = MultipartParser(
            boundary,
            {
                "on_part_begin": self._begin,
                "on_header_field": self._header_name,
                "on_header_value": self._header_value,
                "on_header_end": self._header_end,
                "on_headers_finished": self._headers,
                "on_part_data": self._data,
                "on_part_end": self._part_end,
                "on_end": self._form_end,
            },
        )

    def _parse(self, data: bytes) -> None:
        self._piece = data
        try:
            self._parser.write(data)
        except FormParserError:
            raise Refusal(400, f"the form is not valid {MULTIPART}") from None
        self._parsed_length += len(data)

    def _begin(self) -> None:
        self._part = Part()

    def _header_name(self, data: bytes, start: int, stop: int) -> None:
        self._part.header += data[start:stop]
        self._position = self._parsed_length + stop

    def _header_value(self, data: bytes, start: int, stop: int) -> None:
        self._part.value += data[start:stop]
        self._position = self._parsed_length + stop

    def _header_end(self) -> None:
        # There is no callback for an empty value, nor for a value that ended with the previous piece.
        end = self._piece.index(b"\r", max(0, self._position - self._parsed_length))
        self._data_start = self._parsed_length + end + len(_HEADERS_END)
        self._part.end_header()

    def _headers(self) -> None:
        self._part.parse_headers()

    def _data(self, data: bytes, start: int, stop: int) -> None:
        self._part.text += data[start:stop]

    def _part_end(self) -> None:
        try:
            self._pairs.append((self._part.name, self._part.text.decode()))
        except ValueError:
            raise Refusal(400, "a field of the form is not UTF-8") from None

    def _form_end(self) -> None:
        self._has_ended = True


class Fields(FormReader):
    """Reads a complete form without files, with at most `max_fields` fields."""

    def __init__(self, content_type: str, max_fields: int) -> None:
        super().__init__(boundary_of(content_type))
        self._max_fields = max_fields

    def read(self, body: bytes) -> list[tuple[str, str]]:
        """Return names and values. Raises `Refusal` for a malformed form."""
        self._parse(body)
        if not self._has_ended:
            raise Refusal(400, "the form is truncated")
        return self._pairs

    def _begin(self) -> None:
        if len(self._pairs) >= self._max_fields:
            raise too_many_arguments(self._max_fields)
        super()._begin()

    def _headers(self) -> None:
        super()._headers()
        if self._part.is_file:
            raise Refusal(400, "an argument must be text, not a file: send photos to /upload")


def too_many_arguments(most: int) -> Refusal:
    """Return the refusal of a call that has more arguments than the policy allows."""
    return Refusal(413, f"the request has more than {most} arguments")
