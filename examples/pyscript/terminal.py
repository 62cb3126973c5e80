"""Ask for words, and print the titles of photos with them."""

from pyflickr_web import Flickr, FlickrError

ENDPOINT = "/services/rest/"  # the address of your proxy

flickr = Flickr(endpoint=ENDPOINT)


async def print_photos(text):
    try:
        answer = await flickr.photos.search(text=text, per_page=5, extras="owner_name")
    except FlickrError as error:
        print(error)
        return
    photos = answer["photos"]
    for photo in photos["photo"]:
        print(" ", photo["title"], "by", photo["ownername"])
    print(photos["total"], "photos")


while True:
    await print_photos(input("Search for: "))
