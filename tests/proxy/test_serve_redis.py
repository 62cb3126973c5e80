"""`pyflickr-web serve --redis`: processes that share cache and rates, and outages of Redis."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from itertools import count
from typing import Any

import pytest
import requests
from click.testing import CliRunner

from flickr_sandbox import Sandbox
from pyflickr_web.cli import main
from pyflickr_web.commands.serve import SETTINGS
from tests.proxy.serve_command import ServeProcess, run_program, run_serve
from tests.proxy.upstream import KEY
from tests.support.redis_server import PrivateRedis, private_redis
from tests.support.timeouts import TIMEOUT

PUBLIC = "flickr.photos.getRecent"
PASSWORD = "hunter2-hunter2"
# The command with another timeout of Redis, for busy machines: `-c`, and the program.
COMMAND = """
from pyflickr_web.proxy.stores import redis_client
redis_client.REDIS_TIMEOUT = {}
from pyflickr_web.cli import main
main()
"""
PATIENT = "-c", COMMAND.format(TIMEOUT)
LESS_PATIENT = "-c", COMMAND.format(2)


@pytest.fixture
def mortal() -> Iterator[PrivateRedis]:
    """A Redis for one test, on a port, with a password."""
    with private_redis(PASSWORD, tcp=True) as server:
        yield server


def call(server: ServeProcess, **arguments: Any) -> int:
    body = {"method": PUBLIC, **arguments}
    return requests.post(server.url + "/services/rest/", json=body, timeout=TIMEOUT).status_code


def health(server: ServeProcess) -> Any:
    answer = requests.get(server.url + "/healthz", timeout=TIMEOUT)
    assert answer.status_code == 200
    return answer.json()


def until_ok(server: ServeProcess) -> None:
    """Poll the health check until it reports that Redis is back; it is retried once a second."""
    assert any(health(server)["redis"] == "ok" for _ in range(100_000))


def test_two_processes_share_until_redis_dies_and_again_when_it_is_back(
    flickr: Sandbox, mortal: PrivateRedis
) -> None:
    key = {"FLICKR_API_KEY": flickr.account.api_key}
    with (
        run_program(PATIENT, flickr.url, "--redis", mortal.url, **key) as first,
        run_program(PATIENT, flickr.url, FLICKR_PROXY_REDIS=mortal.url, **key) as second,
    ):
        both = (first, second)
        assert [health(server) for server in both] == [{"stat": "ok", "redis": "ok"}] * 2
        assert [call(server, per_page=n) for n in (1, 2) for server in both] == [200] * 4
        assert flickr.calls[PUBLIC] == 2
        mortal.kill()
        numbers = count(3)
        assert [call(server, per_page=next(numbers)) for server in both * 5] == [200] * 10
        assert [health(server) for server in both] == [{"stat": "ok", "redis": "down"}] * 2
        mortal.start()
        for server in both:
            until_ok(server)
        before = flickr.calls[PUBLIC]
        assert [call(server, per_page=100) for server in both] == [200] * 2
        assert flickr.calls[PUBLIC] == before + 1
        for server in both:
            server.stop()
            assert server.written.count("Redis is unreachable") == 1
            assert server.written.count("Redis is back") == 1
            assert PASSWORD not in server.written
            assert "Traceback" not in server.written


def test_two_processes_share_rates(flickr: Sandbox, mortal: PrivateRedis) -> None:
    key = {"FLICKR_API_KEY": flickr.account.api_key, "FLICKR_PROXY_REDIS": mortal.url}
    words = "--rate", "10/day", "--key-rate", "4/day"
    with (
        run_program(PATIENT, flickr.url, *words, **key) as first,
        run_program(PATIENT, flickr.url, *words, **key) as second,
    ):
        both = first, second
        numbers = count(1)
        different = [call(server, per_page=next(numbers)) for server in both * 3]
        assert different == [200] * 4 + [429] * 2
        assert flickr.calls[PUBLIC] == 4
        # Cached answers do not count for the API key; the client has four calls left.
        assert [call(server, per_page=1) for server in both * 3] == [200] * 4 + [429] * 2


def test_hanging_redis_does_not_hang_requests(flickr: Sandbox, mortal: PrivateRedis) -> None:
    key = {"FLICKR_API_KEY": flickr.account.api_key}
    key["FLICKR_PROXY_REDIS"] = mortal.url
    with run_program(LESS_PATIENT, flickr.url, **key) as server:
        assert call(server) == 200
        mortal.halt()
        assert health(server) == {"stat": "ok", "redis": "down"}
        assert [call(server, per_page=n) for n in range(1, 10)] == [200] * 9
        mortal.go_on()
        until_ok(server)
        assert call(server) == 200
        server.stop()
        assert server.written.count("Redis does not answer in time") == 1


def test_unreachable_redis_is_reported_at_start(flickr: Sandbox, mortal: PrivateRedis) -> None:
    mortal.kill()
    key = {"FLICKR_API_KEY": flickr.account.api_key}
    with run_serve(flickr.url, FLICKR_PROXY_REDIS=mortal.url, **key) as server:
        assert call(server) == 200
        assert health(server) == {"stat": "ok", "redis": "down"}
        mortal.start()
        until_ok(server)
        server.stop()
        line = "Redis is unreachable: cache and rates are kept in memory until it is available."
        assert line in server.written.splitlines()
        assert PASSWORD not in server.written


def test_invalid_address_is_an_error_that_does_not_repeat_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("FLICKR_API_KEY", KEY)
    # So that the variable that the command sets is removed after the test.
    monkeypatch.setenv(SETTINGS, "")
    done = CliRunner().invoke(main, ["serve", "--redis", f"http://:{PASSWORD}@localhost"])
    assert done.exit_code == 2
    assert "Invalid value for '--redis': redis must be the URL of a Redis" in done.stderr
    assert PASSWORD not in done.output


def test_missing_library_is_reported_in_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FLICKR_API_KEY", KEY)
    monkeypatch.setenv(SETTINGS, "")
    monkeypatch.setitem(sys.modules, "redis", None)
    done = CliRunner().invoke(main, ["serve", "--redis", "redis://localhost"])
    assert done.exit_code == 1
    assert done.stderr == "Error: redis needs redis: pip install 'pyflickr-web[redis]'\n"
