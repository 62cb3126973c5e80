"""`pyflickr-web serve`: the proxy and the bundles, for a site's pages."""

from __future__ import annotations

import gc
import json
import logging
import os
import socket
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from pyflickr_web.commands.client import told_in_one_line
from pyflickr_web.commands.stdio import error_output
from pyflickr_web.flickr import Flickr
from pyflickr_web.levels import PERMS
from pyflickr_web.options import in_env_file
from pyflickr_web.proxy.policy import Policy
from pyflickr_web.proxy.redis import clients as redis_clients

if TYPE_CHECKING:
    from pyflickr_web.serve.access import Logged
    from pyflickr_web.serve.site import Site

# How the processes of a server are told its policy.
SETTINGS = "PYFLICKR_WEB_POLICY"
PREFIX = "FLICKR_PROXY_"
IN_ENVIRONMENT = (
    "HOST", "PORT", "WORKERS", "ORIGINS", "ALLOW", "PERMS", "RATE", "KEY_RATE", "REDIS",
)  # fmt: skip
APP = "pyflickr_web.commands.serve:app"
# Seconds that a request in flight may take when the server stops, beyond Flickr's own.
GRACE = 5


class _SetByEnvFile(click.Command):
    """A command whose settings of the environment may stand in `.env` too."""

    @told_in_one_line
    def make_context(self, *given: Any, **more: Any) -> click.Context:
        for name, value in in_env_file(Path(".env")).items():
            if name.startswith(PREFIX):
                os.environ.setdefault(name, value)
        return super().make_context(*given, **more)


@click.command(cls=_SetByEnvFile)
@click.option(
    "--host",
    default="127.0.0.1",
    show_default=True,
    metavar="ADDRESS",
    envvar=PREFIX + "HOST",
    help="Where to listen: 0.0.0.0 for callers from anywhere, :: for those of IPv6 too.",
)
@click.option(
    "--port",
    type=click.IntRange(0, 65535),
    default=8000,
    show_default=True,
    envvar=PREFIX + "PORT",
    help="0 for any that is free.",
)
@click.option(
    "--workers",
    type=click.IntRange(1),
    default=1,
    show_default=True,
    metavar="N",
    envvar=PREFIX + "WORKERS",
    help="How many processes answer. Each has a cache and rates of its own, but with --redis.",
)
@click.option(
    "--origin",
    "origins",
    multiple=True,
    metavar="ORIGIN",
    envvar=PREFIX + "ORIGINS",
    help="A site whose pages may call, https://example.org; can be given again.",
)
@click.option(
    "--allow",
    multiple=True,
    metavar="PATTERN",
    envvar=PREFIX + "ALLOW",
    help="Let these methods through alone, flickr.photos.*; can be given again.",
)
@click.option(
    "--perms",
    type=click.Choice(PERMS),
    envvar=PREFIX + "PERMS",
    help="The highest level of what passes signed. Nothing does without an authenticator, which only "
    "an application of your own can have.",
)
@click.option(
    "--rate",
    default="",
    envvar=PREFIX + "RATE",
    help="How often a client may call, 60/minute; several are parted by ;.",
)
@click.option(
    "--key-rate",
    default="",
    envvar=PREFIX + "KEY_RATE",
    help="How often Flickr may be called for all of them: it allows a key 3600/hour.",
)
@click.option(
    "--redis",
    metavar="URL",
    default="",
    envvar=PREFIX + "REDIS",
    help="Keep cache and rates in this Redis, redis://localhost:6379/0, which several processes and "
    "machines may share; in the memory of each process otherwise. An address with a password is better "
    "put into FLICKR_PROXY_REDIS: others see what stands here.",
)
@told_in_one_line
def serve(
    host: str,
    port: int,
    workers: int,
    origins: tuple[str, ...],
    allow: tuple[str, ...],
    perms: str | None,
    rate: str,
    key_rate: str,
    redis: str,
) -> None:
    """Serve the Flickr API to a site's pages at /services/rest/, and the bundles under /.

    The key is that of FLICKR_API_KEY; each option can be set as FLICKR_PROXY_… too, lists with spaces
    between: in the environment, or in .env. Ctrl-C or SIGTERM ends it, when what is in flight is
    answered.
    """
    try:
        import uvicorn

        from pyflickr_web.serve import site  # noqa: F401
        from pyflickr_web.serve.settings import knows_uvicorn, protocol_settings
    except ModuleNotFoundError as error:
        raise click.ClickException(
            f"serve needs {error.name}: pip install 'pyflickr-web[proxy]'"
        ) from None
    policy: dict[str, Any] = {"origins": origins, "allow": allow, "redis": redis}
    policy |= {"rate": rate, "key_rate": key_rate}
    if perms:
        policy["perms"] = perms
    os.environ[SETTINGS] = json.dumps(policy)
    # What is wrong is told here, and not by each process.
    for name in os.environ:
        if name.startswith(PREFIX) and name.removeprefix(PREFIX) not in IN_ENVIRONMENT:
            known = ", ".join(PREFIX + each for each in IN_ENVIRONMENT)
            raise click.ClickException(f"there is no setting {name}; those of serve are {known}")
    try:
        _site()
    except ModuleNotFoundError as error:
        raise click.ClickException(str(error)) from None
    if redis and (trouble := redis_clients.trouble(redis)):
        click.echo(f"Redis {trouble}: cache and rates are in memory until it is there.", err=True)
    listener = _listen(host, port)
    address = _address(listener)
    if workers > 1:
        # The processes listen for themselves.
        host, port = listener.getsockname()[:2]
        listener.close()
    is_known = knows_uvicorn()
    if not is_known:
        click.echo(
            f"uvicorn {uvicorn.__version__} is newer than this pyflickr-web: every connection is closed "
            "after one answer, which takes time. Install an older uvicorn or a newer pyflickr-web.",
            err=True,
        )
    click.echo(f"The proxy is at {address}/services/rest/; Ctrl-C ends it.")
    settings: dict[str, Any] = {
        "factory": True,
        "ws": "none",
        "access_log": False,
        "server_header": False,
        "log_level": "warning",
        "timeout_graceful_shutdown": int(Policy().timeout) + GRACE,
        **protocol_settings(is_known),
    }
    try:
        if workers == 1:
            uvicorn.Server(uvicorn.Config(APP, **settings)).run(sockets=[listener])
        else:
            uvicorn.run(APP, host=host, port=port, workers=workers, **settings)
    except KeyboardInterrupt:
        click.echo()


def app() -> Logged:
    """The application of a process, by the settings in the environment."""
    from pyflickr_web.serve.access import Logged

    log = error_output()
    handler = logging.StreamHandler(log)
    handler.setFormatter(logging.Formatter("%(asctime)s %(message)s", "%Y-%m-%d %H:%M:%S"))
    # What is told of Redis, beside who calls.
    logging.getLogger("pyflickr_web").addHandler(handler)
    application = Logged(_site(), log)
    # What there is by now stays: the collector need not look through it while visitors wait.
    gc.collect()
    gc.freeze()
    return application


def _site() -> Site:
    from pyflickr_web.serve.site import Site

    return Site(Flickr.token_only(), **json.loads(os.environ.get(SETTINGS, "{}")))


def _listen(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        # As uvicorn's own processes do, :: takes callers of IPv4 too.
        both = family == socket.AF_INET6 and host == "::" and socket.has_dualstack_ipv6()
        listener = socket.create_server(
            (host, port), family=family, backlog=2048, dualstack_ipv6=both
        )
    except OSError as error:
        # Python adds what it tried.
        why = str(error.strerror).partition(" (while")[0]
        raise click.ClickException(
            f"port {port} of {host!r} cannot be used ({why}): choose another"
        ) from None
    return listener


def _address(listener: socket.socket) -> str:
    host, port = listener.getsockname()[:2]
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"
