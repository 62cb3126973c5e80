"""A Flask application that calls Flickr, directly and through its proxy, while it is imported."""

from __future__ import annotations

from flask import Flask

from pyflickr_web import Flickr

PATH = "/service/rest/"
QUERY = {
    "method": "flickr.photos.getInfo",
    "photo_id": "1",
    "format": "json",
    "nojsoncallback": "1",
}
# The options come from the environment.
flickr = Flickr()
app = Flask("preloaded")
flickr.proxy(app, PATH)
flickr.photos.getInfo(photo_id=1)
assert app.test_client().get(PATH, query_string=QUERY).status_code == 200
