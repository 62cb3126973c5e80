"""Upload files as any client does: the signature covers the fields, not the file."""

from __future__ import annotations

import io
import re
import struct
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

import requests
from PIL import Image

from flickr_sandbox import Sandbox
from tests.support.signing import NO_CHANGES, Changes, Signer
from tests.support.timeouts import TIMEOUT

HEAD = '<?xml version="1.0" encoding="utf-8" ?>\n<rsp stat='
NO_FIELDS: Mapping[str, str] = {}
File = tuple[str, Any]
"""A file's name and its bytes."""


def image(form: str = "JPEG", size: tuple[int, int] = (64, 48), **settings: Any) -> bytes:
    """Return a picture as the bytes of a file."""
    file = io.BytesIO()
    Image.new("RGB", size, (30, 90, 160)).save(file, form, **settings)
    return file.getvalue()


def _box(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I4s", 8 + len(content), kind) + content


def video(brand: bytes = b"isom", width: int = 320, height: int = 180, seconds: int = 7) -> bytes:
    """Return the headers of a video file."""
    header = bytes(12) + struct.pack(">II", 1000, seconds * 1000) + bytes(80)
    track = bytes(76) + struct.pack(">II", width << 16, height << 16)
    tracks = _box(b"trak", _box(b"tkhd", track)) + _box(b"trak", _box(b"tkhd", bytes(84)))
    moov = _box(b"moov", _box(b"mvhd", header) + tracks)
    return _box(b"ftyp", brand + bytes(12)) + _box(b"mdat", bytes(99)) + moov


@dataclass(frozen=True, slots=True)
class Uploader:
    """A user who uploads to a sandbox."""

    sandbox: Sandbox
    signer: Signer

    @classmethod
    def of(cls, sandbox: Sandbox) -> Uploader:
        """Return the owner of the sandbox's API key."""
        return cls(sandbox, Signer.of(sandbox))

    def send(
        self,
        file: File | None,
        path: str = "/services/upload/",
        fields: Mapping[str, str] = NO_FIELDS,
        changes: Changes = NO_CHANGES,
    ) -> requests.Response:
        """Send a file; `changes` are to protocol parameters."""
        url = self.sandbox.url + path
        protocol = self.signer.protocol(changes)
        if "oauth_signature" not in changes:
            base = self.signer.base_string("POST", url, [*fields.items(), *protocol.items()])
            protocol["oauth_signature"] = self.signer.signature(base)
        parts = (f'{name}="{quote(value, safe="")}"' for name, value in protocol.items())
        form: dict[str, Any] = {name: (None, value) for name, value in fields.items()}
        if file:
            form["photo"] = file
        headers = {"Authorization": "OAuth " + ", ".join(parts)}
        return requests.post(url, files=form, headers=headers, timeout=TIMEOUT)

    def upload(self, content: bytes, name: str = "a.jpg", **fields: str) -> str:
        """Upload a photo and return its id."""
        return number_in(self.send((name, content), fields=fields).text, "photoid")


def number_in(answer: str, element: str) -> str:
    """Return the text of an element of an answer."""
    found = re.search(f"<{element}[^>]*>([^<]+)</{element}>", answer)
    assert found, answer
    return found[1]


def refusal_in(response: requests.Response) -> tuple[int, str]:
    """Return code and message of a refusal; check that it has the recorded format."""
    found = re.fullmatch(
        f'{re.escape(HEAD)}"fail">\n\t<err code="(\\d+)" msg="([^"]+)" />\n</rsp>\n', response.text
    )
    assert found, response.text
    assert response.status_code == 200
    assert response.headers["Content-Type"] == "text/xml; charset=utf-8"
    return int(found[1]), found[2]


def file_of(sandbox: Sandbox, photo: str) -> Path:
    """Return the path of a photo's file."""
    name = sandbox.store.value("SELECT file FROM photos WHERE id = :id", id=photo)
    return sandbox.files / str(name)
