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
from pyflickr_web.errors import OptionError
from pyflickr_web.flickr import Flickr
from pyflickr_web.options import read_env_file
from pyflickr_web.proxy.calls.policy import Policy
from pyflickr_web.proxy.stores import redis_client

if TYPE_CHECKING:
    from pyflickr_web.serve.forwarded import ForwardedHeaders

# The variable that hands the settings to the processes of a server.
SETTINGS = "PYFLICKR_WEB_POLICY"
PREFIX = "FLICKR_PROXY_"
APP = "pyflickr_web.commands.serve:app"
_POLICY = Policy()


class _EnvFileCommand(click.Command):
    """A command whose settings of the environment may stand in `.env` too."""

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
    """An invalid setting of the environment: wrong usage, shown in one line."""

    exit_code = 2


def _setting_error(
    context: click.Context, param: click.Parameter, message: str
) -> click.ClickException:
    """Return the error for an invalid setting, under the name by which it was given."""
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
            f"{error}: use addresses or networks, 10.0.0.5 or 10.0.0.0/8, or * for any"
        ) from None
    return addresses


@click.command(cls=_EnvFileCommand)
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
    "--jsonp",
    is_flag=True,
    envvar=PREFIX + "JSONP",
    help="Let any page call by script tags, with jsoncallback; needs --origin '*'.",
)
@click.option(
    "--host-name",
    "hosts",
    multiple=True,
    metavar="NAME",
    envvar=PREFIX + "HOSTS",
    help="A host name to answer to, example.org, or * for any; can be given again. Without it any, but "
    "on a loopback address those of loopback alone.",
)
@click.option(
    "--allow",
    multiple=True,
    metavar="PATTERN",
    envvar=PREFIX + "ALLOW",
    help="Let these methods through alone, flickr.photos.*; can be given again.",
)
@click.option(
    "--deny",
    multiple=True,
    metavar="PATTERN",
    envvar=PREFIX + "DENY",
    help="Refuse these methods, though allowed; can be given again.",
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
    help="How often a client may call, 60/minute; separate several by ;.",
)
@click.option(
    "--key-rate",
    default="",
    envvar=PREFIX + "KEY_RATE",
    help="How often Flickr may be called for all of them: it allows a key 3600/hour.",
)
@click.option(
    "--in-flight",
    type=int,
    default=_POLICY.in_flight,
    show_default=True,
    metavar="N",
    envvar=PREFIX + "IN_FLIGHT",
    help="How many requests may wait for Flickr at once, in each process.",
)
@click.option(
    "--in-flight-each",
    type=int,
    default=_POLICY.in_flight_each,
    show_default=True,
    metavar="N",
    envvar=PREFIX + "IN_FLIGHT_EACH",
    help="How many of these may be one client's.",
)
@click.option(
    "--timeout",
    type=float,
    default=_POLICY.timeout,
    show_default=True,
    metavar="SECONDS",
    envvar=PREFIX + "TIMEOUT",
    help="How long Flickr may take for a call, with its retries.",
)
@click.option(
    "--cache",
    type=float,
    default=_POLICY.cache,
    show_default=True,
    metavar="SECONDS",
    envvar=PREFIX + "CACHE",
    help="How long answers are given again; 0 for not at all.",
)
@click.option(
    "--forwarded-allow-ips",
    "trusted",
    default="",
    callback=_read_addresses,
    metavar="ADDRESSES",
    envvar=PREFIX + "FORWARDED_ALLOW_IPS",
    help="Servers in front, whose X-Forwarded-For names the client: addresses and networks, separated "
    "by commas, or * for any. Without it no such header is trusted.",
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
@report_errors
@click.pass_context
def serve(
    context: click.Context, /, host: str, port: int, workers: int, trusted: list[str], **policy: Any
) -> None:
    """Serve the Flickr API to a site's pages at /services/rest/, and the bundles under /.

    The key is that of FLICKR_API_KEY; each option can be set as FLICKR_PROXY_… too, lists with spaces
    between: in the environment, or in .env. Ctrl-C or SIGTERM ends it, when what is in flight is
    answered.
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
    # Invalid settings are reported here, and not by each process.
    _check_names(context.command)
    _check_policy(context, policy)
    if policy["redis"] and (problem := redis_client.find_problem(policy["redis"])):
        click.echo(f"Redis {problem}: cache and rates are in memory until it is there.", err=True)
    try:
        listener = listen(host, port)
    except ListenError as error:
        raise click.ClickException(str(error)) from None
    address = address_of(listener)
    if not policy["hosts"]:
        policy["hosts"] = loopback_names(host, listener)
    os.environ[SETTINGS] = json.dumps({"policy": policy, "trusted": trusted})
    if workers > 1:
        # The processes listen for themselves.
        host, port = listener.getsockname()[:2]
        listener.close()
    is_supported = supports_uvicorn()
    if not is_supported:
        click.echo(
            f"uvicorn {uvicorn.__version__} is newer than this pyflickr-web: every connection is closed "
            "after one answer, which takes time. Install an older uvicorn or a newer pyflickr-web.",
            err=True,
        )
    settings = server_settings(policy["timeout"], is_supported)
    try:
        click.echo(f"The proxy is at {address}/services/rest/; Ctrl-C ends it.")
        if workers == 1:
            uvicorn.Server(uvicorn.Config(APP, **settings)).run(sockets=[listener])
        else:
            uvicorn.run(APP, host=host, port=port, workers=workers, **settings)
    except KeyboardInterrupt:
        click.echo()


def _check_names(command: click.Command) -> None:
    """Raise `ClickException` for a variable that has the prefix of settings and is unknown."""
    known = [str(param.envvar) for param in command.params]
    for name in os.environ:
        if name.startswith(PREFIX) and name not in known:
            raise _InvalidVariable(f"unknown setting {name}: use one of {', '.join(known)}")


def _check_policy(context: click.Context, policy: dict[str, Any]) -> None:
    """Raise `ClickException` for an invalid setting or a missing library."""
    from pyflickr_web.serve.site import Site

    client = Flickr.token_only()
    try:
        Site(client, **policy)
    except ModuleNotFoundError as error:
        raise click.ClickException(str(error)) from None
    except OptionError:
        # Try each alone, to find the invalid one.
        for param in context.command.params:
            if param.name in policy:
                try:
                    Site(client, **{param.name: policy[param.name]})
                except OptionError as error:
                    message = str(error).removeprefix(f"{param.name}: ")
                    raise _setting_error(context, param, message) from None
        raise


def app() -> ForwardedHeaders:
    """The application of a process, by the settings in the environment."""
    from pyflickr_web.serve.access import AccessLog
    from pyflickr_web.serve.forwarded import ForwardedHeaders
    from pyflickr_web.serve.site import Site

    log = error_output()
    handler = logging.StreamHandler(log)
    handler.setFormatter(logging.Formatter("%(asctime)s %(message)s", "%Y-%m-%d %H:%M:%S"))
    # What is told of Redis, beside who calls.
    logging.getLogger("pyflickr_web").addHandler(handler)
    settings = json.loads(os.environ[SETTINGS])
    site = Site(Flickr.token_only(), **settings["policy"])
    return ForwardedHeaders(AccessLog(site, log), settings["trusted"])
