"""The source maps of the development bundles lead to the modules of the runtime."""

from __future__ import annotations

import json
import re
import subprocess
from pathlib import Path

import pytest

from compiler.__main__ import OUT
from compiler.errors import CompilerError
from compiler.javascript.render import RUNTIME
from compiler.javascript.source_map import mark_modules, render_source_map
from tests.support.repository import ROOT

HERE = Path(__file__).parent
BUNDLES = ["flickrapi.dev.js", "flickrapi.dev.mjs"]
# Mistakes in a page, which throw in different modules.
MISTAKES = [
    'Flickr.tokenOnly({ api_key: "k" }).photos.getInfo({})',
    'new Flickr({ endpoint: "/rest/" }).upload({ photo: 1 })',
    'Flickr.tokenOnly({ api_key: "k" }).photos.delete({ photo_id: "1" })',
    'new Flickr({ api_key: "k", secret: "s" })',
    "new Flickr({})",
]


def run_node(*arguments: str) -> str:
    done = subprocess.run(["node", *arguments], check=True, capture_output=True, text=True)
    return done.stdout


@pytest.mark.parametrize("bundle", BUNDLES)
def test_names_that_occur_once_are_found(bundle: str) -> None:
    report = json.loads(run_node(str(HERE / "source_map.mjs"), str(OUT / bundle)))
    assert report["wrong"] == []
    assert report["count"] > 10


@pytest.mark.parametrize("mistake", MISTAKES)
def test_stack_of_an_error_starts_where_it_is_thrown(mistake: str) -> None:
    program = f"""
        const {{ Flickr }} = require({json.dumps(str(OUT / "flickrapi.dev.js"))});
        (async () => {mistake})().catch((error) => process.stdout.write(error.stack));
    """
    stack = run_node("--enable-source-maps", "-e", program)
    found = re.search(r"(templates/javascript/runtime/\w+\.js):(\d+):\d+", stack)
    assert found, stack
    line = (ROOT / found[1]).read_text("utf-8").splitlines()[int(found[2]) - 1]
    assert line.strip().startswith("throw new FlickrError("), stack


@pytest.mark.parametrize("bundle", BUNDLES)
def test_bundle_names_its_map_which_has_the_modules(bundle: str) -> None:
    last = (OUT / bundle).read_text("utf-8").splitlines()[-1]
    assert last == f"//# sourceMappingURL={bundle}.map"
    content = json.loads((OUT / f"{bundle}.map").read_text("utf-8"))
    texts = dict(zip(content["sources"], content["sourcesContent"], strict=True))
    assert texts == {
        f"templates/javascript/runtime/{Path(name).name}": (RUNTIME / Path(name).name).read_text()
        for name in texts
    }
    assert len(texts) > 15
    assert content["version"] == 3


def test_production_bundles_have_no_map() -> None:
    for name in ("flickrapi.js", "flickrapi.mjs"):
        assert "sourceMappingURL" not in (OUT / name).read_text("utf-8")


def test_places_are_encoded_as_differences() -> None:
    modules = {"a.js": 'import { b } from "./b.js";\n// a.b\n  x.first;\nx.second("text");\n'}
    marked, marks = mark_modules(modules)
    assert marked["a.js"].endswith('\n  x.µ0µfirst;\nx.µ1µsecond("µ2µtext");\n')
    bundle = "\nx.µ0µfirst,x.µ1µsecond(`µ2µtext`)"
    text = render_source_map(bundle, re.sub("µ.µ", "", bundle), modules, marks, "")
    assert json.loads(text)["mappings"] == ";EAEI,QACF,QAAQ"


def test_bundle_that_marks_would_change_is_an_error() -> None:
    _, marks = mark_modules({"a.js": "x.y;\n"})
    with pytest.raises(CompilerError, match="does not fit the bundle"):
        render_source_map("x.µ0µy?1:2", "x.y?2:1", {"a.js": "x.y;\n"}, marks, "")
