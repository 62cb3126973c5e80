"""The lint of words finds what is not plain English, at its line, and nothing else."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from lint import words

DOCSTRING = '"""Return a rate."""\n'


def check(path: str, text: str) -> list[tuple[int, str, str]]:
    return [(found.line, found.kind, found.text) for found in words.check_text(path, text)]


def phrases(text: str, path: str = "page.md") -> list[str]:
    return [found for _, kind, found in check(path, text) if kind == "phrase"]


@pytest.mark.parametrize("word", words.FIRST_WORDS)
def test_docstring_opens_with_no_question_word(word: str) -> None:
    text = f'{DOCSTRING}\n\ndef send():\n    """\n    {word} it goes to.\n    """\n'
    assert check("send.py", text) == [(5, "first word", word)]


@pytest.mark.parametrize(
    "opening",
    ["Return True if sent.", "The code.", "`What`, a word.", "Whatever.", "", "Requests. What"],
)
def test_docstring_may_open_with_a_verb_or_a_noun(opening: str) -> None:
    assert check("send.py", f'def send():\n    """{opening}"""\n') == []


@pytest.mark.parametrize(
    "text",
    ['"""What it holds."""\n', 'class Page:\n    """What it holds."""\n',
     'async def read():\n    """What it holds."""\n', 'LIMIT = 3\n"""What it holds."""\n'],
)  # fmt: skip
def test_docstrings_of_all_kinds_are_read(text: str) -> None:
    assert [kind for _, kind, _ in check("page.py", text)] == ["first word"]


def test_strings_and_comments_may_open_with_any_word() -> None:
    assert check("page.py", '# What follows is a table.\nTEXT = "What is it?"\n') == []


@pytest.mark.parametrize("path", ["call.js", "page.mjs", "api.d.ts", "bundle.js.j2"])
def test_jsdoc_opens_with_no_question_word(path: str) -> None:
    text = (
        "// What follows\n/** The call. */\nf();\n/**\n * Where it goes.\n */\ng(); /* How so */\n"
    )
    assert check(path, text) == [(4, "first word", "Where")]


def test_docstring_of_a_template_opens_with_no_question_word() -> None:
    text = '{{ define }} get(self):\n    """What it gives: {{ text }}"""\n"""{{ text }}"""\n'
    assert check("methods.pyi.j2", text) == [(2, "first word", "What")]


@pytest.mark.parametrize(
    ("text", "phrase"),
    [
        ("an option that there is not", "that there is not"),
        ("names that there are not.", "that there are not"),
        ("one that there is not is refused", "that there is not"),
        ("if there is not, it fails", "there is not"),
        ("None if there is none", "there is none"),
        ("a date that is none, or", "is none"),
        ("values that are none of ours", "are none"),
        ("rates that cannot be", "cannot be"),
        ("rates that cannot be, and", "cannot be"),
        ("rates that cannot be are refused", "cannot be"),
        ("rates that cannot be | 3", "cannot be"),
        ('"rates that cannot be"', "cannot be"),
        ("rates that cannot be\n\nThen", "cannot be"),
        ("what is told of it", "what is told"),
        ("a failure is told in a line", "is told"),
        ("it tells what is missing", "tells what"),
        ("lines that tell how", "tell how"),
        ("useful to who only signs in", "who only"),
        ("without names: for who signs in", "for who"),
        ("tags are parted by commas", "parted by"),
        ("no wheel is to be had", "to be had"),
        ("Is Told", "Is Told"),
    ],
)
def test_phrases_are_found(text: str, phrase: str) -> None:
    assert phrases(text) == [phrase]


@pytest.mark.parametrize(
    "text",
    [
        "says that there is not enough room",
        "returns nothing if `x` is None, or are None",
        "nothing, nonetheless; is nonessential",
        "a file that cannot be read",
        "a file that cannot be\nread",
        "'rate' cannot be 'often', and cannot be \"1\" or `2`",
        "this cannot be (much) better",
        "he told us what it is, it tells the time, retells what",
        "for whoever, for whom, who is only here, before who",
        "departed by train, to be hadron",
        "separated by commas; available",
    ],
)
def test_plain_english_is_not_found(text: str) -> None:
    assert phrases(text) == []


def test_each_phrase_says_what_to_write() -> None:
    [found] = words.check_text("docs/page.md", "# Page\n\nThe end\nis  told.\n")
    instead = "write is shown, logged, reported, raised or returned"
    assert str(found) == f"docs/page.md:4: phrase 'is told': {instead}"


def test_phrase_is_found_across_lines_at_its_first() -> None:
    assert check("page.md", "One.\nIt is\ntold.\n") == [(2, "phrase", "is told")]


@pytest.mark.parametrize(
    ("code", "line"),
    [
        ('X = 1\n"""Text that\n    is told."""\n', 3),
        ('raise E("it is "\n    "told")\n', 1),
        ('raise E(f"{x} is told")\n', 1),
        ('raise E(f"it is told {x:{y}} {{}}")\n', 1),
        ("X = rb'is told'\n", 1),
        ("# A failure\n# is told.\n", 2),
        ("# A failure is\n# told.\n", 1),
        ("def f():\n    # It is\n    # told.\n    pass\n", 2),
        ("x = 1  # is told\n", 1),
    ],
)
def test_phrases_of_python_stand_in_docstrings_strings_and_comments(code: str, line: int) -> None:
    assert check("page.py", code) == [(line, "phrase", "is told")]


@pytest.mark.parametrize(
    "code",
    [
        "ids = [x for who in people]\n",
        'a = ["it is", "told"]\n',
        'a = "it is"\ntold = 1\n',
        "is_told = 1  # it is\nb = 2  # told\n",
        '"""It is"""\n"""told"""\n',
        'f"{is_told}, {[x for who in people]}"\n',
        "a = 1  # it is\n# told\n",
    ],
)
def test_code_of_python_has_no_phrases(code: str) -> None:
    assert check("page.py", code) == []


def test_value_in_an_f_string_goes_on_with_the_clause() -> None:
    assert phrases('f"{name} cannot be {value}"\n', "page.py") == []
    assert phrases('f"{name} cannot be"\n', "page.py") == ["cannot be"]
    assert phrases('f"cannot be " "{value}", "cannot be " + "read"\n', "page.py") == ["cannot be"]


@pytest.mark.parametrize(
    ("code", "line"),
    [
        ("f();\n// It is told.\n", 2),
        ("// It is\n// told.\n", 1),
        ("/**\n * It is\n * told.\n */\n", 2),
        ('f("is told");\n', 1),
        ("f(`${x} is told`);\n", 1),
        ("f(x, /['\"`]/, 'is told');\n", 1),
    ],
)
def test_phrases_of_javascript_stand_in_comments_and_strings(code: str, line: int) -> None:
    assert check("page.js", code) == [(line, "phrase", "is told")]


@pytest.mark.parametrize(
    "code",
    [
        "for (const is in told) f(is, told);\n",
        'f("it is", "told");\n',
        "f(); // it is\ng(); // told\n",
        "f(`it ${is} told`);\n",
        "f(`cannot be ${x}`, 'https://host', \"cannot be read\");\n",
    ],
)
def test_code_of_javascript_has_no_phrases(code: str) -> None:
    assert check("page.js", code) == []


def test_phrases_of_other_files() -> None:
    assert phrases('{"name": "an answer is told"}', "calls.json") == ["is told"]
    assert phrases("# It is\n# told.\nall:\n", "Makefile") == ["is told"]
    assert phrases("<p>It is\n  told.</p>", "page.html") == ["is told"]
    assert phrases("{% if x is none %}{{ y is none }}{# it is told #}", "a.html.j2") == ["is told"]


@pytest.mark.parametrize(
    ("code", "line", "name"),
    [
        ("def told(): ...\n", 1, "told"),
        ("async def _told(): ...\n", 1, "_told"),
        ("class Told: ...\n", 1, "Told"),
        ("class Page:\n    def told(self): ...\n", 2, "told"),
        ("def f():\n    def told(): ...\n", 2, "told"),
    ],
)
def test_bare_participles_are_no_names(code: str, line: int, name: str) -> None:
    assert check("page.py", code) == [(line, "name", name)]


@pytest.mark.parametrize(
    "code",
    [
        "def is_told(): ...\n",
        "def tell(): ...\n",
        "told = 1\n",
        "class Refused(Exception): ...\n",
        "class Lost(errors.NetworkError): ...\n",
        "class TimedOut: ...\n",
    ],
)
def test_other_names_are_not_found(code: str) -> None:
    assert check("page.py", code) == []


@pytest.mark.parametrize("path", ["proxy/cached.py", "later.js", "kept.mjs", "_told.py"])
def test_modules_have_no_bare_participle_as_name(path: str) -> None:
    expected = [] if "cached" in path else [(1, "name", Path(path).stem)]
    assert check(path, "\n") == expected


def test_documents_may_have_any_name() -> None:
    assert check("kept.md", "\n") == check("kept.json", "{}\n") == []


@pytest.mark.parametrize(
    "code",
    [
        "function told() {}\n",
        "export const told = (a, b) => a;\n",
        "const told = async (a) => a;\n",
        "let told = a => a;\n",
        "async function* told() {}\n",
        "class Told extends Page {}\n",
    ],
)
def test_functions_of_javascript_have_no_bare_participle_as_name(code: str) -> None:
    assert [kind for _, kind, _ in check("page.js", code)] == ["name"]


def test_values_of_javascript_may_have_any_name() -> None:
    assert check("page.js", "const told = [1, 2];\nlet kept;\nfunction tell(told) {}\n") == []


def test_marker_exempts_its_line() -> None:
    text = 'A = "is told"  # words: as they are\nB = "is told"\n'
    assert check("page.py", text) == [(2, "phrase", "is told")]


def test_marker_on_a_line_of_its_own_exempts_the_next() -> None:
    text = "<!-- words: as they are -->\nIt is told.\nIt is told.\n"
    assert check("page.md", text) == [(3, "phrase", "is told")]


def test_module_that_is_no_python_is_reported() -> None:
    assert check("page.py", "def (:\n") == [(1, "syntax error", "invalid syntax")]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A tree of files of ours, and of those that tools write."""
    for name in (
        "docs/a.md", "src/told.py", "browser_dist/a.md", "src/_generated/a.md", "LICENSE", ".cache/a.md",
        "node_modules/x/a.md",
    ):  # fmt: skip
        file = tmp_path / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text("" if name.endswith(".py") else "It is told.\nTags are parted by spaces.\n")
    (tmp_path / "docs/photo.jpg").write_bytes(b"\xff\xd8 is told")
    return tmp_path


def names(folder: Path, *paths: Path) -> list[str]:
    return [found.path for found in words.check_files(paths or [folder], folder)]


def test_files_of_tools_are_left_out(folder: Path) -> None:
    assert names(folder) == ["docs/a.md", "docs/a.md", "src/told.py"]
    assert names(folder, folder / "src") == ["src/told.py"]
    assert names(folder, folder / "docs/a.md", folder / "docs") == ["docs/a.md"] * 2


def test_files_that_git_ignores_are_left_out(folder: Path) -> None:
    try:
        subprocess.run(["git", "init", "-q"], cwd=folder, check=True)
    except FileNotFoundError:
        pytest.skip("git is missing")
    (folder / ".gitignore").write_text("docs/\n")
    assert names(folder) == [".cache/a.md", ".cache/a.md", "src/told.py"]


def test_tables_and_tests_of_this_lint_are_exempt() -> None:
    assert names(words.ROOT, words.ROOT / "lint/words.py", words.ROOT / "tests/lint") == []


def test_this_lint_keeps_its_own_rules() -> None:
    assert names(words.ROOT, words.ROOT / "lint") == []
    source = (words.ROOT / "lint/words.py").read_text("utf-8")
    code = source[source.index("\nMARKER = ") :]
    assert words.check_text("code.py", code) == []


def test_command_lists_findings_and_fails(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert words.main([str(folder / "docs")]) == 1
    lines = capsys.readouterr().out.splitlines()
    assert [line.partition(": ")[0] for line in lines] == [
        f"{folder}/docs/a.md:{n}" for n in (1, 2)
    ]
    (folder / "docs/a.md").write_text("It is shown.\n")
    assert words.main([str(folder / "docs")]) == 0
    assert capsys.readouterr().out == ""


def test_command_counts_by_folder(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert words.main(["--count", str(folder)]) == 1
    assert capsys.readouterr().out.splitlines() == [
        f"{folder}/docs: 2 (0 first words, 2 phrases, 0 names)",
        f"{folder}/src: 1 (0 first words, 0 phrases, 1 names)",
        "total: 3 (0 first words, 2 phrases, 1 names)",
    ]


def test_command_names_a_path_that_does_not_exist(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        words.main(["nowhere.md"])
    assert ended.value.code == 2
    assert "nowhere.md does not exist" in capsys.readouterr().err
