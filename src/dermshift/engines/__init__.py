"""Engines: from a study and its designs to tables of genes. Every engine is listed here by hand."""

from __future__ import annotations

from dermshift.engines import deseq2
from dermshift.engines.base import Engine, EngineMeta, EngineOptions, FitResult, flag
from dermshift.engines.configured import CONFIGURED_COLUMNS, configured_rows
from dermshift.errors import ConfigError, Problem

ENGINES: tuple[Engine, ...] = (deseq2.ENGINE,)
"""Every engine there is, in the order they are shown."""


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


__all__ = [
    "CONFIGURED_COLUMNS",
    "ENGINES",
    "Engine",
    "EngineMeta",
    "EngineOptions",
    "FitResult",
    "configured_rows",
    "flag",
    "get",
]
