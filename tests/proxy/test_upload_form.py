"""The parser of uploads, with pieces of any size and wrong lengths."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from python_multipart.multipart import MultipartParser

from pyflickr_web.proxy.calls.message import Refusal
from pyflickr_web.proxy.calls.policy import Policy
from pyflickr_web.proxy.uploads.incoming_form import IncomingForm
from pyflickr_web.upload.multipart import File
from tests.proxy.uploading import BOUNDARY, closed, field, in_pieces, part, photo

EDGES = b"\r\n\r\n--" + BOUNDARY.encode()
# Bytes that resemble the end of a part.
likely = st.lists(
    st.sampled_from([b"\r", b"\n", b"-", b"--", b"\r\n--", b"\r\n\r\n", EDGES[:-1], b"a", b"\0"])
).map(b"".join)


@given(
    text=likely.filter(lambda text: b"\0" not in text),
    content=likely,
    size=st.integers(1, 300),
    after=st.sampled_from([b"", b"\r\n"]),
)
def test_form_is_the_same_in_pieces_of_any_size(
    text: bytes, content: bytes, size: int, after: bytes
) -> None:
    body = closed(field("title", text), photo(content), after=after)
    incoming = IncomingForm(BOUNDARY.encode(), len(body), Policy())
    taken = b""
    for piece in in_pieces(body, size):
        assert not incoming.is_complete
        incoming.feed(piece)
        taken += incoming.take()
    assert incoming.is_complete
    assert incoming.photo == File("fox.jpg", "image/jpeg")
    assert incoming.fields == {"title": text.decode()}
    assert taken == content
    assert incoming.rest == len(content) + len(after)


@pytest.mark.parametrize("longer", [-1, 1])
def test_form_of_another_length_than_announced_is_refused(longer: int) -> None:
    body = closed(photo(b"JPEG"))
    incoming = IncomingForm(BOUNDARY.encode(), len(body) - longer, Policy())
    with pytest.raises(Refusal):
        incoming.feed(body)
        incoming.feed(b"")


def test_text_full_of_line_ends_is_parsed_in_large_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    written = []
    write = MultipartParser.write

    def record_write(self: MultipartParser, data: bytes) -> int:
        written.append(len(data))
        return write(self, data)

    monkeypatch.setattr(MultipartParser, "write", record_write)
    body = closed(field("title", b"\r\n\r\n" * 15_000), photo(b"JPEG"))
    incoming = IncomingForm(BOUNDARY.encode(), len(body), Policy())
    incoming.feed(body)
    assert incoming.is_complete and incoming.take() == b"JPEG"
    assert len(written) < 10


@pytest.mark.parametrize("size", range(1, 40))
@pytest.mark.parametrize("last", ["Content-Type:", "Content-Type: ", "Content-Type:   "])
def test_photo_behind_an_empty_header_begins_at_the_right_byte(last: str, size: int) -> None:
    disposition = f'form-data; name="photo"; filename="a.jpg"\r\n{last}'
    body = closed(field("title", b"fox"), part(disposition, b"\r\nJPEG"))
    incoming, taken = IncomingForm(BOUNDARY.encode(), len(body), Policy()), b""
    for piece in in_pieces(body, size):
        incoming.feed(piece)
        taken += incoming.take()
    assert (taken, incoming.rest) == (b"\r\nJPEG", 6 + len(b"\r\n"))
