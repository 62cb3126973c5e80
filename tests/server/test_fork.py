"""Test that after a fork each process has its own connections and locks: clients, proxies, Redis."""

from __future__ import annotations

import json
import os
import ssl
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import trustme

from tests.server.fork_callers import CALLERS
from tests.support.account import KEY
from tests.support.redis_server import private_redis
from tests.support.repository import ROOT
from tests.support.scripted_server import Pairs, run_script, serve
from tests.support.timeouts import TIMEOUT

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="this system does not fork")
# From Python 3.12 on, a fork beside other threads is warned of.
WARNINGS = ["-W", "error::ResourceWarning", "-W", "ignore:This process:DeprecationWarning"]


def command(kind: str, mode: str, options: dict[str, Any], policy: dict[str, Any]) -> list[str]:
    """The command for a process that forks."""
    words = [kind, mode, json.dumps({"api_key": KEY, **options}), json.dumps(policy)]
    return [sys.executable, *WARNINGS, "-m", "tests.server.fork_callers", *words]


def fork(kind: str, mode: str, options: dict[str, Any], **policy: Any) -> None:
    """Run a process that forks; it has to succeed, and to complain about nothing."""
    done = subprocess.run(
        command(kind, mode, options, policy),
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=TIMEOUT,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize("kind", CALLERS)
def test_child_opens_a_connection_and_leaves_that_of_its_parent_open(
    kind: str, tmp_path: Path
) -> None:
    # With TLS, which a process can end by closing its copy of a connection.
    authority, context = trustme.CA(), ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("127.0.0.1").configure_cert(context)
    authority.cert_pem.write_to_path(str(tmp_path / "authority.pem"))
    trust = {"verify": str(tmp_path / "authority.pem")}
    with serve(tls=context) as server:
        fork(kind, "plain", {"base_url": server.url, "request_options": trust})
    before, child, after = (asked.port for asked in server.asked)
    assert child != before == after


@pytest.mark.parametrize("kind", CALLERS)
def test_child_waits_for_no_lock_that_a_thread_of_its_parent_held(kind: str) -> None:
    # With a pace, and with a rate: both are counted under locks.
    policy = {"rate": "100/minute"} if kind.endswith("sgi") else {}
    with serve() as server:
        fork(kind, "locked", {"base_url": server.url, "max_per_hour": 36_000_000}, **policy)
    before, child = (asked.port for asked in server.asked)
    assert child != before


@pytest.mark.parametrize("kind", ["wsgi", "asgi"])
def test_child_waits_for_no_answer_that_its_parent_waits_for(kind: str) -> None:
    with run_script(Pairs()) as server:
        process = subprocess.Popen(
            command(kind, "running", {"base_url": server.url}, {}),
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        try:
            assert server.reached.wait(TIMEOUT)
            _, errors = process.communicate("fork\n", TIMEOUT)
        finally:
            process.kill()
    assert (process.returncode, errors) == (0, "")
    parent, child = (asked.port for asked in server.asked)
    assert parent != child


def test_client_needs_no_hooks_of_forks() -> None:
    # As on Windows, and on PyPy.
    script = f"""
import os, sys
del os.fork, os.register_at_fork
sys.modules["ctypes"] = None
from pyflickr_web import Flickr
with Flickr(api_key="{KEY}", base_url=sys.argv[1]) as flickr:
    flickr.photos.getInfo(photo_id=1)
"""
    with serve() as server:
        subprocess.run([sys.executable, "-c", script, server.url], cwd=ROOT, check=True)
    assert len(server.asked) == 1


@pytest.mark.parametrize("mode", ["plain", "locked"])
@pytest.mark.parametrize("kind", ["wsgi", "asgi"])
def test_child_opens_a_connection_to_redis(kind: str, mode: str) -> None:
    with private_redis(tcp=True) as redis, redis.client as client, serve() as server:
        client.config_set("slowlog-log-slower-than", 0)
        client.config_set("slowlog-max-len", 10_000)
        fork(kind, mode, {"base_url": server.url}, redis=redis.url, rate="100/minute")
        commands = reversed(client.slowlog_get(10_000))
    # Each answer is kept with one SET.
    kept = [one["client_address"] for one in commands if one["command"].startswith(b"SET ")]
    before, child, *after = kept
    assert child != before
    assert after == ([before] if mode == "plain" else [])
