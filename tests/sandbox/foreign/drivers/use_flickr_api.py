"""Use flickr_api: sign in, walk through photos and sets, change, upload, replace, delete; print JSON."""

import json
import os
import re
import sys
import urllib.parse
import urllib.request

import flickr_api
from flickr_api.auth import AuthHandler

FILE = json.loads(sys.argv[1])["file"]
SAVED = "token.txt"

flickr_api.set_keys(api_key=os.environ["FLICKR_API_KEY"], api_secret=os.environ["FLICKR_SECRET"])
auth = AuthHandler(callback="oob")
form = urllib.parse.urlencode({"answer": "allow"}).encode()
page = urllib.request.urlopen(auth.get_authorization_url("delete"), form).read().decode()
auth.set_verifier(re.search(r"\d{3}-\d{3}-\d{3}", page)[0])
auth.save(SAVED)
flickr_api.set_auth_handler(SAVED)

me = flickr_api.test.login()
photos = [photo.id for photo in flickr_api.Walker(me.getPhotos, per_page=7)]
found = flickr_api.Person.findByUserName("sandbox")
uploaded = flickr_api.upload(photo_file=FILE, title="Grüße & +", tags='sea "New York"')
uploaded.setMeta(title="neu ü", description="a b+c")
uploaded.addTags(["fox"])
comment = uploaded.addComment(comment_text="Schön!")
album = flickr_api.Photoset.create(title="Album", primary_photo=uploaded)
info = uploaded.getInfo()
replaced = flickr_api.replace(photo_file=FILE, photo_id=uploaded.id)
uploaded.save("saved", size_label="Original")
try:
    flickr_api.Photo(id="1").getInfo()
    unknown = None
except flickr_api.flickrerrors.FlickrAPIError as error:
    unknown = error.code
results = {
    "me": me.id,
    "found": found.id,
    "photos": photos,
    "sets": [photoset.id for photoset in me.getPhotosets()],
    "uploaded": uploaded.id,
    "title": info["title"],
    "tags": sorted(tag.raw for tag in uploaded.getTags()),
    "sizes": sorted(uploaded.getSizes()),
    "comments": [comment.text for comment in uploaded.getComments()],
    "in album": [photo.id for photo in album.getPhotos()],
    "unknown": unknown,
}
album.delete()
uploaded.delete()
print(json.dumps(results))
