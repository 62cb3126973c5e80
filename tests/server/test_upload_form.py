"""Test the form of an upload piece by piece: it knows from when on it may have arrived."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from pyflickr_web.core.flow import Request
from pyflickr_web.transports.message import Credentials
from pyflickr_web.transports.stream import BodyError, ReadPiece, StreamBody
from pyflickr_web.upload.form import PhotoForm
from pyflickr_web.upload.sources import open_source

CREDENTIALS = Credentials("key", "secret", "token", "secret")


def make_form(content: Any, on_complete: Callable[[], object] = lambda: None) -> PhotoForm:
    source = open_source(content, "a.jpg", 5)
    return PhotoForm(source, "image/jpeg", {"title": "x"}, None, lambda _: None, on_complete)


def pieces_of(form: PhotoForm) -> Any:
    """Yield the pieces of the next attempt."""
    request: Request = form.make_request("http://127.0.0.1/", CREDENTIALS, 1.0)
    assert isinstance(request.body, StreamBody)
    pieces, given = request.body.open(), None
    while True:
        try:
            step = pieces.send(given)
        except StopIteration:
            return
        given = None
        if isinstance(step, ReadPiece):
            given = step.read()
        else:
            yield step


def test_form_may_have_arrived_as_soon_as_its_end_is_given_to_the_transport() -> None:
    completed: list[bool] = []
    form = make_form(b"photo", lambda: completed.append(form.is_complete))
    pieces = pieces_of(form)
    states = [(piece, form.is_complete) for piece in pieces]
    assert [complete for _, complete in states] == [False, False, True]
    assert states[1][0] == b"photo" and states[2][0].endswith(b"--")
    # Recorded before it may have arrived.
    assert completed == [False]


def test_form_whose_end_is_not_taken_may_have_arrived() -> None:
    form = make_form(b"photo")
    pieces = pieces_of(form)
    for _ in range(3):
        next(pieces)
    pieces.close()
    assert form.is_complete


def test_each_attempt_starts_anew() -> None:
    form = make_form(b"photo")
    first = list(pieces_of(form))
    second = pieces_of(form)
    assert next(second) != first[0] and not form.is_complete
    assert next(second) == b"photo"


def test_source_that_fails_aborts_the_form_before_its_end() -> None:
    form = make_form([b"pho"])
    with pytest.raises(BodyError):
        list(pieces_of(form))
    assert form.error and not form.is_complete
