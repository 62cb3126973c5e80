"""“Sign in with Flickr”: `python -m examples.sign_in`.

A page that shows a visitor's own photos, private ones too, and marks favourites, by our bundle and a
proxy whose calls are signed with the visitor's own credentials. `flask_app` and `fastapi_app` are the
same site; `site`, `store` and `limit` are what they share, `pages` what a browser gets.
"""
