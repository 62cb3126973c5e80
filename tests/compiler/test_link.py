"""The JavaScript linker joins modules into one scope, and rejects unsupported constructs."""

from __future__ import annotations

import pytest

from compiler.errors import CompilerError
from compiler.javascript.link import drop_hooks, link


def test_each_module_comes_once_after_its_imports() -> None:
    modules = {
        "main.js": 'import { b } from "./b.js";\nimport { a } from "./a.js";\nb(a);\n',
        "b.js": 'import { a } from "./a.js";\nexport const b = (x) => x + a;\n',
        "a.js": "export const a = 1;\n",
    }
    assert link(modules, "main.js") == "const a = 1;\n\nconst b = (x) => x + a;\n\nb(a);\n"


@pytest.mark.parametrize(
    ("modules", "message"),
    [
        ({"m.js": 'import { x } from "./none.js";\n'}, "unknown module none.js"),
        ({"m.js": 'import { x } from "./a.js";\n', "a.js": ""}, "a.js does not export x"),
        ({"m.js": 'import "./m.js";\n'}, "circular import"),
        ({"m.js": "export default 1;\n"}, "does not support `export default 1;`"),
        (
            {"m.js": 'import "./a.js";\nconst x = 1;\n', "a.js": "const x = 2;\n"},
            "x is also declared in a.js",
        ),
    ],
)
def test_unsupported_construct_is_an_error(modules: dict[str, str], message: str) -> None:
    with pytest.raises(CompilerError, match=message):
        link(modules, "m.js")


def test_names_declared_by_the_template_replace_a_module() -> None:
    modules = {
        "m.js": 'import { A } from "./table.js";\nconst b = A;\n',
        "table.js": "const A = 1;\n",
    }
    assert link(modules, "m.js", {"table.js": ["A"]}) == "const b = A;\n"
    with pytest.raises(CompilerError, match=r"table\.js does not export A"):
        link(modules, "m.js", {"table.js": ["B"]})
    with pytest.raises(CompilerError, match=r"b is also declared in table\.js"):
        link(modules, "m.js", {"table.js": ["A", "b"]})


def test_production_has_no_hooks() -> None:
    modules = {
        "m.js": 'import { hooks } from "./hooks.js";\nconst a = 1;\n  hooks.check?.(a, () => 2);\n'
    }
    assert drop_hooks(modules) == {"m.js": "const a = 1;\n"}


def test_hook_in_an_expression_is_refused() -> None:
    with pytest.raises(CompilerError, match="call a hook in a statement of its own"):
        drop_hooks({"m.js": "const b = hooks.check?.(1) || 2;\n"})
