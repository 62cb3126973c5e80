"""Where a call goes: straight to Flickr with an API key, or to a proxy."""

import json

from .flow import Request
from .wire import below

TYPE_CHECKING = False
if TYPE_CHECKING:
    from .options import Options

UPLOAD = "flickr.upload"
_API = "https://api.flickr.com"


def full_name(method: str) -> str:
    """Return a method's name with `flickr.` in front."""
    return "flickr." + method.replace("flickr.", "")


def request_for(options: "Options", wire: "dict[str, str]") -> Request:
    """The request that carries the arguments of a call, its `method` among them."""
    endpoint = options.get("endpoint")
    if endpoint:
        return Request(endpoint, json.dumps(wire))
    key = options.get("api_key")
    if key:
        wire["api_key"] = key
    wire["format"] = "json"
    wire["nojsoncallback"] = "1"
    return Request(below(options.get("base_url") or _API, "services/rest/"), None, wire)
