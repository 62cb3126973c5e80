"""The compiler's command line: `python -m compiler [production | dev | all | check | wheel | fetch]`."""

from __future__ import annotations

import argparse
import os
import re
import sys
from fnmatch import translate
from pathlib import Path

from compiler import manifest, sandbox
from compiler.build import EDITIONS, Build
from compiler.check import check
from compiler.errors import CompilerError
from compiler.files import write_files
from compiler.python import render
from compiler.python.render import render_package_tables
from compiler.python.types import render_answers, render_signatures
from compiler.reflect import parse
from compiler.reflect.model import Api
from compiler.reflect.supplement import apply_corrections
from compiler.render import render_outputs
from pyflickr_web.commands.stdio import standard_streams

OUT = Path(__file__).parent.parent / "browser_dist"
COMMANDS = {
    "production": "build the production bundles (the default)",
    "dev": "build the development bundles, with checks and explanations",
    "all": "build both editions",
    "check": "compare the committed outputs with a fresh build",
}


def main(arguments: list[str] | None = None) -> int:
    """Run the command; return 0, 1 after a failure (shown on stderr), or 2 for wrong usage."""
    words = sys.argv[1:] if arguments is None else arguments
    if not words or (words[0].startswith("-") and words[0] not in ("-h", "--help")):
        words = ["production", *words]
    parser = _parser()
    options = parser.parse_args(words)
    try:
        if options.command == "fetch":
            _fetch(options, parser)
        elif options.command == "wheel":
            _wheel(options, parser)
        else:
            _build(options, parser)
    except CompilerError as error:
        print(f"compiler: {error}", file=sys.stderr)
        return 1
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m compiler",
        description="Build browser bundles from Flickr's reflection of its own API.",
    )
    commands = parser.add_subparsers(dest="command", metavar="COMMAND")
    for name, text in COMMANDS.items():
        command = commands.add_parser(name, help=text, description=f"{text.capitalize()}.")
        if name != "check":
            _add_build_options(command)
    _add_wheel_options(
        commands.add_parser("wheel", help="build the package's wheel and a lock for Pyodide")
    )
    fetch = commands.add_parser("fetch", help="fetch Flickr's reflection into a folder")
    fetch.add_argument(
        "--api-key",
        metavar="KEY",
        help="your Flickr API key; it is safer in FLICKR_API_KEY, in the environment or in .env, since "
        "other users of the machine can see a command line",
    )
    fetch.add_argument("--base-url", metavar="URL", default="https://api.flickr.com")
    fetch.add_argument("--out", type=Path, metavar="DIR", default=Path("data/flickr"))
    fetch.add_argument("--progress", action=argparse.BooleanOptionalAction, default=True)
    return parser


def _add_build_options(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "--reflection",
        type=Path,
        metavar="PATH",
        help="a folder in node-flickrapi's layout, or a snapshot file; requires --out",
    )
    command.add_argument(
        "--out", type=Path, metavar="DIR", help="the folder for the outputs (default: browser_dist)"
    )
    command.add_argument(
        "--methods",
        action="append",
        default=[],
        metavar="PATTERN",
        help="only methods that match, e.g. 'flickr.photos.*'; repeatable; requires --out",
    )


def _add_wheel_options(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "--out", type=Path, metavar="DIR", help="the folder (default: browser_dist/pyodide)"
    )
    command.add_argument(
        "--lock",
        type=Path,
        metavar="PATH",
        help="a pyodide-lock.json, whose packages the lock lists too; by default only this package",
    )
    command.add_argument(
        "--packages-url",
        type=_parse_url,
        metavar="URL",
        help="the address of the files of these packages, if they are not next to the lock; "
        "requires --lock",
    )


def _parse_url(text: str) -> str:
    if not re.fullmatch(r"https?://[^\s/?#]+(/[^\s?#]*)?", text):
        raise argparse.ArgumentTypeError(f"invalid address {text!r}: use e.g. https://…/full/")
    return text.rstrip("/") + "/"


def _build(options: argparse.Namespace, parser: argparse.ArgumentParser) -> None:
    if options.command == "check":
        api = parse.read_snapshot()
        check(api, _render_files(api, EDITIONS, OUT))
        print("the outputs match a fresh build, and contain no keys")
        return
    if (options.reflection or options.methods) and not options.out:
        parser.error(
            "--reflection and --methods require --out: browser_dist is built from the snapshot only"
        )
    folder = options.out or OUT
    api = parse.read(options.reflection) if options.reflection else parse.read_snapshot()
    if options.methods:
        api = _select_methods(api, options.methods)
    editions = EDITIONS if options.command == "all" else (options.command,)
    files = _render_files(api, editions, folder)
    write_files(files)
    for name, row in manifest.read_manifest(folder)["files"].items():
        if folder / name in files:
            print(f"{folder / name}: {row['bytes']:,} bytes, {row['gzip']:,} gzip")


def _render_files(api: Api, editions: tuple[str, ...], folder: Path) -> dict[Path, bytes]:
    """Render the files of a build, by path; for the committed outputs also the package's tables."""
    clients = apply_corrections(api)
    texts = {
        name: text.encode()
        for edition in editions
        for name, text in render_outputs(Build(clients, edition)).items()
    }
    previous = {} if editions == EDITIONS else manifest.read_manifest(folder)
    texts[manifest.MANIFEST] = manifest.build_manifest(Build(api), texts, previous)
    files = {folder / name: data for name, data in texts.items()}
    if folder == OUT:
        build = Build(clients, "all")
        tables = {
            render.GENERATED: render_package_tables(build)
            | render_signatures(build)
            | render_answers(build),
            sandbox.GENERATED: sandbox.render_reflection(Build(api, "all")),
        }
        for place, rendered in tables.items():
            files |= {place / name: text.encode() for name, text in rendered.items()}
    return files


def _select_methods(api: Api, patterns: list[str]) -> Api:
    selected = api.select([re.compile(translate(pattern)) for pattern in patterns])
    if not selected.methods:
        raise CompilerError(
            f"no method matches {' or '.join(patterns)}: use e.g. 'flickr.photos.*'"
        )
    return selected


def _wheel(options: argparse.Namespace, parser: argparse.ArgumentParser) -> None:
    from compiler.python import lock, wheel

    if options.packages_url and not options.lock:
        parser.error("--packages-url requires --lock: without it, the lock has no other packages")
    lock_options = lock.LockOptions(options.lock, options.packages_url)
    folder = options.out or wheel.OUT
    lock.require_target(folder / lock.LOCK, lock_options, is_default=not options.out)
    whl, written = wheel.build_for_pages(folder, lock_options)
    print(f"{whl}: {whl.stat().st_size:,} bytes")
    print(f"{written}: {written.stat().st_size:,} bytes, {lock.describe_lock(written)}")


def _fetch(options: argparse.Namespace, parser: argparse.ArgumentParser) -> None:
    # Imported here: a build has no use for aiohttp.
    from compiler.reflect.fetch import API_KEY, FetchOptions, fetch, find_api_key

    key = options.api_key
    if key is None:
        key = find_api_key(os.environ, Path(".env"))
    if not key:
        parser.error(f"no API key: set {API_KEY} in the environment or in .env, or use --api-key")
    report = fetch(FetchOptions(key, options.out, options.base_url, options.progress))
    print(
        f"{options.out}: {report.total} methods, {report.fetched} fetched, {report.cached} cached; "
        f"build with `python -m compiler --reflection {options.out} --out DIR`"
    )


if __name__ == "__main__":
    with standard_streams():
        sys.exit(main())
