"""The list of files behind each stage, held against what the verb of the stage really imports."""

from __future__ import annotations

import ast
from functools import cache
from typing import TYPE_CHECKING

import pytest

from dermshift.workflow.fingerprint import BASE, PACKAGE, STAGES, code_of

if TYPE_CHECKING:
    from pathlib import Path

FACADES = {
    f"dermshift.{name}" for name in ("io", "checks", "quality", "config", "design", "engines", "enrich", "figures")
}
"""Packages that hand out what their modules define."""
MORE = {"enrich": ("enriched",)}
"""Stages of two verbs."""
LEFT_OUT = {
    "dermshift": "the version, which the manifest states",
    "dermshift.io.cache": "where a fetched file is; what is in it is an input",
    "dermshift.io.geo_cache": "as io.cache",
    "dermshift.io.sets_cache": "as io.cache",
    "dermshift.io.fetch_record": "as io.cache",
    "dermshift.cli.as_step": "log and lock",
}
"""Modules that change no result, and why."""


def modules() -> dict[str, Path]:
    """Return the file of each module by its name."""
    files = {path.relative_to(PACKAGE.parent).with_suffix("").as_posix(): path for path in PACKAGE.rglob("*.py")}
    return {name.replace("/", ".").removesuffix(".__init__"): path for name, path in files.items()}


MODULES = modules()


def imported(tree: ast.AST) -> list[ast.ImportFrom]:
    """Return the imports that are carried out: not those for the type checker alone."""
    skipped = {id(inner) for node in ast.walk(tree) if _for_types(node) for inner in ast.walk(node)}
    return [node for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) and id(node) not in skipped]


def _for_types(node: ast.AST) -> bool:
    return isinstance(node, ast.If) and isinstance(node.test, ast.Name) and node.test.id == "TYPE_CHECKING"


@cache
def handed_out(facade: str) -> dict[str, str]:
    """Return by its name in a facade the module each thing comes from."""
    found = {}
    for node in ast.parse(MODULES[facade].read_text(encoding="utf-8")).body:
        for alias in node.names if isinstance(node, ast.ImportFrom) else ():
            inner = f"{node.module}.{alias.name}"
            found[alias.asname or alias.name] = inner if inner in MODULES else str(node.module)
    return found


def origin(module: str, name: str) -> str:
    inner = f"{module}.{name}"
    if inner in MODULES:
        return inner
    return handed_out(module).get(name, module) if module in FACADES else module


@cache
def needs(module: str) -> frozenset[str]:
    """Return the modules that a module takes something from."""
    tree = ast.parse(MODULES[module].read_text(encoding="utf-8"))
    taken = [
        (alias.asname or alias.name, origin(str(n.module), alias.name)) for n in imported(tree) for alias in n.names
    ]
    facades = {name: found for name, found in taken if found in FACADES}
    used = [
        origin(facades[node.value.id], node.attr)
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id in facades
    ]
    plain = [found for name, found in taken if name not in facades]
    return frozenset(found for found in [*plain, *used] if found in MODULES)


def closure(starts: list[str]) -> set[str]:
    seen: set[str] = set()
    todo = list(starts)
    while todo:
        module = todo.pop()
        if module not in seen:
            seen.add(module)
            todo += needs(module)
    return seen


@pytest.mark.parametrize("stage", STAGES)
def test_every_module_a_stage_imports_is_behind_its_fingerprint(stage: str) -> None:
    listed = {path for part in (*BASE, *STAGES[stage]) for path in code_of(PACKAGE / part)}
    needed = closure([f"dermshift.cli.{verb}" for verb in (stage, *MORE.get(stage, ()))])
    assert len(needed) > 20
    missing = sorted(name for name in needed - set(LEFT_OUT) if MODULES[name] not in listed)
    assert missing == []
