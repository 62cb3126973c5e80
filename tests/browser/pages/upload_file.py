"""Uploads a file that lies beside the page, and tells the photo's number, or what went wrong."""

import js
from pyscript import window

import pyflickr_web

flickr = pyflickr_web.Flickr(endpoint="/services/rest/")
try:
    blob = await (await js.fetch("/fox.jpg")).blob()
    photo = js.File.new(js.Array.of(blob), "Füchse.jpg")
    answer = await flickr.upload(photo=photo, title="Grüße | ` ^", tags=["happy fox", "x"])
    window.told = answer["photoid"]
except pyflickr_web.FlickrError as error:
    window.told = str(error)
