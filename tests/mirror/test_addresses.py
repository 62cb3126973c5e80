"""Test that an answer's addresses and names lead into no private network, and to no other folder."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from pyflickr_web.mirror.download import ROUNDS, Downloads, FailedFile, FetchedFile
from pyflickr_web.mirror.files.folder import MirrorFolder
from pyflickr_web.mirror.metadata.pictures import Picture
from pyflickr_web.mirror.pacing.file_pace import FilePace
from tests.mirror.fetching import fetch_all
from tests.mirror.image_host import host_files
from tests.mirror.pictures import picture
from tests.mirror.virtual_time import Drive, VirtualClock
from tests.support.scripted_server import Answer, serve

if TYPE_CHECKING:
    from pyflickr_web.mirror.download import Result

NAME, JPEG = "images/large/53.jpg", picture("jpg")
PUBLIC = "http://8.8.8.8"


def fetch(drive: Drive, root: Path, url: str, base_url: str | None, **settings: Any) -> Result:
    """Fetch the file at an address of an answer, to the end."""
    clock = VirtualClock()
    downloads = Downloads(MirrorFolder(root), {"base_url": base_url}, FilePace(2.0, clock))
    result: Result = drive(fetch_all(downloads, Picture(NAME, url)), clock, settings)[NAME]
    return result


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("", "invalid address"),
        ("/photo", "invalid address"),
        ("file:///etc/passwd", "invalid address"),
        ("ftp://example.org/x", "invalid address"),
        ("javascript:alert(1)", "invalid address"),
        ("http://", "invalid address"),
        ("http://[::1", "invalid address"),
        ("http://h:0/", "invalid address"),
        ("http://h:99999/", "invalid address"),
        ("http://localhost:{port}/photo", "which is not public"),
        ("http://127.0.0.1:{port}/photo", "which is not public"),
        ("http://2130706433:{port}/photo", "which is not public"),
        ("http://10.0.0.1/photo", "which is not public"),
        ("http://169.254.169.254/latest/meta-data/", "which is not public"),
        ("http://[::ffff:127.0.0.1]:{port}/photo", "which is not public"),
    ],
)
def test_address_in_an_answer_that_is_not_public_is_never_requested(
    drive: Drive, tmp_path: Path, url: str, reason: str
) -> None:
    with host_files(photo=JPEG) as host:
        address = url.replace("{port}", host.url.rpartition(":")[2])
        result = fetch(drive, tmp_path, address, "http://8.8.4.4")
        assert isinstance(result, FailedFile) and reason in result.reason
        assert host.asked == []
    assert not list(tmp_path.rglob("*.part"))


def test_sandbox_on_this_machine_does_not_open_its_other_ports(
    drive: Drive, tmp_path: Path
) -> None:
    with host_files(photo=JPEG) as host, host_files(photo=JPEG) as other:
        local = host.url.replace("127.0.0.1", "localhost")
        assert isinstance(fetch(drive, tmp_path, f"{host.url}/photo", local), FetchedFile)
        result = fetch(drive, tmp_path, f"{other.url}/photo", host.url)
        assert isinstance(result, FailedFile) and "not public" in result.reason
        assert other.asked == []


@pytest.mark.parametrize(
    ("location", "reason"),
    [
        ("http://127.0.0.1:9/", "which is not public"),
        ("http://localhost:9/", "which is not public"),
        ("http://[::1]:9/", "which is not public"),
        ("http://192.168.1.1/", "which is not public"),
        ("file:///etc/passwd", "redirects to an invalid one"),
        ("http://[", "redirects to an invalid one"),
    ],
)
def test_redirect_into_a_private_network_is_refused(
    drive: Drive, tmp_path: Path, location: str, reason: str
) -> None:
    """The server acts as an HTTP proxy for all addresses of the internet."""
    with serve(Answer(b"", 302, {"Location": location})) as server:
        proxies = {"http": server.url}
        result = fetch(drive, tmp_path, f"{PUBLIC}/photo", None, proxies=proxies)
    assert isinstance(result, FailedFile) and reason in result.reason
    assert [asked.path for asked in server.asked] == [f"{PUBLIC}/photo"] * ROUNDS


def test_redirect_to_another_public_host_is_followed_without_logins(
    drive: Drive, tmp_path: Path
) -> None:
    away = Answer(b"", 302, {"Location": "http://1.1.1.1/film"})
    with serve(away, Answer(JPEG)) as server:
        settings = {"proxies": {"http": server.url}, "headers": {"Authorization": "Basic x"}}
        result = fetch(drive, tmp_path, f"{PUBLIC}/photo", None, **settings)
    assert isinstance(result, FetchedFile)
    assert [asked.path for asked in server.asked] == [f"{PUBLIC}/photo", "http://1.1.1.1/film"]
    assert "Authorization" not in server.asked[1].headers


@pytest.mark.parametrize(
    "name", ["../53.jpg", "/etc/53.jpg", "images/large/../../53.jpg", "images/large/5 3.jpg", ""]
)
def test_name_outside_of_the_mirror_is_refused(drive: Drive, tmp_path: Path, name: str) -> None:
    with host_files(photo=JPEG) as host:
        downloads = Downloads(MirrorFolder(tmp_path / "mirror"), {"base_url": host.url})
        with pytest.raises(ValueError, match="is not the name of a file in a mirror"):
            drive(downloads.fetch(Picture(name, f"{host.url}/photo")))
        assert host.asked == []
    assert not list(tmp_path.rglob("*53*"))
