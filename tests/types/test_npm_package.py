"""The npm package has types for every file, however it is imported, in all resolutions."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path
from typing import Any

import pytest

from tests.support.npm import find_tool, install, pack
from tests.types.tsc import RESOLUTIONS, run_tsc

# Each file by its name, and the package by both of its own.
FILES = ["", "/dev", *(f"/flickrapi{e}.{k}" for e in ("", ".dev") for k in ("js", "mjs"))]
USE = """
const client: Flickr = Flickr.tokenOnly({ api_key: "k" });
const list = async (): Promise<Flickr.ListedPhoto[]> =>
  (await client.photos.search({ text: "panda" })).photos.photo;
const code = (error: unknown) => (error instanceof FlickrError ? error.code : undefined);
const wrong: number = client;
"""
IMPORTS = {
    "named.mts": 'import { Flickr, FlickrError } from "flickrapi-web{}";',
    "default.mts": 'import Flickr from "flickrapi-web{}"; const { FlickrError } = Flickr;',
    "named.cts": 'import { Flickr, FlickrError } from "flickrapi-web{}";',
}
REQUIRE = 'import Flickr = require("flickrapi-web{}"); const FlickrError = Flickr.FlickrError;'


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with the package installed."""
    place = tmp_path_factory.mktemp("npm")
    install(place)
    return place


@pytest.fixture(scope="module")
def manifest(folder: Path) -> dict[str, Any]:
    """Return the `package.json` of the installed package."""
    text = (folder / "node_modules" / "flickrapi-web" / "package.json").read_text("utf-8")
    content: dict[str, Any] = json.loads(text)
    return content


@pytest.mark.parametrize("resolution", RESOLUTIONS)
def test_every_file_has_the_types_of_the_client(folder: Path, resolution: str) -> None:
    heads = dict(IMPORTS)
    if resolution.startswith("node"):
        heads["required.cts"] = REQUIRE
    names = []
    for number, file in enumerate(FILES):
        for name, head in heads.items():
            if file.endswith(".mjs") and name.endswith(".cts"):
                continue
            names.append(f"{number}-{name}")
            text = head.replace("{}", file)
            (folder / names[-1]).write_text(text + USE, "utf-8")
    # The last line assigns a client to a number: without types, there would be no error.
    assert sorted(run_tsc(folder, RESOLUTIONS[resolution], *names)) == sorted(
        f"{name}(6): TS2322" for name in names
    )


def test_exports_name_files_that_exist(manifest: dict[str, Any], folder: Path) -> None:
    def list_targets(node: Any) -> list[str]:
        if isinstance(node, str):
            return [node]
        return [target for child in node.values() for target in list_targets(child)]

    entries = {name: manifest[name] for name in ("main", "module", "unpkg", "jsdelivr", "types")}
    targets = {*entries.values(), *list_targets(manifest["exports"])} - {"./*"}
    package = folder / "node_modules" / "flickrapi-web"
    assert [name for name in targets if not (package / name).is_file()] == []
    assert len(targets) == 11


def test_conditions_select_the_edition_and_the_format(folder: Path) -> None:
    script = 'console.log(require.resolve("flickrapi-web").split("/").at(-1))'
    module = 'console.log(import.meta.resolve("flickrapi-web").split("/").at(-1))'
    found = {
        (condition, kind): subprocess.run(
            ["node", *condition.split(), f"--input-type={kind}", "-e", program],
            cwd=folder, check=True, capture_output=True, text=True,
        ).stdout.strip()
        for condition in ("", "--conditions=development")
        for kind, program in (("commonjs", script), ("module", module))
    }  # fmt: skip
    assert found == {
        ("", "commonjs"): "flickrapi.js",
        ("", "module"): "flickrapi.mjs",
        ("--conditions=development", "commonjs"): "flickrapi.dev.js",
        ("--conditions=development", "module"): "flickrapi.dev.mjs",
    }


def test_manifest_has_the_fields_that_networks_and_bundlers_read(manifest: dict[str, Any]) -> None:
    assert manifest["unpkg"] == manifest["jsdelivr"] == "flickrapi.js"
    assert manifest["sideEffects"] is False
    # The first Node with `fetch`.
    assert manifest["engines"] == {"node": ">=18"}


def test_publint_and_attw_say_nothing(tmp_path: Path) -> None:
    tarball = str(pack(tmp_path))
    publint = [find_tool("publint"), "run", "--strict", tarball]
    # On CI servers, publint writes colors to a pipe, too.
    plain = os.environ | {"NO_COLOR": "1"}
    done = subprocess.run(publint, capture_output=True, text=True, check=False, env=plain)
    assert (done.returncode, done.stdout.splitlines()[-1]) == (0, "All good!"), done.stdout
    attw = [find_tool("attw"), tarball, "--no-definitely-typed", "--format", "json"]
    done = subprocess.run(attw, capture_output=True, text=True, check=False)
    report = json.loads(done.stdout)
    assert report["analysis"]["problems"] == []
    assert {".", "./dev"} <= report["analysis"]["entrypoints"].keys()
    assert done.returncode == 0
