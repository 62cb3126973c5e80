"""Programs that know only the environment variables of the proxy: Node, Python's urllib, curl, ours."""

from __future__ import annotations

import json
import os
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from flickr_sandbox import Sandbox
from tests.support.repository import ROOT
from tests.support.timeouts import TIMEOUT

SCRIPT = Path(__file__).parent / "fetch.mjs"
ECHO = "/services/rest/?method=flickr.test.echo&format=json&nojsoncallback=1&api_key="
REFUSED = "the sandbox refused example.com"


def environment(proxy: Sandbox) -> dict[str, str]:
    """Return the environment of a program, without variables of other proxies."""
    others = {name: value for name, value in os.environ.items() if "PROXY" not in name.upper()}
    return others | proxy.proxy_environ


def test_node_reaches_flickrs_hosts_and_no_others(proxy: Sandbox) -> None:
    hosts = ["https://api.flickr.com", "http://api.flickr.com", proxy.url]
    played = [host + ECHO + proxy.account.api_key for host in hosts]
    refused = ["https://example.com/", "http://example.com/"]
    done = subprocess.run(
        ["node", SCRIPT],
        env=environment(proxy),
        input=json.dumps({"addresses": played + refused}),
        capture_output=True,
        encoding="utf-8",
        timeout=TIMEOUT,
    )
    assert done.stderr == ""
    results = json.loads(done.stdout)
    for address in played:
        ways = results[address]
        assert len(ways) == 5 + address.startswith("http:")
        assert {name: way[-12:] for name, way in ways.items()} == dict.fromkeys(
            ways, '"stat":"ok"}'
        )
    for address in refused:
        assert all(REFUSED in answer for answer in results[address].values()), results[address]


def test_idle_connection_does_not_keep_node_running(proxy: Sandbox) -> None:
    # With an agent that keeps connections, Node would wait until the sandbox closes them.
    code = """
      const agent = new (require("https").Agent)({ keepAlive: true });
      require("https").get("https://www.flickr.com/", { agent }, (answer) => answer.resume());
    """
    done = subprocess.run(
        ["node", "-e", code],
        env=environment(proxy),
        capture_output=True,
        text=True,
        timeout=TIMEOUT,
    )
    assert (done.returncode, done.stderr) == (0, "")


def test_urllib_needs_only_the_environment(proxy: Sandbox) -> None:
    address = f"https://api.flickr.com{ECHO}{proxy.account.api_key}"
    code = f"import urllib.request as r; print(r.urlopen({address!r}).read().decode())"
    done = subprocess.run(
        [sys.executable, "-c", code],
        env=environment(proxy),
        capture_output=True,
        text=True,
        timeout=TIMEOUT,
    )
    assert done.stdout.endswith('"stat":"ok"}\n'), done.stderr


@pytest.mark.parametrize("scheme", ["http", "https"])
def test_aiohttp_also_needs_trust_env(proxy: Sandbox, scheme: str) -> None:
    address = f"{scheme}://api.flickr.com{ECHO}{proxy.account.api_key}"
    code = f"""
import aiohttp, asyncio
async def ask():
    async with aiohttp.ClientSession(trust_env=True) as session:
        async with session.get({address!r}) as answer:
            print(await answer.text())
asyncio.run(ask())
"""
    done = subprocess.run(
        [sys.executable, "-c", code],
        env=environment(proxy),
        capture_output=True,
        text=True,
        timeout=TIMEOUT,
    )
    assert done.stdout.endswith('"stat":"ok"}\n'), done.stderr


@pytest.mark.parametrize("scheme", ["http", "https"])
def test_curl_needs_only_the_environment(proxy: Sandbox, scheme: str) -> None:
    if not shutil.which("curl"):
        pytest.skip("curl is not installed")
    done = subprocess.run(
        ["curl", "--silent", "--show-error", f"{scheme}://api.flickr.com/services/rest/"],
        env=environment(proxy),
        capture_output=True,
        text=True,
        timeout=TIMEOUT,
    )
    assert 'err code="100"' in done.stdout, done.stderr


def test_our_own_command_needs_only_the_environment(proxy: Sandbox, tmp_path: Path) -> None:
    settings = {name: value for name, value in proxy.environ.items() if name != "FLICKR_BASE_URL"}
    command = [sys.executable, "-m", "pyflickr_web", "call", "flickr.test.login"]
    done = subprocess.run(
        command,
        cwd=tmp_path,
        env=environment(proxy) | settings | {"PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=TIMEOUT,
    )
    assert proxy.account.user_id in done.stdout, done.stderr


def test_preload_file_may_have_spaces_and_quotes_in_its_path(
    proxy: Sandbox, tmp_path: Path
) -> None:
    from flickr_sandbox.intercept import environment as module

    file = tmp_path / 'a "b" c' / "node_proxy.cjs"
    file.parent.mkdir()
    file.write_text("console.log('loaded')")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "NODE_PROXY", file)
        variables = module.proxy_environ(proxy.url, file)
    done = subprocess.run(
        ["node", "-e", ""],
        env={**os.environ, "NODE_OPTIONS": variables["NODE_OPTIONS"]},
        capture_output=True,
        text=True,
        timeout=TIMEOUT,
    )
    assert done.stdout == "loaded\n", done.stderr
    assert shlex.split(shlex.quote(variables["NODE_OPTIONS"])) == [variables["NODE_OPTIONS"]]
