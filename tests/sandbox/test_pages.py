"""Pages of photos, people, sets, groups and places, and short addresses."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urljoin, urlsplit

import pytest
import requests

from flickr_sandbox import Sandbox
from flickr_sandbox.pages import short
from flickr_sandbox.store import Row
from flickr_sandbox.store.library.people import DELETED, nsid
from tests.support.timeouts import TIMEOUT

PAGES = (
    "/",
    "/photos/sandbox/",
    "/photos/sandbox",
    "/photos/SANDBOX/page2/",
    f"/photos/{nsid(0)}/?page=2",
    f"/photos/{nsid(3)}/",
    "/people/adalens/",
    "/photos/sandbox/sets/",
    "/photos/sandbox/albums",
    "/photos/sandbox/galleries/",
    "/groups/landscapes/",
    "/groups/landscapes/pool/",
    "/places/Germany/Berlin+State/Berlin/",
)


class Links(HTMLParser):
    """The addresses in a page."""

    def __init__(self, page: requests.Response) -> None:
        super().__init__()
        self.found: list[str] = []
        self.feed(page.text)
        self.found = [urljoin(page.url, address) for address in self.found]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, Any]]) -> None:
        self.found += [value for name, value in attrs if name in ("href", "src", "poster")]


def get(sandbox: Sandbox, address: str) -> requests.Response:
    url = urljoin(sandbox.url, address)
    return requests.get(url, timeout=TIMEOUT, allow_redirects=False)


def one(sandbox: Sandbox, condition: str = "ispublic", order: str = "id") -> Row:
    row = sandbox.store.one(f"SELECT * FROM photos WHERE {condition} ORDER BY {order}")
    assert row is not None
    return row


@pytest.mark.parametrize("address", PAGES)
def test_page_is_shown_and_its_links_work(shared_sandbox: Sandbox, address: str) -> None:
    page = get(shared_sandbox, address)
    assert page.status_code == 200
    assert page.headers["Content-Type"] == "text/html; charset=utf-8"
    links = Links(page).found
    assert f"{shared_sandbox.url}/favicon.svg" in links
    for link in dict.fromkeys(links):
        assert urlsplit(link).netloc == urlsplit(shared_sandbox.url).netloc
        assert requests.get(link, timeout=TIMEOUT).status_code == 200, link


def test_front_page_links_photos_to_their_pages(shared_sandbox: Sandbox) -> None:
    newest = one(shared_sandbox, "ispublic", "posted DESC, id DESC")
    pages = [link for link in Links(get(shared_sandbox, "/")).found if f"/{newest['id']}/" in link]
    assert len(pages) == 1
    assert f'alt="{newest["title"]}"' in get(shared_sandbox, pages[0]).text


@pytest.mark.parametrize("media", ["photo", "video"])
def test_photo_page(shared_sandbox: Sandbox, media: str) -> None:
    photo = one(
        shared_sandbox, f"media = '{media}' AND owner = '{nsid(0)}' AND title GLOB '[A-Z]*'"
    )
    page = get(shared_sandbox, f"/photos/sandbox/{photo['id']}/")
    assert re.search(f"<h1>{re.escape(photo['title'])}</h1>", page.text)
    links = Links(page).found
    assert f"{shared_sandbox.url}/p/{short.encode(photo['id'])}" in links
    for link in links:
        assert requests.get(link, timeout=TIMEOUT).status_code == 200, link
    assert ("<video" in page.text) == (media == "video")


@pytest.mark.parametrize(
    "tail", ["", "in/photostream/", "in/set-1/", "sizes/", "sizes/q/", "sizes/o/"]
)
def test_addresses_below_a_photo_show_it(shared_sandbox: Sandbox, tail: str) -> None:
    photo = one(shared_sandbox, f"media = 'photo' AND owner = '{nsid(0)}'")
    page = get(shared_sandbox, f"/photos/{nsid(0)}/{photo['id']}/{tail}")
    assert page.status_code == 200
    shown = re.search('<img src="([^"]+)"', page.text)
    assert shown
    assert ("_q.jpg" in shown[1], "_o." in shown[1]) == (tail == "sizes/q/", tail == "sizes/o/")


def test_texts_are_escaped(fresh_sandbox: Sandbox) -> None:
    photo = one(fresh_sandbox, f"owner = '{nsid(0)}'")
    text = "<script>&\"'"
    fresh_sandbox.store.run(
        "UPDATE photos SET title = :text, description = :text WHERE id = :id",
        text=text,
        id=photo["id"],
    )
    fresh_sandbox.store.run("UPDATE people SET realname = :text, description = :text", text=text)
    for address in (f"/photos/sandbox/{photo['id']}/", "/photos/sandbox/", "/people/sandbox/"):
        page = get(fresh_sandbox, address)
        assert "<script" not in page.text
        assert "&lt;script&gt;&amp;" in page.text
        assert "script-src" not in page.headers["Content-Security-Policy"]
        assert "default-src 'none'" in page.headers["Content-Security-Policy"]


def test_visitor_sees_what_the_account_may_see(shared_sandbox: Sandbox) -> None:
    own = one(shared_sandbox, f"NOT ispublic AND NOT isfriend AND owner = '{nsid(0)}'")
    assert get(shared_sandbox, f"/photos/sandbox/{own['id']}/").status_code == 200
    assert f"/{own['id']}/" not in get(shared_sandbox, "/").text


def test_private_photo_of_another_person_has_no_page(fresh_sandbox: Sandbox) -> None:
    photo = one(fresh_sandbox, f"owner = '{nsid(1)}'")
    address = f"/photos/adalens/{photo['id']}/"
    assert get(fresh_sandbox, address).status_code == 200
    fresh_sandbox.store.run("UPDATE photos SET ispublic = 0 WHERE id = :id", id=photo["id"])
    assert get(fresh_sandbox, address).status_code == 404
    assert f"/{photo['id']}/" not in get(fresh_sandbox, "/photos/adalens/").text


@pytest.mark.parametrize(
    "address",
    [
        "/none",
        "/photos/nobody/",
        f"/photos/{DELETED}/",
        "/photos/sandbox/1/",
        f"/photos/sandbox/{'9' * 30}/",
        "/photos/sandbox/sets/1/",
        "/photos/sandbox/galleries/1/",
        "/people/nobody/",
        "/groups/none/",
        "/places/Nowhere/",
        "/photo.gne?short=1",
        "/photo.gne?short=0OIl",
        "/photo.gne",
        "/photostream.gne?id=%25",
        "/short_urls.gne?photoset=2",
    ],
)
def test_unknown_page_is_an_html_404(shared_sandbox: Sandbox, address: str) -> None:
    page = get(shared_sandbox, address)
    assert page.status_code == 404
    assert "<h1>Page not found</h1>" in page.text


def test_photo_under_another_person_is_not_found(shared_sandbox: Sandbox) -> None:
    photo = one(shared_sandbox, f"owner = '{nsid(0)}'")
    assert get(shared_sandbox, f"/photos/adalens/{photo['id']}/").status_code == 404


def test_short_address_of_a_photo_redirects_to_its_page(shared_sandbox: Sandbox) -> None:
    photo = one(shared_sandbox)
    first = get(shared_sandbox, f"/p/{short.encode(photo['id'])}")
    assert first.headers["Location"] == f"/photo.gne?short={short.encode(photo['id'])}"
    second = get(shared_sandbox, first.headers["Location"])
    page = f"/photos/{photo['owner']}/{photo['id']}/"
    assert (second.status_code, second.headers["Location"]) == (302, page)
    assert get(shared_sandbox, f"/photo.gne?id={photo['id']}").headers["Location"] == page


def test_player_of_a_video_redirects_to_its_page(shared_sandbox: Sandbox) -> None:
    video = one(shared_sandbox, "media = 'video'")
    response = get(shared_sandbox, f"/apps/video/stewart.swf?photo_id={video['id']}")
    assert response.headers["Location"] == f"/photos/{video['owner']}/{video['id']}/"


def test_short_addresses_of_sets_and_people(shared_sandbox: Sandbox) -> None:
    row = shared_sandbox.store.one("SELECT * FROM photosets WHERE owner = :me", me=nsid(0))
    assert row is not None
    addresses = {
        f"/s/{short.encode(row['id'])}": f"/photos/{nsid(0)}/sets/{row['id']}/",
        f"/ps/{short.encode(10000000)}": "/photos/sandbox/",
        "/photostream.gne?id=10000001": "/photos/adalens/",
        "/Germany/Berlin+State": "/places/Germany/Berlin+State/",
    }
    for address, page in addresses.items():
        response = requests.get(shared_sandbox.url + address, timeout=TIMEOUT)
        assert (response.status_code, response.url) == (200, shared_sandbox.url + page)


def test_ids_in_base_58_are_those_of_flickr() -> None:
    # Published by Flickr: the short address of a set, and of a photo of 2012.
    assert short.decode("aHsjybZ5ZD") == 72157628959784871
    assert short.decode("daJnfr") == 7986395865
    for number in (0, 57, 58, 53000033759, 2**53):
        assert short.decode(short.encode(number)) == number


@pytest.mark.parametrize("address", ["/favicon.svg", "/favicon.ico"])
def test_icon_of_pages(shared_sandbox: Sandbox, address: str) -> None:
    icon = get(shared_sandbox, address)
    assert (icon.status_code, icon.headers["Content-Type"]) == (200, "image/svg+xml")


def test_pages_have_no_faults_and_are_not_counted(fresh_sandbox: Sandbox) -> None:
    fresh_sandbox.faults.add("500", where="all")
    assert get(fresh_sandbox, "/photos/sandbox/").status_code == 200
    assert fresh_sandbox.calls == {}
    video = one(fresh_sandbox, "media = 'video'")
    play = f"/photos/{video['owner']}/{video['id']}/play/360p/{video['secret']}/"
    assert get(fresh_sandbox, play).status_code == 500
    assert fresh_sandbox.calls == {"files": 1}
