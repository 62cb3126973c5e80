"""Run programs of other projects against a sandbox that plays Flickr's hosts."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
import requests

from flickr_sandbox import Sandbox
from tests.sandbox.foreign.programs import PROGRAMS, Program
from tests.support.intercepted_programs import LONGEST, environment, run
from tests.support.oauth_client import code_in
from tests.support.timeouts import TIMEOUT

DRIVERS = Path(__file__).parent / "drivers"
_AUTHORIZE = re.compile(r"https://\S+/services/oauth/authorize\S*oauth_token=[^\s\"']+")


def find_program(name: str) -> Program:
    """Return an installed program; skip the test if this Python or this checkout lacks it."""
    program = PROGRAMS[name]
    if program.obstacle:
        pytest.skip(program.obstacle)
    if not program.is_ready:
        pytest.skip(f"{name} is not installed: make foreign")
    return program


def run_driver(sandbox: Sandbox, folder: Path, name: str, driver: str, **settings: Any) -> Any:
    """Run a script that uses a program, with settings as JSON; return the last line of its output."""
    program = find_program(name)
    if program.is_node:
        # Node looks for packages beside the script.
        script = Path(shutil.copy(DRIVERS / driver, program.folder))
        command: tuple[str | Path, ...] = ("node", script)
    else:
        command = (program.bin / "python", DRIVERS / driver)
    output = run(sandbox, folder, *command, json.dumps(settings))
    return json.loads(output.splitlines()[-1])


def sign_in(sandbox: Sandbox, folder: Path, *command: str | Path) -> str:
    """Run a command that asks for sign-in: open its address, allow, and type the code."""
    process = subprocess.Popen(
        command,
        cwd=folder,
        env=environment(sandbox, folder) | {"PYTHONUNBUFFERED": "1"},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
    )
    assert process.stdin and process.stdout
    output = ""
    with process:
        try:
            while not (found := _AUTHORIZE.search(output)):
                line = process.stdout.readline()
                assert line, output
                output += line
            process.stdin.write(allow(sandbox, found[0]) + "\n")
            process.stdin.flush()
            output += process.communicate(timeout=LONGEST)[0]
        finally:
            process.kill()
    return output


def allow(sandbox: Sandbox, address: str) -> str:
    """Allow an application at its address, as the account's person; return the code.

    Some redirect to `flickr.test.echo`, which shows the code.
    """
    page = requests.post(
        address,
        {"answer": "allow"},
        proxies={"https": sandbox.url},
        verify=sandbox.proxy_environ["SSL_CERT_FILE"],
        timeout=TIMEOUT,
    )
    echoed = re.search("<oauth_verifier>([^<]+)<", page.text)
    return echoed[1] if echoed else code_in(page.text)
