"""The lint of browsers finds what promised browsers lack; README's way to lower a bundle works."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from pathlib import Path

from tests.support.bundle_reports import EXPECTED
from tests.support.npm import find_tool
from tests.support.repository import ROOT

README = (ROOT / "README.md").read_text("utf-8")
FEATURES = (ROOT / "lint" / "features.mjs").as_uri()
PAGE = (ROOT / "tests" / "bundlers" / "page.mjs").as_uri()


def run_node(program: str) -> str:
    command = ["node", "--input-type=module", "-e", program]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


# Scripts, with a feature in each and the first Chrome that has it.
SCRIPTS = [
    ("x?.y", "operators.optional_chaining", 80),
    ("class A { static b = 1 }", "classes.static.class_fields", 72),
    ("try {} catch {}", "statements.try_catch.optional_catch_binding", 66),
    ("x.match(/a/s)", "builtins.RegExp.dotAll", 62),
    ("new RegExp('a', 's')", "builtins.RegExp.dotAll", 62),
    ("x.match(/(?<=a)b/)", "regular_expressions.lookbehind_assertion", 62),
    ("[].at(0)", "Array.at", 92),
    ("x.throwIfAborted()", "AbortSignal.throwIfAborted", 100),
    ("AbortSignal.any([])", "AbortSignal.any", 116),
    ("structuredClone(x)", "structuredClone", 98),
    ("Object.hasOwn(x, 'y')", "Object.hasOwn", 93),
    ("x.findLast(y)", "Array.findLast", 97),
]
# Names that the script defines itself; `at` is a member of an unknown object.
OWN_NAMES = "const at = (any) => any.at; const hasOwn = { findLast: 1 }; hasOwn.findLast"


def test_features_are_found_with_their_first_browser() -> None:
    program = f"""
        import {{ findFeatures, readVersion }} from {json.dumps(FEATURES)};
        const found = {json.dumps(SCRIPTS)}.map(([script, feature]) => {{
          const support = findFeatures(script, "script").get(feature);
          return [script, feature, support && readVersion(support, "chrome")];
        }});
        const names = [...findFeatures({json.dumps(OWN_NAMES)}, "script").keys()];
        console.log(JSON.stringify({{ found, names }}));
    """
    result = json.loads(run_node(program))
    assert list(map(tuple, result["found"])) == SCRIPTS
    assert result["names"] == ["Array.at"]


def copy_lint(folder: Path) -> None:
    """Copy what the lint reads to a folder."""
    shutil.copytree(ROOT / "lint", folder / "lint")
    shutil.copytree(ROOT / "browser_dist", folder / "browser_dist")
    for name in ("README.md", "package.json"):
        shutil.copy(ROOT / name, folder)
    (folder / "node_modules").symlink_to(ROOT / "node_modules")


def run_lint(folder: Path, *options: str) -> tuple[int, str]:
    command = ["node", "lint/browsers.mjs", *options]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    return done.returncode, done.stderr


def test_bundle_that_needs_more_than_is_promised_is_reported(tmp_path: Path) -> None:
    copy_lint(tmp_path)
    script = tmp_path / "browser_dist" / "flickrapi.js"
    script.write_text(script.read_text("utf-8") + ";[].findLast(Boolean);\n", "utf-8")
    # The option writes the table of README; the promise is for people to change.
    status, text = run_lint(tmp_path, "--write")
    assert status == 1
    assert "Array.findLast needs chrome 97: package.json promises chrome 92\n" in text
    assert "| every call | 97 | 104 | 15.4 |" in (tmp_path / "README.md").read_text("utf-8")


def test_lowered_bundle_runs_without_what_old_browsers_lack(tmp_path: Path) -> None:
    command = re.search(r"^npx (esbuild .*)$", README, re.M)
    polyfill = re.search(r"^```js\n(if \(!Array.*?)^```", README, re.M | re.S)
    assert command and polyfill
    shutil.copy(ROOT / "browser_dist" / "flickrapi.js", tmp_path)
    tool, *options = command[1].split()
    subprocess.run([find_tool(tool), *options, "--log-level=error"], cwd=tmp_path, check=True)
    lowered = next(tmp_path.glob("*es2018.js"))
    program = f"""
        import {{ readFileSync }} from "node:fs";
        import {{ parse }} from {json.dumps((ROOT / "node_modules/acorn/dist/acorn.mjs").as_uri())};
        import {{ PAGE, runScripts }} from {json.dumps(PAGE)};
        const script = readFileSync({json.dumps(str(lowered))}, "utf8");
        parse(script, {{ ecmaVersion: 2018 }});
        const scripts = ["delete Array.prototype.at", {json.dumps(polyfill[1])}, script, PAGE];
        console.log(JSON.stringify(await runScripts(...scripts)));
    """
    assert json.loads(run_node(program)) == EXPECTED
