"""“Sign in with Flickr” with FastAPI.

FLICKR_API_KEY=… FLICKR_SECRET=… SECRET_KEY=… uvicorn examples.sign_in.fastapi_app:app
"""

import os
from html import escape

from fastapi import FastAPI, HTTPException, Request
from fastapi.responses import HTMLResponse, RedirectResponse
from starlette.middleware.sessions import SessionMiddleware

from pyflickr_web import AsyncFlickr, FlickrError

app = FastAPI()
# What signs the visitors' sessions.
app.add_middleware(
    SessionMiddleware, secret_key=os.environ.get("SECRET_KEY") or os.urandom(32).hex()
)


@app.get("/", response_class=HTMLResponse)
async def home(request: Request) -> str:
    name = request.session.get("name")
    return f"Hello, {escape(name)}!" if name else '<a href="/login">Sign in with Flickr</a>'


@app.get("/login")
async def login(request: Request) -> RedirectResponse:
    auth = await AsyncFlickr.begin(callback=str(request.url_for("callback")))
    # It holds nothing that a visitor may not see.
    request.session["sign_in"] = auth.state
    return RedirectResponse(auth.url)


@app.get("/callback")
async def callback(request: Request) -> RedirectResponse:
    try:
        state = request.session.pop("sign_in", "")
        async with await AsyncFlickr.exchange(state, request.query_params) as flickr:
            user = (await flickr.test.login())["user"]
    except FlickrError as error:
        raise HTTPException(403, str(error)) from None
    request.session["name"] = user["username"]["_content"]
    return RedirectResponse(request.url_for("home"))
