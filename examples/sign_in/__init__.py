"""“Sign in with Flickr”: `python -m examples.sign_in`.

A page shows a visitor's photos, including private ones, and marks favourites. It uses our bundle and a
proxy, which signs the calls with the visitor's own credentials. `flask_app` and `fastapi_app` are the
same site; they share `site`, `store` and `limit`. `pages` has the files for the browser.
"""
