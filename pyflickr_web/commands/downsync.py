"""`pyflickr-web downsync`: mirror an account to a folder."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from typing import Any

import click

from pyflickr_web.commands.context import (
    interruptible,
    open_client,
    report_errors,
    show_warnings,
)
from pyflickr_web.commands.stdio import print_json
from pyflickr_web.flickr import Flickr
from pyflickr_web.mirror.display import EventDisplay
from pyflickr_web.mirror.events import Event, RunEnded, StepStarted, WorkPlanned
from pyflickr_web.mirror.report import Report
from pyflickr_web.mirror.settings import MOST_WORKERS
from pyflickr_web.progress.choice import choose_display
from pyflickr_web.transports.text import printable


@click.command()
@click.argument("folder", default="data", metavar="[DIR]", type=click.Path())
@click.option("--prune", "remove_deleted", is_flag=True, help="Move what left Flickr to .trash/.")
@click.option(
    "--max-prune",
    type=click.IntRange(0),
    metavar="N",
    help="With --prune: the most photos, albums, collections to move.  [default: 10 % of each, or 10]",
)
@click.option(
    "--user", metavar="NAME", help="Mirror this person (NSID, name or address), not yourself."
)
@click.option(
    "--sizes", metavar="LIST", help="Sizes to fetch: original,large,medium,…  [default: all]"
)
@click.option("--no-videos", is_flag=True, help="Leave videos out.")
@click.option(
    "--metadata",
    type=click.Choice(("info", "listing")),
    help="listing saves a call for each photo; raw tags and notes are missing.  [default: info]",
)
@click.option("--comments", is_flag=True, help="Fetch comments with --metadata listing too.")
@click.option("--exif", is_flag=True, help="Fetch EXIF data, with one more call for each photo.")
@click.option(
    "--albums",
    multiple=True,
    metavar="LIST",
    help="Only photos of these albums, by id or title. Repeat it for titles with commas.",
)
@click.option("--since", metavar="DATE", help="Only photos posted since DATE (YYYY-MM-DD).")
@click.option("--favorites", is_flag=True, help="Also fetch the favorites, to favorites/.")
@click.option("--full", is_flag=True, help="Compare everything, and check that each file exists.")
@click.option("--pools", is_flag=True, help="Read the pools of groups again.")
@click.option("--dry-run", is_flag=True, help="Print the plan; write nothing.")
@click.option(
    "--workers",
    type=click.IntRange(1, MOST_WORKERS),
    metavar="N",
    help="Files at a time.  [default: 3]",
)
@click.option(
    "--file-rate", type=float, metavar="N", help="The most files in a second.  [default: 2]"
)
@click.option(
    "--max-per-hour",
    type=click.IntRange(1),
    metavar="N",
    help="The most calls in an hour.  [default: 3600]",
)
@click.option("--json", "as_json", is_flag=True, help="Print the report as JSON.")
@report_errors
def downsync(folder: str, as_json: bool, **given: Any) -> None:
    """Mirror your photos, albums and their metadata to DIR (./data).

    The first run fetches everything, later ones what changed. Stop it at any time, and run it again to
    go on. Without a token it signs in first. Exit status 1 if anything failed.

    \b
    pyflickr-web downsync photos/
    pyflickr-web downsync photos/ --sizes original,large --exif
    pyflickr-web downsync photos/ --full --prune
    """
    options = _read_options(given)
    try:
        with interruptible():
            report = _mirror(folder, options, as_json)
    except KeyboardInterrupt:
        raise click.ClickException("interrupted") from None
    if report.failed:
        # The summary has the advice; JSON does not.
        advice = f": {report.advise()}" if as_json else ""
        raise click.ClickException(f"{len(report.failed)} failed{advice}")


def _mirror(folder: str, options: dict[str, Any], as_json: bool) -> Report:
    """Mirror an account, and print the report, also that of a run that an error ends.

    The report of a run that could not begin says no more than the error, except in JSON.
    """
    reports: list[Report] = []
    plan: list[WorkPlanned] = []
    has_begun = False
    try:
        with _open(options.get("user")) as flickr:
            is_shown = not as_json and flickr.options.get("progress") is not False
            display = choose_display(is_shown)
            show = EventDisplay(display).show

            def on_event(event: Event) -> None:
                nonlocal has_begun
                has_begun = has_begun or isinstance(event, StepStarted)
                if isinstance(event, RunEnded):
                    reports.append(event.report)
                elif as_json and isinstance(event, WorkPlanned):
                    plan.append(event)
                else:
                    show(event)

            with display, show_warnings(display.print_message):
                return flickr.downsync(folder, on_event=on_event, **options)
    except Exception as error:
        # An invalid option, or a sign-in that failed: there was no run to report.
        if not reports:
            is_dry_run = bool(options.get("dry_run"))
            reports.append(Report(str(folder), is_dry_run=is_dry_run, error=str(error)))
        raise
    finally:
        for report in reports:
            if as_json or has_begun:
                _print_report(report, as_json, plan)


def _read_options(given: dict[str, Any]) -> dict[str, Any]:
    """Return the options of `Flickr.downsync`."""
    # 0 is a value: `--max-prune 0` lets nothing go.
    options = {
        name: value
        for name, value in given.items()
        if value not in (None, ()) and value is not False
    }
    if options.pop("no_videos", False):
        options["videos"] = False
    return options


@contextmanager
def _open(user: str | None) -> Iterator[Flickr]:
    """Open a client with the stored token; without one, sign in, unless another person is mirrored."""
    from pyflickr_web.oauth.sign_in import sign_in

    # Standard output is for the report, and a token does not belong there.
    with open_client(silent=True) as flickr:
        credentials = flickr.credentials
        has_token = bool(credentials and credentials.access_token)
        if not has_token and user is None:
            flickr.use_credentials(flickr.run(sign_in(flickr.options, flickr.flow_as)))
        yield flickr


def _print_report(report: Report, as_json: bool, plan: list[WorkPlanned]) -> None:
    if as_json:
        planned = {"plan": [asdict(work) for work in plan]} if report.is_dry_run else {}
        print_json(report.to_dict() | planned, indent=2)
        return
    for line in report.summarize():
        click.echo(printable(line))
