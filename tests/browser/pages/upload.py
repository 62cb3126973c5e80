"""Upload a File of the page, then bytes; report both ids, and if `dir` lists the methods."""

import js
from pyscript import window

import pyflickr_web

flickr = pyflickr_web.Flickr(endpoint="/services/rest/")
photo = js.File.new(js.Array.of("JPEG"), "fox.jpg")
first = await flickr.upload(photo=photo, title="é", tags=["happy fox", "x"])
second = await flickr.upload(photo=bytes(range(256)), is_public=False)
listed = "search" in dir(flickr.photos) and "photos" in dir(flickr)
window.report = f"{first['photoid']} {second['photoid']} {listed}"
