"""Install the programs of other projects: `python -m tests.sandbox.foreign [--quick] [NAME…]`.

With `--folders` it only prints their folders by name, as JSON, for the benchmarks.

Each gets a folder of its own, because their requirements contradict ours and each other's.
"""

from __future__ import annotations

import argparse
import json
import shutil
import subprocess
import sys
import venv

from pyflickr_web.commands.stdio import standard_streams
from tests.sandbox.foreign.programs import LOCKS, PROGRAMS, Program


def main(arguments: list[str] | None = None) -> int:
    """Install the named programs, by default all; print which are not installed, and why."""
    parser = argparse.ArgumentParser(prog="python -m tests.sandbox.foreign", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="only those that `make test` runs")
    parser.add_argument("--folders", action="store_true", help="only print their folders")
    parser.add_argument("names", nargs="*", choices=[*PROGRAMS, []], metavar="NAME")
    options = parser.parse_args(arguments)
    if options.folders:
        names = options.names or PROGRAMS
        print(json.dumps({name: str(PROGRAMS[name].folder) for name in names}))
        return 0
    for program in PROGRAMS.values():
        is_wanted = program.name in options.names or not options.names
        if not is_wanted or (options.quick and not program.quick):
            continue
        if program.obstacle:
            print(program.obstacle)
        elif not program.is_ready:
            print(f"installing {program.name}", flush=True)
            install(program)
    return 0


def install(program: Program) -> None:
    """Install a program into its folder, as its lock says."""
    shutil.rmtree(program.folder, ignore_errors=True)
    if program.is_node:
        shutil.copytree(LOCKS / program.name, program.folder)
        subprocess.run(
            ["npm", "ci", "--no-audit", "--no-fund", "--silent", "--ignore-scripts"],
            cwd=program.folder,
            check=True,
        )
    else:
        venv.create(program.folder, symlinks=True, with_pip=False)
        pip = [sys.executable, "-m", "pip", "--python", str(program.bin / "python"), "install"]
        lock = str(LOCKS / f"{program.name}.txt")
        subprocess.run([*pip, "--quiet", "--no-deps", "--requirement", lock], check=True)
    # The last step: a folder without it is installed again.
    (program.folder / "lock").write_text(program.lock, "utf-8")


if __name__ == "__main__":
    with standard_streams():
        sys.exit(main())
