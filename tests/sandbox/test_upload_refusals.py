"""Refused uploads, which leave no file behind."""

from __future__ import annotations

import socket
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import requests

from flickr_sandbox.upload import media, photos
from flickr_sandbox.upload.files import UploadFolder
from tests.support.sandbox_client import Client
from tests.support.signing import Changes
from tests.support.timeouts import TIMEOUT
from tests.support.uploader import Uploader, file_of, image, refusal_in, video


@pytest.mark.parametrize(
    ("file", "refusal"),
    [
        (None, (2, "No photo specified")),
        (("a.jpg", b""), (4, "Filesize was zero")),
        (("a.jpg", b"hello"), (5, "Filetype was not recognised")),
        (("a.jpg", b"x" * 300_000), (5, "Filetype was not recognised")),
        (("a.jpg", b"\xff\xd8\xff broken"), (5, "Filetype was not recognised")),
        (("a.mp4", b"\0\0\0\x10ftypisom" + bytes(40)), (5, "Filetype was not recognised")),
        (("a.mp4", video(width=0)), (5, "Filetype was not recognised")),
    ],
)
def test_file_is_refused(
    flickr: Client,
    uploader: Uploader,
    file: tuple[str, bytes] | None,
    refusal: tuple[int, str],
) -> None:
    count = "SELECT count(*) FROM photos"
    before = flickr.sandbox.store.value(count)
    assert refusal_in(uploader.send(file)) == refusal
    assert flickr.sandbox.store.value(count) == before
    assert list(flickr.sandbox.files.iterdir()) == []


def test_file_too_big_is_refused(
    flickr: Client, uploader: Uploader, monkeypatch: pytest.MonkeyPatch
) -> None:
    content = image()
    small = media.FileKind("jpg", "photo", len(content), media.KINDS[0].magic)
    monkeypatch.setattr(media, "KINDS", (small,))
    assert refusal_in(uploader.send(("a.jpg", content + b"x"))) == (8, "Filesize was too large")
    assert list(flickr.sandbox.files.iterdir()) == []
    assert uploader.upload(content)


def test_free_account_has_a_limit(
    flickr: Client, uploader: Uploader, monkeypatch: pytest.MonkeyPatch
) -> None:
    owner = flickr.sandbox.account.user_id
    count = "SELECT count(*) FROM photos WHERE owner = :owner"
    monkeypatch.setattr(
        photos, "MOST_WITHOUT_PRO", flickr.sandbox.store.value(count, owner=owner) + 1
    )
    flickr.sandbox.store.run("UPDATE people SET ispro = 0 WHERE nsid = :owner", owner=owner)
    assert uploader.upload(image())
    assert refusal_in(uploader.send(("a.jpg", image()))) == (6, "User exceeded upload limit")
    flickr.sandbox.store.run("UPDATE people SET ispro = 1 WHERE nsid = :owner", owner=owner)
    assert uploader.upload(image())


def test_upload_with_too_many_tags_leaves_no_file(flickr: Client, uploader: Uploader) -> None:
    tags = " ".join(f"tag{number}" for number in range(76))
    assert refusal_in(uploader.send(("a.jpg", image()), fields={"tags": tags}))[0] == 3
    assert list(flickr.sandbox.files.iterdir()) == []


class TestSignature:
    """The signature of the fields, without the file."""

    def test_changed_field_is_refused_as_recorded(self, uploader: Uploader) -> None:
        response = uploader.send(
            ("a.jpg", image()), fields={"title": "photo"}, changes={"oauth_signature": "wrong"}
        )
        assert response.status_code == 401
        assert response.headers["Content-Type"] == "text/plain;charset=UTF-8"
        assert response.text.startswith("oauth_problem=signature_invalid&debug_sbs=POST&http%3A")
        assert response.text.endswith("%26title%3Dphoto")
        assert "photo%3D" not in response.text

    @pytest.mark.parametrize(
        ("changes", "status", "body"),
        [
            ({"oauth_token": ""}, 401, "token_rejected"),
            ({"oauth_token": None}, 400, "parameter_absent&oauth_parameters_absent=oauth_token"),
        ],
    )
    def test_token_is_refused(
        self, uploader: Uploader, changes: Changes, status: int, body: str
    ) -> None:
        response = uploader.send(("a.jpg", image()), changes=changes)
        assert (response.status_code, response.text) == (status, f"oauth_problem={body}")

    @pytest.mark.parametrize("key", ["", None])
    def test_key_is_refused(self, uploader: Uploader, key: str | None) -> None:
        response = uploader.send(("a.jpg", image()), changes={"oauth_consumer_key": key})
        assert refusal_in(response) == (100, "Invalid API Key (Key has invalid format)")

    def test_level_write_is_needed(self, flickr: Client, uploader: Uploader) -> None:
        flickr.sandbox.store.run("UPDATE access_tokens SET perms = 1")
        assert refusal_in(uploader.send(("a.jpg", image()))) == (
            99,
            "Insufficient permissions. Method requires write privileges; read granted.",
        )

    def test_unsigned_upload_is_refused(self, flickr: Client) -> None:
        form = {"api_key": flickr.sandbox.account.api_key}
        url = flickr.sandbox.url + "/services/upload/"
        for files in ({"photo": ("a.jpg", image())}, None):
            response = requests.post(url, form, files=files, timeout=TIMEOUT)
            assert refusal_in(response)[0] == 99


class TestBrokenBodies:
    """Invalid or incomplete bodies."""

    def _post(self, flickr: Client, body: bytes, boundary: str = "b") -> requests.Response:
        content_type = f"multipart/form-data; boundary={boundary}"
        return requests.post(
            flickr.sandbox.url + "/services/upload/",
            body,
            headers={"Content-Type": content_type},
            timeout=TIMEOUT,
        )

    @pytest.mark.parametrize(
        "body",
        [
            b"",
            b"nothing",
            b"--b\r\n",
            b'--b\r\nContent-Disposition: form-data; name="photo"; filename="a"\r\n\r\n\xff\xd8\xff',
            b'--b\r\nContent-Disposition: form-data; name="title"\r\n\r\n'
            + b"x" * 5_000_000
            + b"\r\n--b--\r\n",
            b'--b\r\nContent-Disposition: form-data; name="photo"; filename="a"\r\n'
            b"Content-Transfer-Encoding: none\r\n\r\n\xff\xd8\xff\r\n--b--\r\n",
            b"--b\r\nContent-Type: multipart/mixed; boundary=c\r\n\r\n--c\r\n\r\nx\r\n--c--\r\n--b--",
        ],
        ids=range(7),
    )
    def test_invalid_form_is_a_general_failure(self, flickr: Client, body: bytes) -> None:
        assert refusal_in(self._post(flickr, body)) == (3, "General upload failure")
        assert list(flickr.sandbox.files.iterdir()) == []

    def test_missing_boundary_is_a_general_failure(self, flickr: Client) -> None:
        assert refusal_in(self._post(flickr, b"x", ""))[0] == 3

    def test_parts_without_a_name_are_answered(self, flickr: Client) -> None:
        assert refusal_in(self._post(flickr, b"--b\r\n\r\nx\r\n--b--\r\n"))[0] == 100

    def test_broken_connection_leaves_no_file(self, flickr: Client) -> None:
        address = urlsplit(flickr.sandbox.url)
        with socket.create_connection((address.hostname, address.port), timeout=TIMEOUT) as raw:
            raw.sendall(
                b"POST /services/upload/ HTTP/1.1\r\nHost: x\r\nContent-Length: 9000000\r\n"
                b"Content-Type: multipart/form-data; boundary=b\r\n\r\n--b\r\n"
                b'Content-Disposition: form-data; name="photo"; filename="a"\r\n\r\n'
                + image()
                + bytes(100_000)
            )
        uploader = Uploader.of(flickr.sandbox)
        kept = file_of(flickr.sandbox, uploader.upload(image()))
        # The sandbox notices the end of the connection later: send requests until it has.
        for _ in range(1000):
            if list(flickr.sandbox.files.iterdir()) == [kept]:
                return
            flickr.call_public("test.echo")
        pytest.fail("the draft is still there")

    def test_drafts_of_a_crash_are_deleted_at_the_start(self, tmp_path: Path) -> None:
        files = UploadFolder(tmp_path)
        files.path("1_a.jpg").write_bytes(b"kept")
        (tmp_path / ".draft-x").write_bytes(b"half")
        UploadFolder(tmp_path)
        assert [file.name for file in tmp_path.iterdir()] == ["1_a.jpg"]
