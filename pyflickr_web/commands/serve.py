"""`pyflickr-web serve`: the proxy and the bundles, for a site's pages."""

from __future__ import annotations

import ipaddress
import json
import logging
import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from click.core import ParameterSource

from pyflickr_web.commands.context import report_errors
from pyflickr_web.commands.stdio import error_output
from pyflickr_web.core.levels import PERMS
from pyflickr_web.flickr import Flickr
from pyflickr_web.options import read_env_file
from pyflickr_web.proxy.calls.policy import Policy
from pyflickr_web.proxy.stores import redis_client
from pyflickr_web.transports.errors import OptionError

if TYPE_CHECKING:
    from pyflickr_web.serve.forwarded import ForwardedHeaders

# The environment variable that passes the settings to worker processes.
SETTINGS = "PYFLICKR_WEB_POLICY"
PREFIX = "FLICKR_PROXY_"
APP = "pyflickr_web.commands.serve:app"
_POLICY = Policy()


class _EnvFileCommand(click.Command):
    """A command that reads its environment variables from `.env` too."""

    @report_errors
    def make_context(self, *given: Any, **more: Any) -> click.Context:
        for name, value in read_env_file(Path(".env")).items():
            if name.startswith(PREFIX):
                os.environ.setdefault(name, value)
        try:
            return super().make_context(*given, **more)
        except click.BadParameter as error:
            assert error.ctx and error.param
            raise _setting_error(error.ctx, error.param, error.message) from None


class _InvalidVariable(click.ClickException):
    """An invalid environment variable: a usage error in one line."""

    exit_code = 2


def _setting_error(
    context: click.Context, param: click.Parameter, message: str
) -> click.ClickException:
    """Return the error for an invalid setting; it names the option or the variable that set it."""
    source = context.get_parameter_source(param.name or "")
    if source is ParameterSource.ENVIRONMENT:
        return _InvalidVariable(f"{param.envvar}: {message}")
    return click.BadParameter(message, context, param)


def _read_addresses(context: click.Context, param: click.Parameter, text: str) -> list[str]:
    """Read addresses and networks, separated by commas or spaces; or `*`."""
    addresses = text.replace(",", " ").split()
    try:
        for address in addresses if addresses != ["*"] else []:
            ipaddress.ip_network(address)
    except ValueError as error:
        raise click.BadParameter(
            f"{error}: use addresses or networks, e.g. 10.0.0.5 or 10.0.0.0/8, or * for any"
        ) from None
    return addresses


@click.command(cls=_EnvFileCommand)
@click.option(
    "--host",
    default="127.0.0.1",
    show_default=True,
    metavar="ADDRESS",
    envvar=PREFIX + "HOST",
    help="Address to listen on: 0.0.0.0 for clients on other machines, :: for IPv6 too.",
)
@click.option(
    "--port",
    type=click.IntRange(0, 65535),
    default=8000,
    show_default=True,
    envvar=PREFIX + "PORT",
    help="Port to listen on; 0 chooses a free one.",
)
@click.option(
    "--workers",
    type=click.IntRange(1),
    default=1,
    show_default=True,
    metavar="N",
    envvar=PREFIX + "WORKERS",
    help="Number of worker processes. Without --redis, each has its own cache and rates.",
)
@click.option(
    "--origin",
    "origins",
    multiple=True,
    metavar="ORIGIN",
    envvar=PREFIX + "ORIGINS",
    help="Allow pages of this site to call, e.g. https://example.org; repeatable.",
)
@click.option(
    "--jsonp",
    is_flag=True,
    envvar=PREFIX + "JSONP",
    help="Allow calls by script tags, with jsoncallback (JSONP); needs --origin '*'.",
)
@click.option(
    "--host-name",
    "hosts",
    multiple=True,
    metavar="NAME",
    envvar=PREFIX + "HOSTS",
    help="Answer to this host name, e.g. example.org, or * for any; repeatable. By default only to "
    "loopback names on a loopback address, and to any name on other addresses.",
)
@click.option(
    "--allow",
    multiple=True,
    metavar="PATTERN",
    envvar=PREFIX + "ALLOW",
    help="Allow only these methods, e.g. flickr.photos.*; repeatable.",
)
@click.option(
    "--deny",
    multiple=True,
    metavar="PATTERN",
    envvar=PREFIX + "DENY",
    help="Refuse these methods even if allowed; repeatable.",
)
@click.option(
    "--perms",
    type=click.Choice(PERMS),
    envvar=PREFIX + "PERMS",
    help="Highest level of signed calls. This server never signs, because it has no authenticator: "
    "mount the proxy in your own application for that.",
)
@click.option(
    "--rate",
    default="",
    envvar=PREFIX + "RATE",
    help="Limit the calls of each client, e.g. 60/minute; separate several limits by ;.",
)
@click.option(
    "--key-rate",
    default="",
    envvar=PREFIX + "KEY_RATE",
    help="Limit the calls of Flickr for all clients together; Flickr allows 3600/hour per key.",
)
@click.option(
    "--in-flight",
    type=int,
    default=_POLICY.in_flight,
    show_default=True,
    metavar="N",
    envvar=PREFIX + "IN_FLIGHT",
    help="Maximum number of requests in flight in each process.",
)
@click.option(
    "--in-flight-each",
    type=int,
    default=_POLICY.in_flight_each,
    show_default=True,
    metavar="N",
    envvar=PREFIX + "IN_FLIGHT_EACH",
    help="Maximum number of requests in flight of one client.",
)
@click.option(
    "--timeout",
    type=float,
    default=_POLICY.timeout,
    show_default=True,
    metavar="SECONDS",
    envvar=PREFIX + "TIMEOUT",
    help="Timeout of a call of Flickr, including retries.",
)
@click.option(
    "--cache",
    type=float,
    default=_POLICY.cache,
    show_default=True,
    metavar="SECONDS",
    envvar=PREFIX + "CACHE",
    help="Time to cache answers; 0 disables the cache.",
)
@click.option(
    "--forwarded-allow-ips",
    "trusted",
    default="",
    callback=_read_addresses,
    metavar="ADDRESSES",
    envvar=PREFIX + "FORWARDED_ALLOW_IPS",
    help="Trust X-Forwarded-For from these servers in front: addresses and networks, separated by "
    "commas, or * for any. By default no such header is trusted.",
)
@click.option(
    "--redis",
    metavar="URL",
    default="",
    envvar=PREFIX + "REDIS",
    help="Keep cache and rates in this Redis, e.g. redis://localhost:6379/0, shared by processes and "
    "machines; by default in the memory of each process. Put a URL with a password into "
    "FLICKR_PROXY_REDIS, because other users can see command lines.",
)
@report_errors
@click.pass_context
def serve(
    context: click.Context, /, host: str, port: int, workers: int, trusted: list[str], **policy: Any
) -> None:
    """Serve the Flickr API to a site's pages at /services/rest/, and the bundles under /.

    Set the API key in FLICKR_API_KEY. Each option can also be set as FLICKR_PROXY_…, with lists
    separated by spaces, in the environment or in .env. Ctrl-C or SIGTERM stops the server after it has
    answered the requests in flight.
    """
    try:
        import uvicorn

        from pyflickr_web.serve import site  # noqa: F401
        from pyflickr_web.serve.server import (
            ListenError,
            address_of,
            listen,
            loopback_names,
            server_settings,
            supports_uvicorn,
        )
    except ModuleNotFoundError as error:
        raise click.ClickException(
            f"serve needs {error.name}: pip install 'pyflickr-web[proxy]'"
        ) from None
    if not policy["perms"]:
        del policy["perms"]
    # Report invalid settings here, not in each worker process.
    _check_names(context.command)
    _check_policy(context, policy)
    if policy["redis"] and (problem := redis_client.find_problem(policy["redis"])):
        click.echo(
            f"Redis {problem}: cache and rates are kept in memory until it is available.", err=True
        )
    try:
        listener = listen(host, port)
    except ListenError as error:
        raise click.ClickException(str(error)) from None
    address = address_of(listener)
    if not policy["hosts"]:
        policy["hosts"] = loopback_names(host, listener)
    os.environ[SETTINGS] = json.dumps({"policy": policy, "trusted": trusted})
    if workers > 1:
        # The worker processes listen on the port themselves.
        host, port = listener.getsockname()[:2]
        listener.close()
    is_supported = supports_uvicorn()
    if not is_supported:
        click.echo(
            f"this pyflickr-web does not support uvicorn {uvicorn.__version__}: each connection is "
            "closed after one answer, which is slow: install an older uvicorn or a newer pyflickr-web",
            err=True,
        )
    settings = server_settings(policy["timeout"], is_supported)
    try:
        click.echo(f"The proxy is at {address}/services/rest/; press Ctrl-C to stop it.")
        if workers == 1:
            uvicorn.Server(uvicorn.Config(APP, **settings)).run(sockets=[listener])
        else:
            uvicorn.run(APP, host=host, port=port, workers=workers, **settings)
    except KeyboardInterrupt:
        click.echo()


def _check_names(command: click.Command) -> None:
    """Raise `ClickException` for an unknown environment variable with the prefix of settings."""
    names = [str(param.envvar) for param in command.params]
    for name in os.environ:
        if name.startswith(PREFIX) and name not in names:
            raise _InvalidVariable(f"unknown setting {name}: use one of {', '.join(names)}")


def _check_policy(context: click.Context, policy: dict[str, Any]) -> None:
    """Raise `ClickException` for an invalid setting or a missing library."""
    from pyflickr_web.serve.site import Site

    client = Flickr.token_only()
    try:
        Site(client, **policy)
    except ModuleNotFoundError as error:
        raise click.ClickException(str(error)) from None
    except OptionError:
        # Try one setting at a time, to find the invalid one.
        for param in context.command.params:
            if param.name in policy:
                try:
                    Site(client, **{param.name: policy[param.name]})
                except OptionError as error:
                    message = str(error).removeprefix(f"{param.name}: ")
                    raise _setting_error(context, param, message) from None
        raise


def app() -> ForwardedHeaders:
    """Return the application of a worker process, with the settings in the environment."""
    from pyflickr_web.serve.access import AccessLog
    from pyflickr_web.serve.forwarded import ForwardedHeaders
    from pyflickr_web.serve.site import Site

    log = error_output()
    handler = logging.StreamHandler(log)
    handler.setFormatter(logging.Formatter("%(asctime)s %(message)s", "%Y-%m-%d %H:%M:%S"))
    # Messages about Redis go to the same log as requests.
    logging.getLogger("pyflickr_web").addHandler(handler)
    settings = json.loads(os.environ[SETTINGS])
    site = Site(Flickr.token_only(), **settings["policy"])
    return ForwardedHeaders(AccessLog(site, log), settings["trusted"])
