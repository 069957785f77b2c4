"""Engines: from a study and its designs to tables of genes. Every engine is listed here by hand."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dermshift.engines import deseq2, limma, voom
from dermshift.engines.base import ENGINE_FOR_SCALE, Engine, EngineMeta, EngineOptions, FitResult, flag
from dermshift.engines.configured import CONFIGURED_COLUMNS, configured_rows
from dermshift.errors import ConfigError, Problem

if TYPE_CHECKING:
    from dermshift.study import Scale

ENGINES: tuple[Engine, ...] = (deseq2.ENGINE, limma.ENGINE, voom.ENGINE)
"""Every engine there is, in the order they are shown."""

AUTO = "auto"
"""Stands for the engine of the study's scale."""


def get(name: str) -> Engine:
    """Return the engine called `name`.

    Raises
    ------
    ConfigError
        No engine has that name.
    """
    for engine in ENGINES:
        if engine.meta.name == name:
            return engine
    known = ", ".join(engine.meta.name for engine in ENGINES)
    raise ConfigError(Problem("config, key 'engine'", repr(name), f"one of {known}", "Choose an engine of that list."))


def resolve(name: str, scale: Scale) -> Engine:
    """Return the engine called `name`, or for ``auto`` the one that models `scale`.

    Whether a named engine models the scale is its own to say (`base.need_scale`).

    Raises
    ------
    ConfigError
        No engine has that name.
    """
    return get(ENGINE_FOR_SCALE[scale] if name == AUTO else name)


__all__ = [
    "AUTO",
    "CONFIGURED_COLUMNS",
    "ENGINES",
    "Engine",
    "EngineMeta",
    "EngineOptions",
    "FitResult",
    "configured_rows",
    "flag",
    "get",
    "resolve",
]
