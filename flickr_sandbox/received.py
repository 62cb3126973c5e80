"""A request as it came in: what the sandbox's rooms need to know of it, without the server's types."""

from __future__ import annotations

from dataclasses import dataclass, field
from urllib.parse import parse_qsl, unquote

Pairs = tuple[tuple[str, str], ...]
_SCHEME = "oauth "


@dataclass(frozen=True, slots=True)
class Received:
    """A request; `url` is its address without the query, `form` the fields of its body but for files."""

    verb: str
    url: str
    query: Pairs = ()
    form: Pairs = ()
    authorization: str = field(default="", repr=False)

    @property
    def header(self) -> Pairs:
        """The parameters of an `Authorization: OAuth …` header, but for `realm` (RFC 5849, 3.5.1)."""
        if not self.authorization.lower().startswith(_SCHEME):
            return ()
        parts = (part.partition("=") for part in self.authorization[len(_SCHEME) :].split(","))
        found = ((unquote(k.strip()), unquote(v.strip().strip('"'))) for k, _, v in parts)
        return tuple((name, value) for name, value in found if name not in ("", "realm"))

    @property
    def parameters(self) -> dict[str, str]:
        """All parameters, wherever they came; the first of a name counts."""
        return dict(reversed((*self.query, *self.form, *self.header)))


def pairs(text: str) -> Pairs:
    """The parameters of a query or of a form's body."""
    return tuple(parse_qsl(clean(text), keep_blank_values=True))


def clean(text: str) -> str:
    """A query or a header without the lone surrogates that stand for bytes of no UTF-8."""
    return text.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
