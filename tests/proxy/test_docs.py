"""The documentation names every setting, with its default."""

from __future__ import annotations

import re
from dataclasses import fields

from pyflickr_web.commands.serve import serve
from pyflickr_web.proxy.calls.policy import Policy
from tests.support.repository import ROOT

DOCS = ROOT / "docs" / "proxy.md"
IN_WORDS = {"read": "the client's `permissions`, else `read`", "": "none"}


def test_options_of_serve_are_those_of_the_table() -> None:
    rows = re.findall(r"^\| `(--[\w-]+)` \| `(\w+)` \| .+ \|$", DOCS.read_text("utf-8"), re.M)
    variables = {option.opts[0]: option.envvar for option in serve.params}
    assert dict(rows) == variables
    assert len(rows) == len(variables)


def test_settings_are_those_of_the_table() -> None:
    rows = re.findall(r"^\| `(\w+)` \| (.+?) \| .+ \|$", DOCS.read_text("utf-8"), re.M)
    defaults = {field.name: str(field.default) for field in fields(Policy)}
    words = {"allow": "all", "deny": "none", "origins": "none", "hosts": "any"}
    assert dict(rows) == {
        name: words.get(name) or IN_WORDS.get(default, default)
        for name, default in defaults.items()
    }
