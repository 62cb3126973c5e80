"""Make the next run of downsync repair the findings of a verification."""

from __future__ import annotations

import os
from collections.abc import Collection, Iterable, Mapping

from pyflickr_web.mirror.files.errors import file_errors
from pyflickr_web.mirror.files.folder import MirrorFolder
from pyflickr_web.mirror.journal import DAMAGED, Entry, Journal
from pyflickr_web.mirror.layout import CHECKSUMS, PHOTO_DOCUMENTS, MirrorFile, Tree, parse_name
from pyflickr_web.mirror.listing import Listing
from pyflickr_web.mirror.session.photos_on_disk import PhotosOnDisk
from pyflickr_web.mirror.session.session import Session
from pyflickr_web.mirror.steps.fetched_files import FetchedFiles, has_stale_sizes
from pyflickr_web.mirror.verification.findings import Finding, forget_findings, read_findings

_NOT_FETCHED = "this run did not get it from Flickr"
# More photos than this are found by listing the account, not one by one.
MOST_PHOTOS = 200


def schedule_repairs(folder: MirrorFolder, journal: Journal) -> int:
    """Enter the findings about a mirror into its journal, and forget them; return their number.

    Files at fault become outdated: they stay until a run has fetched them again. Their photos count as
    failed, so that a run looks at them even if nothing changed at Flickr. Raises `FileError`.
    """
    root = folder.root
    with file_errors(root):
        findings = list(read_findings(root))
        journal.record([*plan_repairs(findings, journal), *_list_kinds(findings)])
        if any(finding.kind == "invalid_line" for finding in findings):
            # With a log, the checksums are written again, without invalid lines.
            folder.sums.log([])
        forget_findings(root)
    return len(findings)


def foresee_repairs(folder: MirrorFolder, journal: Journal) -> int:
    """Plan the repairs in memory, for a dry run; return the number of findings. Raises `FileError`."""
    with file_errors(folder.root):
        findings = list(read_findings(folder.root))
    journal.assume(plan_repairs(findings, journal))
    return len(findings)


def plan_repairs(findings: Iterable[Finding], journal: Journal) -> list[Entry]:
    """Return the entries of the journal by which a run repairs findings."""
    entries: list[Entry] = []
    photo_ids: dict[str, str] = {}
    for finding in findings:
        file = parse_name(finding.name)
        if file is None:
            continue
        entries += _plan_file(finding, file, journal)
        photo_id = finding.photo_id or _find_photo(file)
        # Favorites have no date of change: a run lists all of them.
        if photo_id and not file.tree:
            photo_ids.setdefault(photo_id, str(finding))
    if len(photo_ids) <= MOST_PHOTOS:
        return entries + [("failed", one, reason) for one, reason in photo_ids.items()]
    if not journal.get("state", "unfinished"):
        entries.append(("state", "unfinished", "walk"))
    return entries


def find_outdated_documents(journal: Journal) -> frozenset[str]:
    """Return the names of the JSON files that a run fetches again."""
    files = ((name, parse_name(name)) for name in journal.section("outdated"))
    return frozenset(name for name, file in files if file and file.is_document)


def find_faulty(journal: Journal) -> dict[str, str]:
    """Return the faults that a verification, or an earlier run, found, by the names of files."""
    section = journal.section("outdated")
    earlier = {name: DAMAGED for name, value in section.items() if value == DAMAGED}
    return {**earlier, **journal.section("findings")}


def complete_kept_photos(
    fetched: FetchedFiles, listing: Listing | None, faulty: Iterable[str]
) -> None:
    """Complete the lists of sizes of photos that left Flickr after a run that was stopped.

    These are the photos that the run's `listing` lacks, and those whose metadata are among the names
    `faulty`. Raises `FileError`.
    """
    files = filter(None, map(parse_name, faulty))
    tree = fetched.tree.prefix
    photo_ids = {one.id for one in files if one.kind == "photo" and one.tree == tree}
    if listing is not None:
        photo_ids.update(fetched.local.find_unlisted(listing.items))
    fetched.add_sizes(photo_ids)


def settle_repairs(
    session: Session, faulty: Mapping[str, str], covered: Mapping[str, Collection[str]]
) -> None:
    """Report the faults that a run has repaired, and those that it has not; forget the findings.

    A file is not repaired if Flickr gave no other one, or if the run left it out. `covered` has the
    photos that the run looked at, by the prefix of their tree.
    """
    report, root = session.report, session.folder.root
    repaired: dict[str, str] = {}
    unrepaired: dict[str, str] = {}
    for name, fault in sorted(faulty.items()):
        is_present = os.path.lexists(root / name)
        if _is_repaired(session, name, fault, is_present, covered):
            repaired[name] = fault
        elif is_present or fault == "missing":
            unrepaired[name] = f"{fault}; {_NOT_FETCHED}"
    session.journal.record([("findings", name, None) for name in faulty])
    report.repaired = repaired | report.repaired
    report.unrepaired = unrepaired | report.unrepaired


def _is_repaired(
    session: Session,
    name: str,
    fault: str,
    is_present: bool,
    covered: Mapping[str, Collection[str]],
) -> bool:
    file = parse_name(name)
    if file is None:
        # A run writes the checksums again, and no other files.
        return name == CHECKSUMS
    if session.journal.get("outdated", name) == DAMAGED:
        return False
    if fault == "missing":
        return is_present
    photo_id = _find_photo(file)
    if fault != "inconsistent" or not photo_id:
        return True
    if file.kind == "photo":
        local = PhotosOnDisk(session.folder.root, session.journal, Tree(file.tree))
        return not has_stale_sizes(local.read(photo_id))
    is_failed = Tree(file.tree).label(photo_id) in session.report.failed
    return photo_id in covered[file.tree] and not is_failed


def _list_kinds(findings: Iterable[Finding]) -> list[Entry]:
    return [("findings", one.name, one.kind.replace("_", " ")) for one in findings]


def _plan_file(finding: Finding, file: MirrorFile, journal: Journal) -> Iterable[Entry]:
    name = finding.name
    is_present = finding.kind != "missing"
    # Other inconsistent metadata is completed; an album is read again.
    is_at_fault = finding.kind != "inconsistent" or file.kind == "photoset"
    if is_present and is_at_fault and not journal.get("outdated", name):
        yield "outdated", name, DAMAGED
    if not is_present and journal.get("unavailable", name):
        # Flickr gave it once: it is tried again.
        yield "unavailable", name, None
    if file.kind == "contexts":
        # Contexts need the pools of groups.
        yield "state", "pools", None


def _find_photo(file: MirrorFile) -> str:
    """Return the id of the photo of a file, empty for other files."""
    return file.id if file.kind in (*PHOTO_DOCUMENTS, "picture") else ""
