"""The work of `pyflickr-web upload`: find the files, upload them, add them to an album, and report."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import click

from pyflickr_web.commands.context import open_client, show_warnings
from pyflickr_web.commands.upload_report import Report
from pyflickr_web.progress.choice import choose_display
from pyflickr_web.upload.account import find_account, get_default_audience
from pyflickr_web.upload.albums import Album, AlbumAdditions, add_to_album, find_album, get_album
from pyflickr_web.upload.batch import upload_files
from pyflickr_web.upload.context import Item
from pyflickr_web.upload.folders import find_files
from pyflickr_web.upload.replace import replace_file
from pyflickr_web.upload.results import FileResult
from pyflickr_web.upload.settings import Settings

if TYPE_CHECKING:
    from pyflickr_web.core.flow import Flow
    from pyflickr_web.flickr import Flickr

PROGRAM = "pyflickr-web"


@dataclass(frozen=True, slots=True)
class Job:
    """The options of the command, checked."""

    paths: list[str]
    user: str | None
    fields: Mapping[str, Any]
    album: str | None
    album_id: str | None
    workers: int
    dedupe: bool
    replaced_id: str | None
    is_dry_run: bool
    as_json: bool


def run_job(job: Job) -> None:
    """Run a job; report the results. Raises `ClickException` after a failure or Ctrl-C."""
    if job.replaced_id is None:
        files, problems = find_files(job.paths)
    else:
        files, problems = [Path(job.paths[0])], []
    sizes = [_size_of(file) for file in files]
    display = choose_display(False if job.as_json else None)
    report = Report(display, sizes, job.as_json, job.is_dry_run)
    report.add(problems)
    is_interrupted = False
    try:
        if files:
            with (
                display,
                show_warnings(display.print_message),
                open_client(job.user) as flickr,
            ):
                _Run(job, flickr, files, report).perform()
    except KeyboardInterrupt:
        is_interrupted = True
    finally:
        report.print_failures()
    if is_interrupted:
        advice = "run the same command again to continue"
        raise click.ClickException(f"interrupted: {report.summarize()}; {advice}")
    if report.has_failures:
        raise click.ClickException(report.summarize())
    click.echo(report.summarize(), err=True)


def _size_of(file: Path) -> int:
    try:
        return file.stat().st_size
    except (OSError, ValueError):
        # The upload of this file reports it.
        return 0


@dataclass(slots=True)
class _Run:
    job: Job
    flickr: Flickr
    files: list[Path]
    report: Report

    def perform(self) -> None:
        """Upload the files, or replace one, and add the photos to the album."""
        account = self._run(find_account(self.flickr))
        journal = find_journal(self.job, account.user_id, self.flickr.options.get("base_url"))
        if self.job.replaced_id is not None:
            self._replace(self.job.replaced_id, journal)
            return
        album = self._find_album()
        self._show_audience()
        results = self._upload(journal)
        if album and not self.job.is_dry_run:
            self._fill_album(album, results)
        is_complete = not self.report.has_failures and not self.job.is_dry_run
        if is_complete and not self.job.dedupe:
            # The next run without dedupe is a new batch.
            journal.unlink(missing_ok=True)

    def _run(self, flow: Flow) -> Any:
        """Run a flow; close it if it was interrupted."""
        try:
            return self.flickr.run(flow)
        finally:
            flow.close()

    def _replace(self, photo_id: str, journal: Path) -> None:
        item = Item(0, self.files[0], None, None, {"photo_id": photo_id.strip()})
        self._run(replace_file(self.flickr, item, self._make_settings(journal)))

    def _make_settings(self, journal: Path) -> Settings:
        job = self.job
        is_used = journal.exists() or not job.is_dry_run
        return Settings(
            dedupe=job.dedupe,
            # For tickets in the journal: their photos belong into the album.
            wait=True,
            workers=job.workers,
            journal=journal if is_used else None,
            on_event=self.report.show_event,
            dry_run=job.is_dry_run,
        )

    def _find_album(self) -> Album | None:
        job = self.job
        if job.album is None and job.album_id is None:
            return None
        if job.album_id is not None:
            album: Album = self._run(get_album(self.flickr, job.album_id))
        else:
            album = self._run(find_album(self.flickr, job.album or ""))
        if album.id is None:
            self.report.show_message(f"album {album.title!r} does not exist yet")
        return album

    def _show_audience(self) -> None:
        if "is_public" in self.job.fields:
            return
        audience = self._run(get_default_audience(self.flickr))
        self.report.show_message(f"visible to {audience}, the default of the account")

    def _upload(self, journal: Path) -> list[FileResult]:
        settings = self._make_settings(journal)
        photos = [{"photo": file} for file in self.files]
        results: list[FileResult] = self._run(
            upload_files(self.flickr, photos, settings, self.job.fields, len(photos) > 1)
        )
        self.report.print_open_tickets()
        return results

    def _fill_album(self, album: Album, results: list[FileResult]) -> None:
        files = {each.id: each.file for each in results if each.id and each.status != "ticket"}
        if not files:
            return
        additions = AlbumAdditions(album)

        def show_progress() -> None:
            self.report.bars.show_work(f"album: {len(additions.added)} of {len(files)} photos")

        try:
            self._run(add_to_album(self.flickr, additions, files, show_progress))
        finally:
            self.report.show_album(additions, files)


def find_journal(job: Job, user_id: str, base_url: str | None) -> Path:
    """Return the journal for an account, or without dedupe for the files and fields of this batch."""
    from platformdirs import user_state_path

    folder = user_state_path(PROGRAM, appauthor=False) / "uploads"
    name = quote(user_id, safe="@")
    if base_url:
        name += f"-{_short_hash(base_url)}"
    if not job.dedupe and job.replaced_id is None:
        paths = [os.path.abspath(path) for path in job.paths]  # noqa: PTH100
        name += f"-batch-{_short_hash(json.dumps([paths, dict(job.fields)]))}"
    return folder / f"{name}.jsonl"


def _short_hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:16]
