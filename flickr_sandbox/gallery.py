"""`/`: a page that introduces the sandbox, with some of its photos."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape

from aiohttp import web

from flickr_sandbox.sizes import KINDS, path
from flickr_sandbox.store import Row, Store

SHOWN = 48
_SMALL, _LARGE = (next(kind for kind in KINDS if kind.extra == extra) for extra in ("n", "l"))
NOTICE = "This product uses the Flickr API but is not endorsed or certified by SmugMug, Inc."
_STYLE = """
body { max-width: 76rem; margin: 0 auto; padding: 1.5rem; font: 16px/1.5 system-ui, sans-serif;
  color: #1c1d22; background: #fafafb }
main { display: grid; grid-template-columns: repeat(auto-fill, minmax(14rem, 1fr)); gap: 1rem }
figure { margin: 0 }
img { width: 100%; aspect-ratio: 4 / 3; object-fit: cover; border-radius: 6px; background: #e6e7eb }
figcaption, footer { font-size: .85rem; color: #62646d }
code { background: #eeeff2; padding: .1em .3em; border-radius: 4px }
"""
_PAGE = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>A local Flickr</title>
<style>{style}</style>
</head>
<body>
<h1>A local Flickr</h1>
<p>For development and tests: {count} photos, made from a seed. Set your client's base URL to this
address. REST is at <code>/services/rest/</code>, faults and counters
are at <a href="/sandbox/"><code>/sandbox/</code></a>.</p>
<main>
{photos}
</main>
<footer><p>{notice}</p></footer>
</body>
</html>
"""


@dataclass(frozen=True, slots=True)
class Gallery:
    """The handler of the page."""

    store: Store

    async def page(self, _: web.Request) -> web.Response:
        """Show the newest public photos."""
        photos = self.store.all(
            "SELECT * FROM photos WHERE ispublic ORDER BY posted DESC, id DESC LIMIT :count",
            count=SHOWN,
        )
        text = _PAGE.format(
            style=_STYLE,
            count=f"{self.store.value('SELECT count(*) FROM photos'):,}",
            photos="\n".join(map(_figure, photos)),
            notice=NOTICE,
        )
        policy = "default-src 'none'; img-src 'self'; style-src 'unsafe-inline'"
        headers = {"Content-Security-Policy": policy}
        return web.Response(text=text, content_type="text/html", headers=headers)


def _figure(photo: Row) -> str:
    title = escape(photo["title"], quote=True)
    size = _LARGE if max(photo["width"], photo["height"]) >= _LARGE.longest else _SMALL
    return (
        f'<figure><a href="{path(photo, size)}">'
        f'<img src="{path(photo, _SMALL)}" alt="{title}" loading="lazy"></a>'
        f"<figcaption>{title}</figcaption></figure>"
    )
