"""Uploads with `async=1`, and `flickr.photos.upload.checkTickets`."""

from __future__ import annotations

from tests.sandbox.json_recordings import differences
from tests.support.sandbox_client import Client
from tests.support.uploader import Uploader, image, number_in


class TestTickets:
    """Uploads with `async=1`."""

    def test_ticket_is_first_pending_and_then_a_photo(
        self, flickr: Client, uploader: Uploader
    ) -> None:
        ticket = number_in(
            uploader.send(("a.jpg", image()), fields={"async": "1"}).text, "ticketid"
        )
        first = flickr.call_signed("photos.upload.checkTickets", tickets=ticket)
        assert first["uploader"]["ticket"] == [{"id": ticket, "complete": 0}]
        second = flickr.call_signed("photos.upload.checkTickets", tickets=ticket)
        assert differences("photos.upload.checkTickets", second) == []
        (found,) = second["uploader"]["ticket"]
        assert found["complete"] == 1
        assert found["imported"].isdecimal()
        info = flickr.call_signed("photos.getInfo", photo_id=found["photoid"])
        assert info["photo"]["title"] == {"_content": "a"}

    def test_ticket_of_a_broken_picture_is_invalid(
        self, flickr: Client, uploader: Uploader
    ) -> None:
        file = ("a.jpg", b"\xff\xd8\xff broken")
        ticket = number_in(uploader.send(file, fields={"async": "1"}).text, "ticketid")
        flickr.call_public("photos.upload.checkTickets", tickets=ticket)
        answer = flickr.call_public("photos.upload.checkTickets", tickets=ticket)
        assert answer["uploader"]["ticket"] == [{"id": ticket, "complete": 2}]

    def test_unknown_ticket_is_invalid(self, reader: Client) -> None:
        answer = reader.call_public("photos.upload.checkTickets", tickets="1-2, ,é")
        assert answer["uploader"]["ticket"] == [
            {"id": "1-2", "invalid": 1},
            {"id": "é", "invalid": 1},
        ]

    def test_no_tickets_are_an_empty_list_as_recorded(self, reader: Client) -> None:
        answer = reader.call_public("photos.upload.checkTickets", tickets="")
        assert answer == {"uploader": {"ticket": []}, "stat": "ok"}
