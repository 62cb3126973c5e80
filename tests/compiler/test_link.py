"""The linker joins modules into one scope, and refuses what it does not know."""

from __future__ import annotations

import pytest

from compiler.javascript.link import drop_hooks, link
from compiler.reflect.problems import CompilerError


def test_modules_come_once_and_behind_what_they_need() -> None:
    modules = {
        "main.js": 'import { b } from "./b.js";\nimport { a } from "./a.js";\nb(a);\n',
        "b.js": 'import { a } from "./a.js";\nexport const b = (x) => x + a;\n',
        "a.js": "export const a = 1;\n",
    }
    assert link(modules, "main.js") == "const a = 1;\n\nconst b = (x) => x + a;\n\nb(a);\n"


@pytest.mark.parametrize(
    ("modules", "told"),
    [
        ({"m.js": 'import { x } from "./none.js";\n'}, "there is no module none.js"),
        ({"m.js": 'import { x } from "./a.js";\n', "a.js": ""}, "a.js exports no x"),
        ({"m.js": 'import "./m.js";\n'}, "modules import one another"),
        ({"m.js": "export default 1;\n"}, "does not know `export default 1;`"),
        (
            {"m.js": 'import "./a.js";\nconst x = 1;\n', "a.js": "const x = 2;\n"},
            "x is declared in a.js too",
        ),
    ],
)
def test_what_strays_is_refused(modules: dict[str, str], told: str) -> None:
    with pytest.raises(CompilerError, match=told):
        link(modules, "m.js")


def test_names_that_the_template_declares_stand_for_a_module() -> None:
    modules = {
        "m.js": 'import { A } from "./table.js";\nconst b = A;\n',
        "table.js": "const A = 1;\n",
    }
    assert link(modules, "m.js", {"table.js": ["A"]}) == "const b = A;\n"
    with pytest.raises(CompilerError, match=r"table\.js exports no A"):
        link(modules, "m.js", {"table.js": ["B"]})
    with pytest.raises(CompilerError, match=r"b is declared in table\.js too"):
        link(modules, "m.js", {"table.js": ["A", "b"]})


def test_production_has_no_hooks() -> None:
    modules = {
        "m.js": 'import { hooks } from "./hooks.js";\nconst a = 1;\n  hooks.check?.(a, () => 2);\n'
    }
    assert drop_hooks(modules) == {"m.js": "const a = 1;\n"}


def test_hook_in_an_expression_is_refused() -> None:
    with pytest.raises(CompilerError, match="not a hook's call of its own"):
        drop_hooks({"m.js": "const b = hooks.check?.(1) || 2;\n"})
