"""`privacy_filter`: which of their own photos a person asks for."""

from __future__ import annotations

from flickr_sandbox.answers.listing import Query

# 1 public, 2 for friends, 3 for family, 4 for both, 5 for nobody else.
_LEVELS = {
    "1": "p.ispublic",
    "2": "NOT p.ispublic AND p.isfriend AND NOT p.isfamily",
    "3": "NOT p.ispublic AND NOT p.isfriend AND p.isfamily",
    "4": "NOT p.ispublic AND p.isfriend AND p.isfamily",
    "5": "NOT p.ispublic AND NOT p.isfriend AND NOT p.isfamily",
}


def with_privacy(query: Query) -> Query:
    """A selection of the caller's own photos, to the level that `privacy_filter` names."""
    level = _LEVELS.get(query.call.text("privacy_filter"))
    return query.where(f"({level})") if level else query
