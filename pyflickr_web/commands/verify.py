"""`pyflickr-web verify`: compare a mirror with its checksums and its metadata."""

from __future__ import annotations

import click

from pyflickr_web.commands.context import interruptible, report_errors
from pyflickr_web.commands.stdio import print_json
from pyflickr_web.mirror.display import EventDisplay
from pyflickr_web.mirror.events import Event, StepStarted, VerifyEnded
from pyflickr_web.mirror.verification.report import VerifyReport
from pyflickr_web.mirror.verify import MOST_WORKERS, verify_mirror
from pyflickr_web.progress.choice import choose_display
from pyflickr_web.transports.text import printable


@click.command()
@click.argument("folder", default="data", metavar="[DIR]", type=click.Path())
@click.option(
    "--accept",
    is_flag=True,
    help="Make the checksums those of the files as they are, and list them.",
)
@click.option(
    "--workers",
    type=click.IntRange(1, MOST_WORKERS),
    metavar="N",
    help="Files at a time.  [default: one for each CPU]",
)
@click.option("--json", "as_json", is_flag=True, help="Print the report as JSON.")
@report_errors
def verify(folder: str, accept: bool, workers: int | None, as_json: bool) -> None:
    """Read all files of the mirror in DIR (./data) again, and list those at fault.

    Files are compared with SHA256SUMS, and metadata with the files that it describes. The next downsync
    fetches the files at fault again. Needs no key and no network. Exit status 1 if anything is at fault;
    files that are not of the mirror are no fault.

    \b
    pyflickr-web verify photos/
    pyflickr-web verify photos/ --accept
    """
    try:
        with interruptible():
            report = _verify(folder, accept, workers, as_json)
    except KeyboardInterrupt:
        raise click.ClickException("interrupted: the faults so far are kept") from None
    if not report.is_intact:
        raise click.ClickException(printable(report.advise()))


def _verify(folder: str, accept: bool, workers: int | None, as_json: bool) -> VerifyReport:
    """Verify a mirror, and print the report, also that of a verification that ends early.

    The report of one that could not begin says no more than the error, except in JSON.
    """
    reports: list[VerifyReport] = []
    has_begun = False
    display = choose_display(None if not as_json else False)
    show = EventDisplay(display).show

    def on_event(event: Event) -> None:
        nonlocal has_begun
        has_begun = has_begun or isinstance(event, StepStarted)
        if isinstance(event, VerifyEnded):
            reports.append(event.report)
        else:
            show(event)

    try:
        with display:
            return verify_mirror(folder, accept=accept, workers=workers, on_event=on_event)
    finally:
        for report in reports:
            if as_json or has_begun:
                _print_report(report, as_json)


def _print_report(report: VerifyReport, as_json: bool) -> None:
    if as_json:
        print_json(report.to_dict(), indent=2)
        return
    for line in report.summarize():
        click.echo(printable(line))
