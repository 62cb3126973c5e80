"""`/services/replace/`"""

from __future__ import annotations

import re

import pytest

from tests.support.sandbox_client import Client
from tests.support.uploader import HEAD, Uploader, file_of, image, number_in, refusal_in


class TestReplace:
    """Replacement of a photo's file."""

    @pytest.mark.parametrize("path", ["/services/replace", "/services/replace/"])
    def test_answer_is_as_recorded(self, uploader: Uploader, path: str) -> None:
        number = uploader.upload(image())
        response = uploader.send(("b.png", image("PNG")), path, {"photo_id": number})
        assert re.fullmatch(
            f'{re.escape(HEAD)}"ok">\n<photoid secret="[0-9a-f]{{10}}"'
            f' originalsecret="[0-9a-f]{{10}}">{number}</photoid>\n</rsp>\n',
            response.text,
        )

    def test_photo_has_only_its_new_file(self, flickr: Client, uploader: Uploader) -> None:
        number = uploader.upload(image(), title="kept", tags="kept")
        old = file_of(flickr.sandbox, number)
        content = image("PNG", (20, 90))
        answer = uploader.send(("b.png", content), "/services/replace/", {"photo_id": number})
        assert file_of(flickr.sandbox, number).read_bytes() == content
        assert not old.exists()
        photo = flickr.call_signed("photos.getInfo", photo_id=number)["photo"]
        assert photo["title"] == {"_content": "kept"}
        assert f'secret="{photo["secret"]}"' in answer.text
        assert photo["originalformat"] == "png"

    def test_generated_photo_can_be_replaced(self, flickr: Client, uploader: Uploader) -> None:
        query = "SELECT max(id) FROM photos WHERE owner = :owner"
        mine = str(flickr.sandbox.store.value(query, owner=flickr.sandbox.account.user_id))
        uploader.send(("b.png", image("PNG")), "/services/replace/", {"photo_id": mine})
        assert file_of(flickr.sandbox, mine).read_bytes() == image("PNG")

    def test_ticket_is_given(self, flickr: Client, uploader: Uploader) -> None:
        number = uploader.upload(image())
        fields = {"photo_id": number, "async": "1"}
        response = uploader.send(("b.jpg", image()), "/services/replace/", fields)
        ticket = number_in(response.text, "ticketid")
        flickr.call_public("photos.upload.checkTickets", tickets=ticket)
        answer = flickr.call_public("photos.upload.checkTickets", tickets=ticket)
        assert answer["uploader"]["ticket"][0]["photoid"] == number

    def test_account_must_be_pro_as_recorded(self, flickr: Client, uploader: Uploader) -> None:
        number = uploader.upload(image())
        flickr.sandbox.store.run("UPDATE people SET ispro = 0")
        response = uploader.send(("b.jpg", image()), "/services/replace/", {"photo_id": number})
        assert refusal_in(response) == (1, "Not a pro account")

    @pytest.mark.parametrize("number", ["", "0", "9" * 40, "²", "another's"])
    def test_only_own_photos_can_be_replaced(
        self, flickr: Client, uploader: Uploader, number: str
    ) -> None:
        if number == "another's":
            owner = flickr.sandbox.account.user_id
            query = "SELECT id FROM photos WHERE owner <> :owner"
            number = str(flickr.sandbox.store.value(query, owner=owner))
        response = uploader.send(("b.jpg", image()), "/services/replace/", {"photo_id": number})
        assert refusal_in(response) == (1, "Photo not found")

    @pytest.mark.parametrize(
        ("file", "code"), [(None, 2), (("a", b""), 4), (("a", b"x"), 5), (("a", b"GIF89a"), 5)]
    )
    def test_file_is_refused(
        self, flickr: Client, uploader: Uploader, file: tuple[str, bytes] | None, code: int
    ) -> None:
        number = uploader.upload(image())
        old = file_of(flickr.sandbox, number)
        response = uploader.send(file, "/services/replace/", {"photo_id": number})
        assert refusal_in(response)[0] == code
        assert list(flickr.sandbox.files.iterdir()) == [old]
