"""Join JavaScript modules into one scope, as a bundler would, for the dialect our runtime keeps to.

The dialect: `import { a, b } from "./x.js";` lines at the top, `export` in front of top-level
`const`, `class`, `function` and `async function*`, no default exports, no renaming. What strays
from it is refused, as are two modules that give one name to different things.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping

from compiler.reflect.problems import CompilerError

_IMPORT = re.compile(r'^import (?:\{ ?([^}]*?),? ?\} from )?"\./([\w.]+)";\n', re.M | re.S)
_EXPORT = re.compile(r"^export (?=(?:const|class|function|async function)\b)", re.M)
_DECLARED = re.compile(r"^(?:export )?(?:const|let|class|(?:async )?function\*?) ([\w$]+)", re.M)
_HOOK = re.compile(r'^import \{ hooks \} from "./hooks.js";\n|^ *hooks\.\w+\?\.\([^;]*\);\n', re.M)
_DEVELOPMENT = ("hooks.js", "checks.js", "options.js", "details.js", "dev.js")
_STRAY = re.compile(r"^(?:import|export)\b.*$", re.M)


Provided = Mapping[str, Collection[str]]


def link(modules: Mapping[str, str], entry: str, provided: Provided | None = None) -> str:
    """Return the text of `entry` and all that it imports, each module once, after what it needs.

    `modules` maps file names to texts. The text belongs into a function, which keeps its names from the
    page's. `provided` are modules whose text is left out, with the names that the function declares.
    Raises `CompilerError` for an unknown import, a construct outside the dialect and a
    top-level name declared twice.
    """
    provided = provided or {}
    exports = {name: _DECLARED.findall(text) for name, text in modules.items()} | {**provided}
    order = _order(modules, entry, exports)
    _refuse_doubles(exports, order)
    return "\n".join(_strip(name, modules[name]) for name in order if name not in provided)


def drop_hooks(modules: Mapping[str, str]) -> dict[str, str]:
    """Return the modules without the calls of hooks, which only development has.

    Raises `CompilerError` if a module uses a hook other than as `hooks.name?.(…);`, a
    statement on lines of its own.
    """
    bare = {name: _HOOK.sub("", text) for name, text in modules.items()}
    for name, text in bare.items():
        if name not in _DEVELOPMENT and (stray := re.search(r"^.*\bhooks\b.*$", text, re.M)):
            raise CompilerError(f"{name}: not a hook's call of its own: `{stray[0].strip()}`")
    return bare


def _order(modules: Mapping[str, str], entry: str, exports: Provided) -> list[str]:
    """Return the names of `entry` and of all that it needs, each after those that it imports."""
    order: list[str] = []

    def visit(name: str, above: tuple[str, ...]) -> None:
        if name in order:
            return
        if name in above:
            raise CompilerError(f"{' -> '.join((*above, name))}: modules import one another")
        if name not in modules:
            raise CompilerError(f"{above[-1] if above else 'link'}: there is no module {name}")
        for names, target in _IMPORT.findall(modules[name]):
            visit(target, (*above, name))
            _refuse_unexported(name, target, names, exports[target])
        order.append(name)

    visit(entry, ())
    return order


def _refuse_unexported(name: str, target: str, names: str, declared: Collection[str]) -> None:
    for wanted in filter(None, re.split(r"[,\s]+", names)):
        if wanted not in declared:
            raise CompilerError(f"{name}: {target} exports no {wanted}")


def _refuse_doubles(exports: Provided, order: Iterable[str]) -> None:
    owners: dict[str, str] = {}
    for module in order:
        for name in exports[module]:
            if name in owners:
                raise CompilerError(f"{module}: {name} is declared in {owners[name]} too")
            owners[name] = module


def _strip(name: str, text: str) -> str:
    text = _EXPORT.sub("", _IMPORT.sub("", text))
    if stray := _STRAY.search(text):
        raise CompilerError(f"{name}: the linker does not know `{stray[0]}`")
    return text.strip() + "\n"
