"""Link the modules of the JavaScript runtime into one scope, as a bundler does.

It supports `import { a, b } from "./x.js";` at the top of a module, and `export` in front of top-level
`const`, `class`, `function` and `async function*`. It rejects default exports, renamed imports, and a
name that two modules declare.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping

from compiler.errors import CompilerError

_IMPORT = re.compile(r'^import (?:\{ ?([^}]*?),? ?\} from )?"\./([\w.]+)";\n', re.M | re.S)
_EXPORT = re.compile(r"^export (?=(?:const|class|function|async function)\b)", re.M)
_DECLARED = re.compile(r"^(?:export )?(?:const|let|class|(?:async )?function\*?) ([\w$]+)", re.M)
_HOOK = re.compile(r'^import \{ hooks \} from "./hooks.js";\n|^ *hooks\.\w+\?\.\([^;]*\);\n', re.M)
_DEVELOPMENT = (
    "hooks.js",
    "checks.js",
    "details.js",
    "dev.js",
    "explanations.js",
    "guards.js",
    "options.js",
)
_UNSUPPORTED = re.compile(r"^(?:import|export)\b.*$", re.M)


Exports = Mapping[str, Collection[str]]


def link(modules: Mapping[str, str], entry: str, external: Exports | None = None) -> str:
    """Return the text of `entry` and of all modules that it imports, each once, after its own imports.

    `modules` maps file names to texts. Put the result into a function, so that its names do not
    become globals of the page. `external` are modules whose text is omitted, because the function itself
    declares their names.

    Raises `CompilerError` for an unknown import, an unsupported construct, and a duplicate name.
    """
    external = external or {}
    exports = {name: _DECLARED.findall(text) for name, text in modules.items()} | {**external}
    order = _sort_modules(modules, entry, exports)
    _reject_duplicates(exports, order)
    return "\n".join(_strip_module(name, modules[name]) for name in order if name not in external)


def drop_hooks(modules: Mapping[str, str]) -> dict[str, str]:
    """Return the modules without calls of hooks, which only the development edition has.

    Raises `CompilerError` if a module uses a hook in another way than `hooks.name?.(…);`, a statement on
    lines of its own.
    """
    without_hooks = {name: _HOOK.sub("", text) for name, text in modules.items()}
    for name, text in without_hooks.items():
        if name not in _DEVELOPMENT and (unsupported := re.search(r"^.*\bhooks\b.*$", text, re.M)):
            raise CompilerError(
                f"{name}: call a hook in a statement of its own: `{unsupported[0].strip()}`"
            )
    return without_hooks


def _sort_modules(modules: Mapping[str, str], entry: str, exports: Exports) -> list[str]:
    """Return the names of `entry` and of its direct and indirect imports, each after its own imports."""
    order: list[str] = []

    def visit(name: str, importers: tuple[str, ...]) -> None:
        if name in order:
            return
        if name in importers:
            raise CompilerError(f"{' -> '.join((*importers, name))}: circular import")
        if name not in modules:
            raise CompilerError(f"{importers[-1] if importers else 'link'}: unknown module {name}")
        for names, target in _IMPORT.findall(modules[name]):
            visit(target, (*importers, name))
            _require_exports(name, target, names, exports[target])
        order.append(name)

    visit(entry, ())
    return order


def _require_exports(name: str, target: str, names: str, declared: Collection[str]) -> None:
    for wanted in filter(None, re.split(r"[,\s]+", names)):
        if wanted not in declared:
            raise CompilerError(f"{name}: {target} does not export {wanted}")


def _reject_duplicates(exports: Exports, order: Iterable[str]) -> None:
    owners: dict[str, str] = {}
    for module in order:
        for name in exports[module]:
            if name in owners:
                raise CompilerError(f"{module}: {name} is also declared in {owners[name]}")
            owners[name] = module


def _strip_module(name: str, text: str) -> str:
    text = _EXPORT.sub("", _IMPORT.sub("", text))
    if unsupported := _UNSUPPORTED.search(text):
        raise CompilerError(f"{name}: the linker does not support `{unsupported[0]}`")
    return text.strip() + "\n"
