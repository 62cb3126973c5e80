"""“Sign in with Flickr” with Flask.

FLICKR_API_KEY=… FLICKR_SECRET=… SECRET_KEY=… flask --app examples.sign_in.flask_app run
"""

import os

from flask import Flask, abort, redirect, request, session, url_for
from markupsafe import escape
from werkzeug.wrappers import Response

from pyflickr_web import Flickr, FlickrError

app = Flask(__name__)
# What signs the visitors' sessions.
app.secret_key = os.environ.get("SECRET_KEY") or os.urandom(32)


@app.get("/")
def home() -> str:
    name = session.get("name")
    return f"Hello, {escape(name)}!" if name else '<a href="/login">Sign in with Flickr</a>'


@app.get("/login")
def login() -> Response:
    auth = Flickr.begin(callback=url_for("callback", _external=True))
    # It holds nothing that a visitor may not see.
    session["sign_in"] = auth.state
    return redirect(auth.url)


@app.get("/callback")
def callback() -> Response:
    try:
        flickr = Flickr.exchange(session.pop("sign_in", ""), request.args)
        session["name"] = flickr.test.login()["user"]["username"]["_content"]
    except FlickrError as error:
        abort(403, str(error))
    return redirect(url_for("home"))
