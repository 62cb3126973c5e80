"""The namespaces and methods of a client, as attributes: `flickr.photos.search`."""

from .checks import check_name
from .details import document
from .misuse import require_names

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from .client import Client


class Method:
    """A method of the Flickr API: call it, or list its results by `.all(…)` or `.pages(…)`."""

    def __init__(self, client: "Client", name: str) -> None:
        self.client = client
        self.name = name

    def __call__(self, **values: "Any") -> "Any":
        return self.client.run(self.client.flow(self.name, values))

    def all(self, **values: "Any") -> "Any":
        """Iterate over the items of all pages."""
        return self.client.walk(self.name, values, False)

    def pages(self, **values: "Any") -> "Any":
        """Iterate over the pages, as complete answers."""
        return self.client.walk(self.name, values, True)


document(Method)
require_names(Method)


class Namespace:
    """Methods that share the first parts of their names; `dir()` lists them."""

    def __init__(self, name: str) -> None:
        self._name = name

    def __getattr__(self, key: str) -> "Any":
        check_name(self._name, key, self)
        raise AttributeError(self._name + " has no " + key)


# `copy` looks up attributes before the copy has any.
Namespace._name = ""


def attach_methods(client: "Client") -> None:
    """Give `client` every namespace and method of its table."""
    for name in client.table.levels:
        node: Any = client
        space, *keys, last = name.split(".")
        for key in keys:
            space += "." + key
            if key not in node.__dict__:
                setattr(node, key, Namespace(space))
            node = node.__dict__[key]
        setattr(node, last, Method(client, name))
