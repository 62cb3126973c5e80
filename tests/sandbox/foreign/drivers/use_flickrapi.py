"""Use flickrapi in all its formats, sign in, upload and replace; print the results as JSON."""

import json
import os
import re
import sys
import urllib.parse
import urllib.request
from pathlib import Path

import flickrapi
from flickrapi.auth import FlickrAccessToken

FILE = json.loads(sys.argv[1])["file"]
NO_PICTURE = json.loads(sys.argv[1])["no_picture"]
KEY, SECRET = os.environ["FLICKR_API_KEY"], os.environ["FLICKR_SECRET"]


class StayHere(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_):
        return None


def client(secret=SECRET):
    token = FlickrAccessToken(
        os.environ["FLICKR_ACCESS_TOKEN"],
        os.environ["FLICKR_ACCESS_TOKEN_SECRET"],
        "delete",
        "",
        "",
        os.environ["FLICKR_USER_ID"],
    )
    return flickrapi.FlickrAPI(KEY, secret, token=token, format="parsed-json")


def error(call, *values, **arguments):
    try:
        call(*values, **arguments)
    except flickrapi.FlickrError as failed:
        return [failed.code, str(failed)]
    return None


def sign_in(callback):
    flickr = flickrapi.FlickrAPI(KEY, SECRET, store_token=False, format="parsed-json")
    flickr.get_request_token(oauth_callback=callback)
    form = urllib.parse.urlencode({"answer": "allow"}).encode()
    opener = urllib.request.build_opener(StayHere)
    try:
        page = opener.open(flickr.auth_url(perms="write"), form).read().decode()
        verifier = re.search(r"\d{3}-\d{3}-\d{3}", page)[0]
    except urllib.error.HTTPError as redirect:
        query = urllib.parse.urlsplit(redirect.headers["Location"]).query
        verifier = urllib.parse.parse_qs(query)["oauth_verifier"][0]
    flickr.get_access_token(verifier)
    login = flickr.test.login()["user"]["id"]
    # An invalid level also makes it forget the token.
    return [login, [flickr.token_valid(perms=level) for level in ("write", "delete")]]


def send(call, *arguments, **fields):
    # It does not close files that it opens itself.
    with Path(FILE).open("rb") as opened:
        return call(FILE, *arguments, fileobj=opened, format="etree", **fields)


def list_photos():
    # Its own walkers need a method of ElementTree that Python 3.9 has removed.
    pages = [client().people.getPhotos(user_id="me", per_page=7)["photos"]]
    while len(pages) < pages[0]["pages"]:
        page = len(pages) + 1
        pages.append(client().people.getPhotos(user_id="me", per_page=7, page=page)["photos"])
    return len({photo["id"] for page in pages for photo in page["photo"]})


flickr = client()
number = send(flickr.upload, title="Grüße & +", tags='sea "New York"').findtext("photoid")
ticket = send(flickr.upload, **{"async": "1"}).findtext("ticketid")
flickr.photos.upload.checkTickets(tickets=ticket)
processed = flickr.photos.upload.checkTickets(tickets=ticket)["uploader"]["ticket"][0]
results = {
    "login": flickr.test.login()["user"]["id"],
    "echo": flickr.test.echo(text="grüße + 100%")["text"],
    "unknown": error(flickr.photos.getInfo, photo_id="1"),
    "etree": dict(flickr.test.login(format="etree").find("user").attrib),
    "unknown etree": error(flickr.photos.getInfo, photo_id="1", format="etree"),
    "rest": flickr.test.null(format="rest").decode(),
    "json": flickr.test.null(format="json").decode(),
    "valid": flickr.token_valid(perms="delete"),
    "wrong secret": error(client("wrong").test.login),
    "uploaded": flickr.photos.getInfo(photo_id=number)["photo"],
    "replaced": send(flickr.replace, number).findtext("photoid"),
    "by ticket": flickr.photos.getInfo(photo_id=processed["photoid"])["photo"],
    "no picture": error(flickr.upload, NO_PICTURE, format="etree"),
    "listed": list_photos(),
    "code": sign_in("oob"),
    "callback": sign_in("http://127.0.0.1:9/back"),
}
print(json.dumps(results))
