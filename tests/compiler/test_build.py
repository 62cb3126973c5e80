"""`python -m compiler` writes complete builds, the same everywhere, with all texts safely escaped."""

from __future__ import annotations

import ast
import errno
import hashlib
import json
import os
import re
import subprocess
import sys
from base64 import b64encode
from dataclasses import astuple
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from compiler import pack
from compiler.__main__ import OUT, main
from compiler.build import Build
from compiler.javascript import render as render_javascript
from compiler.python import types as types_python
from compiler.reflect import parse
from compiler.reflect.model import Api
from compiler.reflect.supplement import apply_corrections
from tests.compiler.reflections import method, write
from tests.support.repository import ROOT, reflections

NASTY = (
    "</script><script>alert(1)</script> `${x}` {{ x }} {% raw %} \u2028\u2029 \\",
    "<!-- --> ]]> ' \" \t\r\n\x00 & &amp; é 🦊 \\u0041 */ //",
    "what Python's splitlines takes for an end: \x0b\x0c\x1c\x1d\x1e\x85\u2028\u2029, and \x7f\ufeff",
)


def _read_outputs(folder: Path) -> dict[str, bytes]:
    """Read the outputs in a folder by name, without those of `python -m compiler wheel`."""
    files = [*folder.glob("*"), *folder.glob("dev/*")]
    return {
        file.relative_to(folder).as_posix(): file.read_bytes() for file in files if file.is_file()
    }


def _copy_outputs(folder: Path) -> None:
    """Copy the committed outputs, which are those of a fresh build, to a folder."""
    for name, data in _read_outputs(OUT).items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(data)


def _read_methods_in_node(bundle: Path) -> dict[str, Any]:
    script = f"process.stdout.write(JSON.stringify(require({json.dumps(str(bundle))}).methods))"
    done = subprocess.run(["node", "-e", script], capture_output=True, check=True)
    methods: dict[str, Any] = json.loads(done.stdout)
    return methods


def _read_refusal_in_node(bundle: Path) -> str:
    """Return the error of a call of `photos.delete` with only a key, and `sent: ` if it is sent."""
    script = f"""
        globalThis.fetch = () => process.stdout.write("sent: ");
        const {{ Flickr }} = require({json.dumps(str(bundle))});
        Flickr.tokenOnly({{ api_key: "k" }}).call("photos.delete", {{ photo_id: 1 }})
          .catch((error) => process.stdout.write(error.message.slice(0, 35)));
    """
    done = subprocess.run(["node", "-e", script], capture_output=True, check=True, text=True)
    return done.stdout


def _flatten_api(api: Api) -> dict[str, Any]:
    return {
        m.name: {
            "description": m.description,
            "explanation": m.explanation,
            "response": m.response,
            "required": [[a.name, a.description] for a in m.required],
            "optional": [[a.name, a.description] for a in m.optional],
            "errors": [[e.code, e.message, e.explanation] for e in m.errors],
            "security": [
                int(m.security.needslogin),
                int(m.security.needssigning),
                m.security.requiredperms,
            ],
            "url": m.url,
        }
        for m in api.methods
    }


def _flatten(methods: dict[str, Any]) -> dict[str, Any]:
    return {
        name: {
            "description": m["description"],
            "explanation": m.get("explanation", ""),
            "response": m.get("response", ""),
            "required": [[a["name"], a["_content"]] for a in m["required"]],
            "optional": [[a["name"], a["_content"]] for a in m["optional"]],
            "errors": [[e["code"], e["message"], e.get("_content", "")] for e in m["errors"]],
            "security": list(m["security"].values()),
            "url": m["url"],
        }
        for name, m in methods.items()
    }


@pytest.mark.parametrize("path", reflections(), ids=lambda path: str(path.name))
def test_every_fact_and_text_reaches_the_dev_bundle(path: Path, tmp_path: Path) -> None:
    assert main(["dev", "--reflection", str(path), "--out", str(tmp_path)]) == 0
    built = _flatten(_read_methods_in_node(tmp_path / "flickrapi.dev.js"))
    assert built == _flatten_api(apply_corrections(parse.read(path)))


def test_production_has_only_name_and_security() -> None:
    methods = _read_methods_in_node(OUT / "flickrapi.js")
    assert len(methods) == 223
    assert methods["flickr.photos.delete"] == {
        "name": "flickr.photos.delete",
        "security": {"needslogin": 1, "needssigning": 1, "requiredperms": 3},
    }


@pytest.mark.parametrize("nasty", NASTY)
def test_hostile_text_arrives_and_breaks_out_of_nothing(nasty: str, tmp_path: Path) -> None:
    hostile = method("flickr.things.get", method__description={"_content": nasty})
    hostile["arguments"]["argument"][1]["_content"] = nasty
    hostile["errors"]["error"][0] |= {"message": nasty, "_content": nasty}
    folder = write(tmp_path / "in", hostile)
    assert main(["all", "--reflection", str(folder), "--out", str(tmp_path / "out")]) == 0
    bundle = tmp_path / "out" / "flickrapi.dev.js"
    assert "</script" not in bundle.read_text("ascii")
    assert _flatten(_read_methods_in_node(bundle)) == _flatten_api(parse.read(folder))
    python = ast.parse((tmp_path / "out" / "pyflickr_web.dev.py").read_bytes())
    literals = [node.value for node in ast.walk(python) if isinstance(node, ast.Constant)]
    assert any(nasty in value for value in literals if isinstance(value, str))


def test_names_and_texts_that_python_cannot_write_leave_its_stubs_readable(tmp_path: Path) -> None:
    names = ("flickr.def.get", "flickr.class.import", "flickr.None.x.y", "flickr.things.import")
    nul = method("flickr.nul.get", method__description={"_content": "a\x00b"})
    nul["arguments"]["argument"].append({"name": "authenticated", "optional": 1})
    folder = write(tmp_path / "in", *map(method, names), nul)
    assert main(["all", "--reflection", str(folder), "--out", str(tmp_path / "out")]) == 0
    stub = (tmp_path / "out" / "pyflickr_web.pyi").read_text("utf-8")
    for text in (stub, *types_python.render_signatures(Build(parse.read(folder), "all")).values()):
        ast.parse(text)
    assert "\0" not in (tmp_path / "out" / "flickrapi.d.ts").read_text("utf-8")
    assert set(_read_methods_in_node(tmp_path / "out" / "flickrapi.js")) == {
        *names,
        "flickr.nul.get",
    }


@given(st.text())
def test_literal_is_json_that_ends_no_script(text: str) -> None:
    literal = pack.to_javascript_literal(text)
    assert json.loads(literal) == text
    assert "<" not in literal
    assert literal.isascii()
    assert ast.literal_eval(pack.to_python_literal(text)) == text


@given(
    st.dictionaries(
        st.sampled_from(("name", "get", "getName", "getURL", "Name", "get_name", "gets")),
        st.tuples(st.booleans(), st.booleans(), st.integers(0, 3)),
        min_size=1,
    )
)
def test_packed_names_can_be_read_back(securities: dict[str, tuple[bool, bool, int]]) -> None:
    from compiler.reflect.model import Method, Security

    methods = tuple(
        Method(f"flickr.space.{name}", Security(*security)) for name, security in securities.items()
    )
    text, shared_prefix = pack.pack_names_for_javascript(Api(methods, ()))
    unpacked = {}
    for name, mark in re.findall(r"(\w+)(\W)", text.removeprefix("space.")):
        bits = ord(mark)
        security = [bits >> 1 & 1, bits & 1, bits >> 2 & 3]
        unpacked[f"flickr.space.{shared_prefix if name[0].isupper() else ''}{name}"] = security
    assert unpacked == {m.name: [*map(int, astuple(m.security))] for m in methods}


def test_tables_of_a_small_reflection_are_golden(tmp_path: Path) -> None:
    write(
        tmp_path,
        method("flickr.things.get"),
        method("flickr.things.parts.add", method__requiredperms="2", method__needslogin=1),
        method("flickr.photos.search", arguments={"argument": []}, errors={}),
    )
    tables = render_javascript.pack_tables(Build(parse.read(tmp_path), "dev"))
    golden = Path(__file__).parent / "golden.json"
    assert tables == json.loads(golden.read_text("utf-8"))


def test_outputs_are_those_of_a_fresh_build() -> None:
    assert main(["check"]) == 0


def test_check_names_a_changed_output(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    _copy_outputs(tmp_path)
    monkeypatch.setattr("compiler.__main__.OUT", tmp_path)
    assert main(["check"]) == 0
    (tmp_path / "flickrapi.js").write_text("0123456789abcdef0123456789abcdef", "utf-8")
    assert main(["check"]) == 1
    assert "flickrapi.js is out of date" in capsys.readouterr().err


@pytest.mark.parametrize(
    "changes",
    [
        {"PYTHONHASHSEED": "1", "TZ": "Asia/Kathmandu", "LC_ALL": "C"},
        pytest.param(
            {"PYTHONHASHSEED": "2", "TZ": "America/Caracas", "LC_ALL": "tr_TR.UTF-8"},
            marks=pytest.mark.soak,
        ),
    ],
)
def test_bytes_depend_only_on_the_input(changes: dict[str, str], tmp_path: Path) -> None:
    out = tmp_path / "some where"
    subprocess.run(
        [sys.executable, "-m", "compiler", "all", "--out", str(out)],
        env=os.environ | changes | {"PYTHONPATH": str(ROOT)},
        cwd=tmp_path,
        check=True,
        capture_output=True,
    )
    assert _read_outputs(out) == _read_outputs(OUT)


def test_manifest_has_sizes_and_integrity() -> None:
    manifest = json.loads((OUT / "manifest.json").read_bytes())
    assert manifest["reflection"]["methods"] == 223
    for name, row in manifest["files"].items():
        data = (OUT / name).read_bytes()
        assert row["bytes"] == len(data)
        digest = b64encode(hashlib.sha384(data).digest()).decode()
        assert row["integrity"] == f"sha384-{digest}"


@pytest.mark.parametrize(
    ("bundle", "most"),
    [("flickrapi.js", 4_010), ("flickrapi.dev.js", 22_000), ("pyflickr_web.py", 5_630)],
)
def test_bundles_stay_small(bundle: str, most: int) -> None:
    rows = json.loads((OUT / "manifest.json").read_bytes())["files"]
    assert rows[bundle]["gzip"] <= most


def test_a_build_keeps_the_rows_of_the_other_edition(tmp_path: Path) -> None:
    assert main(["production", "--out", str(tmp_path)]) == 0
    assert main(["dev", "--out", str(tmp_path)]) == 0
    files = json.loads((tmp_path / "manifest.json").read_bytes())["files"]
    assert {"flickrapi.js", "flickrapi.dev.js"} <= set(files)


def test_scripts_are_ascii_which_every_charset_reads_alike() -> None:
    for kind in ("*.js", "*.mjs"):
        for file in OUT.glob(kind):
            assert file.read_bytes().isascii(), file.name


def test_every_output_says_that_it_is_generated() -> None:
    outputs = _read_outputs(OUT)
    # A licence is read by its exact text.
    assert outputs.pop("LICENSE") == (ROOT / "LICENSE").read_bytes()
    for name, data in outputs.items():
        head = "\n".join(data.decode().splitlines()[:2])
        assert "enerated" in head and "python -m compiler" in head, name


def test_only_methods_that_match_are_built(tmp_path: Path) -> None:
    assert main(["--methods", "flickr.photos.get*", "--out", str(tmp_path)]) == 0
    methods = _read_methods_in_node(tmp_path / "flickrapi.js")
    assert "flickr.photos.getInfo" in methods
    assert all(name.startswith("flickr.photos.get") for name in methods)


def test_omitted_method_still_needs_a_proxy(tmp_path: Path) -> None:
    assert main(["all", "--methods", "flickr.test.*", "--out", str(tmp_path)]) == 0
    for bundle in ("flickrapi.js", "flickrapi.dev.js"):
        assert _read_refusal_in_node(tmp_path / bundle) == "flickr.photos.delete needs signing:"
        assert len(_read_methods_in_node(tmp_path / bundle)) == 3


def test_pattern_without_a_match_writes_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "out"
    assert main(["--methods", "flickr.nothing", "--out", str(out)]) == 1
    assert "no method matches flickr.nothing" in capsys.readouterr().err
    assert not out.exists()


def test_broken_reflection_leaves_the_outputs_alone(tmp_path: Path) -> None:
    out = tmp_path / "out"
    _copy_outputs(out)
    before = _read_outputs(out)
    assert main(["all", "--reflection", str(tmp_path), "--out", str(out)]) == 1
    assert before == _read_outputs(out)


def test_output_that_cannot_be_written_leaves_the_others_alone(tmp_path: Path) -> None:
    (tmp_path / "flickrapi.mjs").mkdir()
    assert main(["production", "--out", str(tmp_path)]) == 1
    assert [file.name for file in tmp_path.iterdir()] == ["flickrapi.mjs"]


def test_full_disk_leaves_nothing_behind(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def raise_disk_full(handle: int, mode: str) -> None:
        os.close(handle)
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("compiler.files.os.fdopen", raise_disk_full)
    assert main(["production", "--out", str(tmp_path)]) == 1
    assert "No space left on device" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"call.js": "const a = ) 2;\n"}, "call.js: unexpected ) in expression on line "),
        # A name that the linker does not recognize.
        (
            {"call.js": "const [a] = [];\n", "wire.js": "const [a] = [];\n"},
            "flickrapi.js: identifier a has already been declared",
        ),
    ],
)
def test_runtime_that_is_not_javascript_is_named_by_its_module(
    changes: dict[str, str],
    message: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    runtime = tmp_path / "runtime"
    runtime.mkdir()
    for source in render_javascript.RUNTIME.glob("*.js"):
        text = source.read_text("utf-8") + changes.get(source.name, "")
        (runtime / source.name).write_text(text, "utf-8")
    monkeypatch.setattr(render_javascript, "RUNTIME", runtime)
    assert main(["production", "--out", str(tmp_path / "out")]) == 1
    [line] = capsys.readouterr().err.splitlines()
    assert message in line
    assert not (tmp_path / "out").exists()


def test_committed_outputs_are_built_from_the_snapshot_only(
    capsys: pytest.CaptureFixture[str],
) -> None:
    with pytest.raises(SystemExit) as left:
        main(["--methods", "flickr.photos.*"])
    assert left.value.code == 2
    assert "--out" in capsys.readouterr().err


def test_readme_shows_the_hash_of_the_bundle() -> None:
    files = json.loads((OUT / "manifest.json").read_bytes())["files"]
    assert f'integrity="{files["flickrapi.js"]["integrity"]}"' in (ROOT / "README.md").read_text()


@pytest.mark.parametrize(
    ("label", "bundle"),
    [
        ("production", "flickrapi.js"),
        ("development", "flickrapi.dev.js"),
        ("production, Python", "pyflickr_web.py"),
        ("development, Python", "pyflickr_web.dev.py"),
    ],
)
def test_readme_shows_the_sizes_of_the_bundles(label: str, bundle: str) -> None:
    sizes = json.loads((OUT / "manifest.json").read_bytes())["files"][bundle]
    number = "([\\d,]+)"
    row = re.compile(rf"^\| {label} \| {number} / {number} / {number} \|", re.M)
    found = row.search((ROOT / "README.md").read_text("utf-8"))
    assert found
    shown = [int(text.replace(",", "")) for text in found.groups()]
    # A small change of a bundle need not change the page.
    assert shown == pytest.approx([sizes[kind] for kind in ("bytes", "gzip", "brotli")], rel=0.02)


def test_files_that_have_not_changed_are_not_compressed_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert main(["dev", "--out", str(tmp_path)]) == 0
    before = (tmp_path / "manifest.json").read_bytes()
    monkeypatch.setattr("brotli.compress", None)
    assert main(["dev", "--out", str(tmp_path)]) == 0
    assert (tmp_path / "manifest.json").read_bytes() == before


@pytest.mark.parametrize("bundle", ["flickrapi.js", "flickrapi.dev.js"])
def test_methods_are_an_object_with_inherited_members(bundle: str) -> None:
    script = f"""
        const {{ methods }} = require({json.dumps(str(OUT / bundle))});
        const has = (name) => methods.hasOwnProperty(name);
        console.log(has("flickr.photos.search"), has("flickr.no"), Object.keys(methods).length);
    """
    done = subprocess.run(["node", "-e", script], capture_output=True, check=True, text=True)
    assert done.stdout.split() == ["true", "false", "223"]


def test_production_python_keeps_the_class_name_in_tracebacks() -> None:
    tree = ast.parse((OUT / "pyflickr_web.py").read_text("utf-8"))
    names = [node.name for node in tree.body if isinstance(node, ast.ClassDef)]
    assert {"Flickr", "FlickrError"} <= set(names)
