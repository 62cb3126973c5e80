"""`pyflickr-web upload`: upload files and folders, into an album if that is named."""

from __future__ import annotations

from typing import Any

import click

from pyflickr_web.commands.context import report_errors, user_option
from pyflickr_web.commands.upload_job import Job, run_job
from pyflickr_web.transports.errors import ArgumentError
from pyflickr_web.upload.fields import CONTENT_TYPES, SAFETY_LEVELS
from pyflickr_web.upload.replace import read_id
from pyflickr_web.upload.settings import MOST_WORKERS

AUDIENCES = ("public", "friends", "family")
# Options that `--replace` excludes: replacing changes only the file.
NOT_FOR_REPLACE = (
    "title", "description", "tags", "private", *AUDIENCES, "safety", "content_type", "hidden", "album",
    "album_id",
)  # fmt: skip


@click.command()
@click.argument("files", nargs=-1, required=True, metavar="FILE...")
@user_option
@click.option("--title", metavar="TEXT", help="Title.  [default: the name of the file]")
@click.option("--description", metavar="TEXT", help="Description.")
@click.option("--tags", metavar="TEXT", help="Tags, separated by spaces: 'zoo \"red panda\"'.")
@click.option("--private", is_flag=True, help="Visible only to you.")
@click.option("--public", is_flag=True, help="Visible to everybody.")
@click.option("--friends", is_flag=True, help="Visible to friends.")
@click.option("--family", is_flag=True, help="Visible to family.")
@click.option("--safety", type=click.Choice(tuple(SAFETY_LEVELS)), help="Safety level.")
@click.option("--content-type", type=click.Choice(tuple(CONTENT_TYPES)), help="Kind of picture.")
@click.option("--hidden", is_flag=True, help="Hide from public searches.")
@click.option("--album", metavar="NAME", help="Add the photos to this album; create it if missing.")
@click.option("--album-id", metavar="ID", help="Add the photos to the album with this id.")
@click.option(
    "--workers",
    type=click.IntRange(1, MOST_WORKERS),
    default=1,
    show_default=True,
    metavar="N",
    help="Files to send at a time; with 1, the photostream has their order.",
)
@click.option("--dry-run", is_flag=True, help="Show what would be uploaded; send no file.")
@click.option("--replace", metavar="ID", help="Replace the file of this photo; needs Flickr Pro.")
@click.option(
    "--no-dedupe", is_flag=True, help="Do not tag photos with their hash; upload copies again."
)
@click.option("--json", "as_json", is_flag=True, help="Print a JSON object for each file.")
@report_errors
def upload(files: tuple[str, ...], user: str | None, **given: Any) -> None:
    """Upload FILEs, and the pictures and videos in folders, each once.

    If it is interrupted, run the same command again: it continues. Each photo gets a tag with the hash
    of its file, which others can see. A file whose hash is on Flickr already is not uploaded again.

    \b
    pyflickr-web upload fox.jpg --title Fox --tags 'zoo "red fox"' --private
    pyflickr-web upload holidays/ --album 'Holidays 2024' --workers 4
    pyflickr-web upload holidays/ --dry-run
    pyflickr-web upload better.jpg --replace 53000000000
    """
    _check_usage(files, given)
    job = Job(
        paths=list(files),
        user=user,
        fields=_read_fields(given),
        album=given["album"],
        album_id=given["album_id"],
        workers=given["workers"],
        dedupe=not given["no_dedupe"],
        replaced_id=given["replace"],
        is_dry_run=given["dry_run"],
        as_json=given["as_json"],
    )
    run_job(job)


def _check_usage(files: tuple[str, ...], given: dict[str, Any]) -> None:
    """Raise `UsageError` for options that exclude each other, and for invalid values."""
    if "" in files:
        raise click.UsageError("FILE is empty: give the path of a file or a folder")
    if given["private"] and any(given[name] for name in AUDIENCES):
        raise click.UsageError("--private excludes --public, --friends and --family: choose one")
    if given["album"] is not None and given["album_id"] is not None:
        raise click.UsageError("--album and --album-id exclude each other: choose one")
    if given["album"] is not None and not given["album"].strip():
        raise click.UsageError("--album is empty: give the name of an album")
    if given["replace"] is None:
        return
    try:
        read_id(given["replace"])
    except ArgumentError:
        raise click.UsageError(
            f"invalid --replace {given['replace']!r}: give the number of a photo"
        ) from None
    if len(files) != 1:
        raise click.UsageError("--replace needs one FILE")
    for name in NOT_FOR_REPLACE:
        if given[name]:
            option = "--" + name.replace("_", "-")
            raise click.UsageError(f"--replace only changes the file: leave out {option}")


def _read_fields(given: dict[str, Any]) -> dict[str, Any]:
    """Return the fields of the photos. Any option of privacy sets all three fields, none sets none."""
    fields = {name: given[name] for name in ("title", "description", "tags", "content_type")}
    fields["safety_level"] = given["safety"]
    fields["hidden"] = True if given["hidden"] else None
    if given["private"] or any(given[name] for name in AUDIENCES):
        fields |= {
            "is_public": given["public"],
            "is_friend": given["friends"],
            "is_family": given["family"],
        }
    return {name: value for name, value in fields.items() if value is not None}
