"""`pyflickr-web sandbox`: a local Flickr."""

from __future__ import annotations

import shlex
from pathlib import Path

import click


@click.command()
@click.option("--port", type=click.IntRange(0, 65535), default=8100, show_default=True)
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--photos", type=click.IntRange(0), help="Number of photos.  [default: 1500]")
@click.option("--seed", type=int, help="Seed of the photos.  [default: 1]")
@click.option(
    "--data",
    type=click.Path(file_okay=False, path_type=Path),
    metavar="DIR",
    help="Keep library and uploads here.",
)
@click.option(
    "--library",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    metavar="FILE",
    help="Your own people, photos, sets and groups, in YAML or JSON.",
)
@click.option("--latency", type=click.FloatRange(0), metavar="MS", help="Delay each answer.")
@click.option(
    "--rate-limit", type=click.IntRange(0), metavar="N", help="Calls an hour for each key."
)
@click.option(
    "--fault",
    "faults",
    multiple=True,
    metavar="KIND[:RATE][@PLACE]",
    help="Inject faults, such as 429, 500:0.1, drop:0.05@files; repeatable.",
)
@click.option(
    "--throttle-files",
    "throttle",
    metavar="BURST[:A_SECOND[:BLOCK]]",
    help="Refuse files as Flickr's image host does, such as 30:2:10.",
)
@click.option("--large-account", is_flag=True, help="Add a second account, with 12,000 photos.")
@click.option("--plain-consent", is_flag=True, help="Allow applications without a browser.")
@click.option(
    "--application",
    "applications",
    multiple=True,
    metavar="KEY:SECRET",
    help="Accept the key of a program, too; repeatable.",
)
@click.option("--intercept", is_flag=True, help="Also be a proxy that plays Flickr's own hosts.")
def sandbox(
    port: int,
    host: str,
    photos: int | None,
    seed: int | None,
    data: Path | None,
    library: Path | None,
    latency: float | None,
    rate_limit: int | None,
    faults: tuple[str, ...],
    throttle: str | None,
    large_account: bool,
    plain_consent: bool,
    applications: tuple[str, ...],
    intercept: bool,
) -> None:
    """Start a local Flickr for development and tests; Ctrl-C ends it."""
    try:
        from flickr_sandbox import Fault, FileThrottle, Sandbox
    except ModuleNotFoundError as error:
        raise click.ClickException(error.msg) from None
    from flickr_sandbox.faults import parse_rule
    from flickr_sandbox.own_library import LibraryProblems
    from flickr_sandbox.start import StartError

    try:
        flickr = Sandbox(
            photos,
            seed,
            host,
            port,
            data,
            plain_consent,
            intercept,
            large_account,
            library,
            {key: secret for key, _, secret in (text.partition(":") for text in applications)},
        )
    except LibraryProblems as invalid:
        for problem in invalid.problems:
            click.echo(problem, err=True)
        raise click.exceptions.Exit(2) from None
    except ValueError as error:
        hint = "--application" if "application" in str(error) else "--photos"
        raise click.BadParameter(str(error), param_hint=hint) from None
    try:
        for text in faults:
            flickr.faults.put(parse_rule(text))
    except ValueError as error:
        raise click.BadParameter(str(error), param_hint="--fault") from None
    try:
        if latency:
            flickr.faults.add(Fault("latency", seconds=latency / 1000), where="all")
    except ValueError as error:
        raise click.BadParameter(str(error), param_hint="--latency") from None
    try:
        if throttle is not None:
            flickr.faults.throttle_files(FileThrottle.parse(throttle))
    except ValueError as error:
        raise click.BadParameter(str(error), param_hint="--throttle-files") from None
    flickr.faults.limit(rate_limit)
    try:
        with flickr:
            for name, value in flickr.environ.items():
                click.echo(f"export {name}={value}")
            for name, value in flickr.proxy_environ.items() if intercept else ():
                click.echo(f"export {name}={shlex.quote(value)}")
            if large_account:
                click.echo("# The second account, with 12,000 photos:")
                second = flickr.large_account
                click.echo(f"# export FLICKR_USER_ID={second.user_id}")
                click.echo(f"# export FLICKR_ACCESS_TOKEN={second.access_token}")
                click.echo(f"# export FLICKR_ACCESS_TOKEN_SECRET={second.access_token_secret}")
            click.echo(f"# Open {flickr.url}/ and {flickr.url}/sandbox/; Ctrl-C ends it.")
            flickr.wait()
    except (ModuleNotFoundError, StartError) as error:
        raise click.ClickException(str(error)) from None
    except KeyboardInterrupt:
        click.echo()
