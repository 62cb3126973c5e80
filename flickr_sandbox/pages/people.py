"""Pages of people: their photos, their profile, and their sets and galleries."""

from __future__ import annotations

from aiohttp import web

from flickr_sandbox.answers.addresses import gallery_page, photos_page, photoset_page, profile_page
from flickr_sandbox.answers.find import parse_last_id
from flickr_sandbox.pages import listings
from flickr_sandbox.pages.listings import GROUP_VISIBLE, Listing
from flickr_sandbox.render import not_found, page_response, render
from flickr_sandbox.store import Row, Store

Links = list[tuple[str, str]]
MOST_SHOWN = 12
_GROUPS = f"""
SELECT g.* FROM group_members m JOIN groups g ON g.nsid = m.group_nsid
WHERE m.person = :nsid AND {GROUP_VISIBLE} ORDER BY g.name
"""


def display_name(person: Row) -> str:
    """Return the real name of a person, or the user name if the real name is empty or private."""
    return str((not person["hides_name"] and person["realname"]) or person["username"])


def photos_of_person(store: Store, person: Row, number: int) -> web.Response:
    """Make a page of a person's photos, newest first."""
    trail = [("Profile", profile_page("", person)), ("Albums", f"{photos_page('', person)}sets/")]
    heading = f"Photos by {display_name(person)}"
    return photos_page_response(
        store, listings.of_person(person["nsid"]), number, heading=heading, trail=trail
    )


def photos_page_response(
    store: Store, listing: Listing, number: int, *, heading: str, trail: Links, text: str = ""
) -> web.Response:
    """Make a page of a listing, with links to the pages before and after it."""
    count = listing.count(store)
    last = max(1, -(-count // listings.PAGE_SIZE))
    number = min(number, last)
    tiles = listing.page(store, number)
    shown = render(
        "photos.html",
        heading=heading,
        text=text,
        count=count,
        tiles=tiles,
        trail=trail,
        newer=number - 1 if number > 1 else None,
        older=number + 1 if number < last else None,
    )
    return page_response(shown)


def profile(store: Store, person: Row) -> web.Response:
    """Make the page of a person's profile."""
    listing = listings.of_person(person["nsid"])
    groups = store.all(_GROUPS, nsid=person["nsid"], caller=store.account()["nsid"])
    lists = [
        ("Albums", set_links(store, person)),
        ("Galleries", gallery_links(store, person)),
        (
            "Groups",
            [(row["name"], f"/groups/{row['path_alias'] or row['nsid']}/") for row in groups],
        ),
    ]
    text = render(
        "person.html",
        person=person,
        name=display_name(person),
        icon=f"/buddyicons/{person['nsid']}.jpg",
        photos_page=photos_page("", person),
        count=listing.count(store),
        tiles=listing.page(store, size=MOST_SHOWN),
        lists=lists,
    )
    return page_response(text)


def set_links(store: Store, person: Row) -> Links:
    """Return titles and addresses of a person's sets with photos that the account may see."""
    rows = store.all(
        "SELECT * FROM photosets WHERE owner = :nsid ORDER BY position", nsid=person["nsid"]
    )
    return [
        (row["title"] or listings.UNTITLED, photoset_page("", person, row["id"]))
        for row in rows
        if listings.of_photoset(row["id"]).count(store)
    ]


def gallery_links(store: Store, person: Row) -> Links:
    """Return titles and addresses of a person's galleries."""
    rows = store.all(
        "SELECT * FROM galleries WHERE owner = :nsid ORDER BY created DESC", nsid=person["nsid"]
    )
    return [(row["title"], gallery_page("", person, parse_last_id(row["id"]))) for row in rows]


def links_page(heading: str, person: Row, links: Links) -> web.Response:
    """Make a page of a person's sets or galleries."""
    owner = display_name(person)
    trail = [(owner, photos_page("", person))]
    return page_response(
        render("links.html", heading=f"{heading} by {owner}", links=links, trail=trail)
    )


def photoset(store: Store, person: Row, number: int, page: int) -> web.Response:
    """Make a page of a set's photos."""
    row = store.one(
        "SELECT * FROM photosets WHERE id = :number AND owner = :nsid",
        number=number,
        nsid=person["nsid"],
    )
    if row is None:
        return not_found()
    return _of_owner(store, person, listings.of_photoset(number), page, row)


def gallery(store: Store, person: Row, number: int, page: int) -> web.Response:
    """Make a page of a gallery's photos."""
    rows = store.all("SELECT * FROM galleries WHERE owner = :nsid", nsid=person["nsid"])
    row = next((row for row in rows if parse_last_id(row["id"]) == number), None)
    if row is None:
        return not_found()
    return _of_owner(store, person, listings.of_gallery(row["id"]), page, row)


def _of_owner(store: Store, person: Row, listing: Listing, page: int, row: Row) -> web.Response:
    trail = [(display_name(person), photos_page("", person))]
    return photos_page_response(
        store,
        listing,
        page,
        heading=row["title"] or listings.UNTITLED,
        text=row["description"],
        trail=trail,
    )
