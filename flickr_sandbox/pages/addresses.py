"""The addresses of pages, as on flickr.com, and short addresses, which redirect to them.

A visitor of the pages sees what the sandbox's account may see.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from importlib.resources import files
from typing import Any

from aiohttp import web

from flickr_sandbox.answers.addresses import gallery_page, photos_page
from flickr_sandbox.answers.find import parse_last_id
from flickr_sandbox.bases import BaseRule
from flickr_sandbox.gazetteer import places
from flickr_sandbox.pages import listings, people, short
from flickr_sandbox.pages.photo import find_photo, render_photo
from flickr_sandbox.render import not_found, page_response, render
from flickr_sandbox.store import Row, Store

_ID = r"{id:\d{1,18}}"
_PHOTO_TAIL = "{tail:(/(in|sizes|lightbox)(/[^/]+)*)?}"
# Addresses of the API and of the sandbox keep aiohttp's own errors.
_ELSEWHERE = "/{path:(?!services/|sandbox/).*}"


@dataclass(frozen=True, slots=True)
class Pages:
    """The handlers of pages. `bases` chooses the addresses in them."""

    store: Store
    bases: BaseRule

    def routes(self) -> list[web.RouteDef]:
        """Return the routes, with and without a trailing slash. The last one takes all the rest."""
        paths: list[tuple[str, Any]] = [
            ("/photos/{person}", self.photostream),
            (r"/photos/{person}/page{page:\d{1,9}}", self.photostream),
            (f"/photos/{{person}}/{_ID}{_PHOTO_TAIL}", self.photo),
            ("/photos/{person}/{list:sets|albums|galleries}", self.links),
            (f"/photos/{{person}}/{{list:sets|albums|galleries}}/{_ID}{{tail:.*}}", self.listing),
            ("/people/{person}", self.profile),
            ("/groups/{group}{tail:(/.*)?}", self.group),
            ("/places/{place:.+}", self.place),
            ("/p/{short}", self.short_photo),
            ("/s/{short}", self.short_photoset),
            ("/ps/{short}", self.short_photostream),
        ]
        return [
            web.get("/", self.front),
            web.get("/favicon.svg", self.icon),
            web.get("/favicon.ico", self.icon),
            web.get("/photos", self.front),
            web.get("/photos/", self.front),
            web.get("/hermes_error_beacon.gne", self.site_key),
            web.get("/photo.gne", self.find_photo),
            web.get("/apps/video/stewart.swf", self.player),
            web.get("/photostream.gne", self.find_photostream),
            web.get("/short_urls.gne", self.find_short),
            *(web.get(path + slash, handler) for path, handler in paths for slash in ("", "/")),
            web.get(_ELSEWHERE, self.elsewhere),
        ]

    async def front(self, _: web.Request) -> web.Response:
        """Introduce the sandbox, with the newest public photos."""
        account = self.store.account()
        text = render(
            "front.html",
            count=self.store.count("SELECT count(*) FROM photos"),
            account=account["username"],
            account_page=photos_page("", account),
            tiles=listings.newest().page(self.store),
            site_key=self._site_key,
            trail=[
                ("Photos", photos_page("", account)),
                ("Profile", f"/people/{account['nsid']}/"),
            ],
        )
        return page_response(text)

    async def site_key(self, _: web.Request) -> web.Response:
        """Return the key of the site, which programs without a key of their own use."""
        return web.json_response({"site_key": self._site_key})

    async def icon(self, _: web.Request) -> web.Response:
        """Send the icon that browsers show beside a page's title."""
        icon = files("flickr_sandbox").joinpath("templates/icon.svg").read_bytes()
        headers = {"Cache-Control": "public, max-age=86400"}
        return web.Response(body=icon, content_type="image/svg+xml", headers=headers)

    async def photostream(self, request: web.Request) -> web.Response:
        """Show a person's photos."""
        person = self._person(request)
        return people.photos_of_person(self.store, person, _page(request))

    async def profile(self, request: web.Request) -> web.Response:
        """Show a person."""
        return people.profile(self.store, self._person(request))

    async def photo(self, request: web.Request) -> web.Response:
        """Show a photo, or one of its sizes."""
        person = self._person(request)
        photo = find_photo(self.store, int(request.match_info["id"]), person["nsid"])
        if photo is None:
            return not_found()
        tail = request.match_info["tail"].strip("/").split("/")
        wanted = tail[1] if tail[0] == "sizes" and len(tail) > 1 else ""
        base = self.bases.choose(request).pages
        return page_response(render_photo(self.store, photo, person, base, wanted))

    async def links(self, request: web.Request) -> web.Response:
        """List a person's sets or galleries."""
        person = self._person(request)
        if request.match_info["list"] == "galleries":
            links = people.gallery_links(self.store, person)
            return people.links_page("Galleries", person, links)
        return people.links_page("Albums", person, people.set_links(self.store, person))

    async def listing(self, request: web.Request) -> web.Response:
        """Show the photos of a set or a gallery."""
        is_gallery = request.match_info["list"] == "galleries"
        show = people.gallery if is_gallery else people.photoset
        number = int(request.match_info["id"])
        return show(self.store, self._person(request), number, _page(request))

    async def group(self, request: web.Request) -> web.Response:
        """Show a group with its pool."""
        group = self.store.one(
            "SELECT * FROM groups g WHERE (g.nsid = :name OR g.path_alias = :name COLLATE NOCASE)"
            f" AND {listings.GROUP_VISIBLE}",
            name=request.match_info["group"],
            caller=self.store.account()["nsid"],
        )
        if group is None:
            return not_found()
        return people.photos_page_response(
            self.store,
            listings.of_group(group["nsid"]),
            _page(request),
            heading=group["name"],
            text=group["description"],
            trail=[],
        )

    async def place(self, request: web.Request) -> web.Response:
        """Show the photos of a place."""
        wanted = request.rel_url.raw_path.removeprefix("/places").rstrip("/")
        place = next((place for place in places() if place.url == wanted), None)
        if place is None:
            return not_found()
        listing = listings.of_place(place)
        return people.photos_page_response(
            self.store, listing, _page(request), heading=place.name, trail=[]
        )

    async def short_photo(self, request: web.Request) -> web.Response:
        """Redirect `flic.kr/p/…` like Flickr."""
        return _redirect(f"/photo.gne?short={request.match_info['short']}")

    async def short_photoset(self, request: web.Request) -> web.Response:
        """Redirect `flic.kr/s/…` like Flickr."""
        return _redirect(f"/short_urls.gne?photoset={request.match_info['short']}")

    async def short_photostream(self, request: web.Request) -> web.Response:
        """Redirect `flic.kr/ps/…` like Flickr."""
        return _redirect(f"/short_urls.gne?photostream={request.match_info['short']}")

    async def find_photo(self, request: web.Request) -> web.Response:
        """Redirect from a photo's id, or its id in base 58, to its page."""
        given = request.query
        number = short.decode(given.get("short", ""))
        number = parse_last_id(given.get("id", "")) if number is None else number
        photo = find_photo(self.store, number)
        return _redirect(f"/photos/{photo['owner']}/{photo['id']}/") if photo else not_found()

    async def player(self, request: web.Request) -> web.Response:
        """Redirect from the player of a video, which no browser runs any more, to its page."""
        photo = find_photo(self.store, parse_last_id(request.query.get("photo_id", "")))
        return _redirect(f"/photos/{photo['owner']}/{photo['id']}/") if photo else not_found()

    async def find_photostream(self, request: web.Request) -> web.Response:
        """Redirect from a person's NSID, or the number in it, to the person's photos."""
        person = self._person_by_number(request.query.get("id", ""))
        return _redirect(photos_page("", person)) if person else not_found()

    async def find_short(self, request: web.Request) -> web.Response:
        """Redirect from an id in base 58 to a set, a gallery or a person's photos."""
        given = request.query
        finders: dict[str, Callable[[int], str | None]] = {
            "photoset": self._photoset_page,
            "gallery": self._gallery_page,
            "photostream": self._photostream_page,
        }
        for kind, find in finders.items():
            number = short.decode(given.get(kind, ""))
            address = find(number) if number is not None else None
            if address:
                return _redirect(address)
        return not_found()

    async def elsewhere(self, request: web.Request) -> web.Response:
        """Redirect from the path of a place, as in answers, to its page; the rest is not found."""
        wanted = request.rel_url.raw_path.rstrip("/")
        if any(place.url == wanted for place in places()):
            return _redirect(f"/places{wanted}/")
        return not_found()

    @property
    def _site_key(self) -> str:
        return str(self.store.value("SELECT min(key) FROM api_keys"))

    def _person(self, request: web.Request) -> Row:
        person = self.store.person_by_name(request.match_info["person"])
        if person is None:
            page = not_found()
            raise web.HTTPNotFound(text=page.text, headers=page.headers)
        return person

    def _person_by_number(self, given: str) -> Row | None:
        number = given.partition("@")[0]
        if not number.isdecimal():
            return None
        return self.store.one(
            "SELECT * FROM people WHERE NOT is_deleted AND nsid LIKE :number || '@%'", number=number
        )

    def _photoset_page(self, number: int) -> str | None:
        row = self.store.one("SELECT * FROM photosets WHERE id = :number", number=number)
        return f"/photos/{row['owner']}/sets/{number}/" if row else None

    def _gallery_page(self, number: int) -> str | None:
        rows = self.store.all(
            "SELECT * FROM galleries WHERE id LIKE '%-' || :number", number=number
        )
        owner = self.store.person_by_name(rows[0]["owner"]) if rows else None
        return gallery_page("", owner, number) if owner else None

    def _photostream_page(self, number: int) -> str | None:
        person = self._person_by_number(str(number))
        return photos_page("", person) if person else None


def _page(request: web.Request) -> int:
    given = request.match_info.get("page") or request.query.get("page", "1")
    return max(1, int(given)) if given.isascii() and given.isdecimal() and len(given) < 10 else 1


def _redirect(address: str) -> web.Response:
    return web.Response(status=302, headers={"Location": address})
