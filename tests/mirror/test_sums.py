"""Test the checksums of a mirror: the log of a run, and its merge into `SHA256SUMS`."""

from __future__ import annotations

import errno
import hashlib
import os
import subprocess
from pathlib import Path
from typing import BinaryIO

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pyflickr_web.mirror.files import sorted_lines
from pyflickr_web.mirror.files.file_system import FileSystem
from pyflickr_web.mirror.files.sorted_lines import parse_line, read_lines
from pyflickr_web.mirror.files.sums import LOG, REMOVED, Sums
from tests.mirror.unreliable_file_systems import FullFileSystem

CHECKSUMS = "SHA256SUMS"


def digest(content: str) -> str:
    return hashlib.sha256(content.encode()).hexdigest()


def put(root: Path, name: str, content: str) -> tuple[str, str]:
    """Write a file, and return its line."""
    file = root / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(content)
    return name, digest(content)


def lines_of(root: Path) -> list[tuple[str, str]]:
    return list(read_lines(root / CHECKSUMS))


def test_merged_lines_are_sorted_and_sha256sum_reads_them(tmp_path: Path) -> None:
    sums = Sums(tmp_path, FileSystem())
    for name in ("images/large/2.jpg", "ia/photos/1.json", "images/large/10.jpg"):
        sums.log([put(tmp_path, name, name)])
    sums.merge()
    names = [name for name, _ in lines_of(tmp_path)]
    assert names == ["ia/photos/1.json", "images/large/10.jpg", "images/large/2.jpg"]
    assert not (tmp_path / LOG).exists()
    checked = subprocess.run(
        ["sha256sum", "-c", "--strict", CHECKSUMS], cwd=tmp_path, capture_output=True, text=True
    )
    assert checked.returncode == 0, checked.stderr


def test_sums_that_editors_of_windows_saved_are_read(tmp_path: Path) -> None:
    """`sha256sum` would reject the first line. The next merge writes its form."""
    sums = Sums(tmp_path, FileSystem())
    lines = [put(tmp_path, "a", "1"), put(tmp_path, "b", "2")]
    text = "".join(f"{one.upper()} *{name}\r\n" for name, one in lines)
    (tmp_path / CHECKSUMS).write_bytes(text.encode("utf-8-sig"))
    assert lines_of(tmp_path) == lines
    sums.log([lines[0]])
    sums.merge()
    plain = "".join(f"{one}  {name}\n" for name, one in lines)
    assert (tmp_path / CHECKSUMS).read_bytes() == plain.encode()


def test_escaped_names_are_invalid_lines(tmp_path: Path) -> None:
    """No file of a mirror has a backslash or a line break in its name."""
    (tmp_path / CHECKSUMS).write_text(f"\\{digest('1')}  images\\\\small\\\\1.jpg\n")
    invalid: list[int] = []
    sorted_lines.inspect_lines(tmp_path / CHECKSUMS, lambda number, text: invalid.append(number))
    assert (invalid, lines_of(tmp_path)) == ([1], [])


def test_last_sum_of_a_run_is_kept_and_removed_files_lose_theirs(tmp_path: Path) -> None:
    sums = Sums(tmp_path, FileSystem())
    first, removed = put(tmp_path, "a", "1"), put(tmp_path, "b", "2")
    sums.log([first, removed])
    sums.merge()
    second = put(tmp_path, "a", "3")
    sums.log([second])
    sums.log([("b", REMOVED)])
    assert sums.find(["a", "b", "c"]) == {"a": {first[1], second[1]}, "b": {removed[1]}}
    sums.merge()
    assert lines_of(tmp_path) == [second]


def test_run_without_changes_touches_neither_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sums = Sums(tmp_path, FileSystem())
    sums.log([put(tmp_path, "a", "1")])
    sums.merge()
    before = (tmp_path / CHECKSUMS).stat()

    def fail(file: Path) -> None:
        pytest.fail(f"{file.name} is read")

    monkeypatch.setattr("pyflickr_web.mirror.files.sums.read_lines", fail)
    again = Sums(tmp_path, FileSystem())
    again.merge()
    again.close()
    after = (tmp_path / CHECKSUMS).stat()
    assert (before.st_ino, before.st_mtime_ns) == (after.st_ino, after.st_mtime_ns)
    assert not (tmp_path / LOG).exists()


def test_equal_sums_do_not_rewrite_the_file(tmp_path: Path) -> None:
    sums = Sums(tmp_path, FileSystem())
    line = put(tmp_path, "a", "1")
    sums.log([line])
    sums.merge()
    before = (tmp_path / CHECKSUMS).stat().st_ino
    sums.log([line, ("b", REMOVED)])
    sums.merge()
    assert (tmp_path / CHECKSUMS).stat().st_ino == before


def test_after_a_crash_the_sum_that_the_file_has_is_kept(tmp_path: Path) -> None:
    sums = Sums(tmp_path, FileSystem())
    old = [put(tmp_path, name, "old") for name in ("old", "new", "neither", "kept", "moved")]
    sums.log(old)
    sums.merge()
    for name, content in (("new", "new"), ("neither", "other")):
        put(tmp_path, name, content)
    (tmp_path / "moved").unlink()
    sums.log([(name, digest("new")) for name in ("old", "new", "neither", "missing")])
    sums.log([("kept", REMOVED), ("moved", REMOVED)])
    sums.close()
    Sums(tmp_path, FileSystem()).merge()
    assert dict(lines_of(tmp_path)) == {
        "old": digest("old"),
        "new": digest("new"),
        # Damaged: its file has neither sum.
        "neither": digest("new"),
        "kept": digest("old"),
    }


class _FailingSync(FileSystem):
    """A file system that writes a file, and then fails to flush it, once."""

    has_failed = False

    def sync(self, opened: BinaryIO) -> None:
        super().sync(opened)
        if not self.has_failed:
            self.has_failed = True
            raise OSError(errno.EIO, os.strerror(errno.EIO))


def test_name_that_no_file_can_have_is_dropped_after_a_crash(tmp_path: Path) -> None:
    """The log may be damaged, or edited."""
    line = put(tmp_path, "a", "1")
    sums = Sums(tmp_path, FileSystem())
    sums.log([line, ("x" * 300, digest("1")), ("x" * 300, digest("2"))])
    sums.close()
    Sums(tmp_path, FileSystem()).merge()
    assert lines_of(tmp_path) == [line]


def test_sum_that_could_not_be_flushed_is_compared_with_the_file(tmp_path: Path) -> None:
    """Such a file did not get its name, but its line may be in the log."""
    sums = Sums(tmp_path, FileSystem())
    old = put(tmp_path, "a", "old")
    sums.log([old])
    sums.merge()
    failing = Sums(tmp_path, _FailingSync())
    with pytest.raises(OSError, match="Input/output error"):
        failing.log([("a", digest("new"))])
    assert digest("new") in (tmp_path / LOG).read_text()
    failing.merge()
    assert lines_of(tmp_path) == [old]


@pytest.mark.parametrize("cut", range(1, 75))
def test_line_cut_by_a_crash_is_ignored_and_does_not_spoil_the_next(
    cut: int, tmp_path: Path
) -> None:
    sums = Sums(tmp_path, FileSystem())
    first = put(tmp_path, "a", "1")
    sums.log([first])
    sums.close()
    log = tmp_path / LOG
    log.write_bytes(log.read_bytes() + f"{digest('2')}  long name".encode()[:cut])
    sums = Sums(tmp_path, FileSystem())
    second = put(tmp_path, "b", "3")
    sums.log([second])
    sums.merge()
    assert lines_of(tmp_path) == [first, second]


@pytest.mark.parametrize("free", range(0, 200, 9))
def test_full_disk_keeps_the_lines_that_were_logged(free: int, tmp_path: Path) -> None:
    system = FullFileSystem(free)
    sums = Sums(tmp_path, system)
    files = [put(tmp_path, name, name) for name in ("a", "b", "c")]
    logged = []
    for line in files:
        try:
            sums.log([line])
            logged.append(line)
        except OSError:
            system.free += 40
    system.free = 10**6
    sums.log([files[0]])
    sums.merge()
    assert set(lines_of(tmp_path)) >= set(logged)
    assert set(lines_of(tmp_path)) <= set(files)


def test_full_disk_during_the_merge_leaves_the_files_as_they_are(tmp_path: Path) -> None:
    sums = Sums(tmp_path, FileSystem())
    lines = [put(tmp_path, str(number), str(number)) for number in range(100, 150)]
    sums.log(lines[:25])
    sums.merge()
    sums.log(lines[25:])
    sums.close()
    before = (tmp_path / CHECKSUMS).read_bytes()
    with pytest.raises(OSError, match="No space left"):
        Sums(tmp_path, FullFileSystem(2000)).merge()
    assert (tmp_path / CHECKSUMS).read_bytes() == before
    assert [file.name for file in (tmp_path / ".mirror" / "tmp").iterdir()] == []
    Sums(tmp_path, FileSystem()).merge()
    assert lines_of(tmp_path) == lines


def test_edited_sums_are_sorted_again(tmp_path: Path) -> None:
    lines = [put(tmp_path, name, name) for name in ("a", "b", "c")]
    text = "".join(f"{value} *{name}\r\n" for name, value in reversed(lines))
    (tmp_path / CHECKSUMS).write_text("# a comment\n" + text)
    sums = Sums(tmp_path, FileSystem())
    lines.append(put(tmp_path, "d", "d"))
    sums.log(lines[3:])
    sums.merge()
    assert lines_of(tmp_path) == lines


_runs = st.lists(
    st.lists(st.tuples(st.sampled_from("abcdefgh"), st.sampled_from("123-")), max_size=30),
    max_size=4,
)


@settings(deadline=None, max_examples=40)
@given(runs=_runs, chunk=st.integers(1, 5))
def test_merge_equals_a_dict_of_all_runs(
    runs: list[list[tuple[str, str]]], chunk: int, tmp_path_factory: pytest.TempPathFactory
) -> None:
    root = tmp_path_factory.mktemp("mirror")
    expected: dict[str, str] = {}
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sorted_lines, "CHUNK", chunk)
        for run in runs:
            sums = Sums(root, FileSystem())
            for name, content in run:
                sums.log([(name, REMOVED if content == "-" else digest(content))])
                expected[name] = content
            sums.merge()
            assert list((root / ".mirror").glob("tmp/*")) == []
    kept = {name: digest(content) for name, content in expected.items() if content != "-"}
    assert lines_of(root) == sorted(kept.items())


_NAMES = st.text("ab/é", min_size=1, max_size=4).filter(lambda name: name.strip("/") == name)
_LINE_ENDS = st.sampled_from(["\n", "\r\n", "\n\n", "\nnot a line\n"])


_edited_lines = st.lists(st.tuples(_NAMES, st.sampled_from("123"), _LINE_ENDS), max_size=8)


def _write(root: Path, start: bytes, lines: list[tuple[str, str, str]]) -> None:
    """Write `SHA256SUMS`: names, contents and the ends of lines, after the first bytes."""
    text = "".join(f"{digest(content)}  {name}{end}" for name, content, end in lines)
    (root / CHECKSUMS).write_bytes(start + text.encode())


@settings(deadline=None, max_examples=60)
@given(
    lines=_edited_lines,
    start=st.sampled_from([b"", b"\xef\xbb\xbf", b"cut\n"]),
    wanted=st.sets(_NAMES, max_size=3),
)
def test_search_finds_all_lines_of_a_name(
    lines: list[tuple[str, str, str]],
    start: bytes,
    wanted: set[str],
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    root = tmp_path_factory.mktemp("mirror")
    _write(root, start, sorted(lines))
    for name in wanted | {line[0] for line in lines}:
        expected = [line for line in lines_of(root) if line[0] == name]
        assert sorted_lines.find_lines(root / CHECKSUMS, name) == expected


@settings(deadline=None, max_examples=60)
@given(lines=_edited_lines, wanted=st.sets(_NAMES, max_size=3))
def test_sums_are_found_in_any_order_of_lines(
    lines: list[tuple[str, str, str]], wanted: set[str], tmp_path_factory: pytest.TempPathFactory
) -> None:
    root = tmp_path_factory.mktemp("mirror")
    _write(root, b"", list({line[0]: line for line in lines}.values()))
    expected = {name: {value} for name, value in lines_of(root) if name in wanted}
    assert Sums(root, FileSystem()).find(wanted) == expected


def test_few_sums_are_found_without_reading_all(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A run with 1,000 replaced originals searches 1,000 times, in millions of lines."""
    names = [f"images/original/{number}.jpg" for number in range(1000, 3000)]
    (tmp_path / CHECKSUMS).write_text("".join(f"{digest(name)}  {name}\n" for name in names))
    parsed: list[str] = []

    def parse(line: str) -> tuple[str, str] | None:
        parsed.append(line)
        return parse_line(line)

    monkeypatch.setattr(sorted_lines, "parse_line", parse)
    sums = Sums(tmp_path, FileSystem())
    for name in (names[0], names[777], names[-1]):
        parsed.clear()
        assert sums.find([name]) == {name: {digest(name)}}
        assert len(parsed) < 50
    assert len(sums.find(names)) == len(names)
    assert len(parsed) < 2 * len(names) + 50
