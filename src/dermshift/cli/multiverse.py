"""The same questions by other defensible choices of the model: engine, curve, filter, test, prior."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from dermshift.engines import EngineOptions, get
from dermshift.engines.base import ALWAYS_TAKEN, rows_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import pandas as pd

    from dermshift.design.model import Design
    from dermshift.engines import Engine
    from dermshift.engines.base import Rerun
    from dermshift.study import Study

TESTS = {"wald": "Wald", "lrt": "likelihood ratio"}
SECOND_OPINION = {"deseq2": "voom", "voom": "deseq2"}
"""The other engine of the same scale."""


def other_runs(
    study: Study, designs: Sequence[Design], engine: Engine, options: EngineOptions, rerun: Rerun, genes: Sequence[str]
) -> list[tuple[dict[str, str], Mapping[str, pd.DataFrame]]]:
    """Return rows of `genes` from the same fit under other defensible choices, each with what was chosen.

    Parameters
    ----------
    rerun
        Of the engine, for these designs.
    """
    runs = others(engine, options)
    own = [chosen for one, chosen in runs if one is engine]
    found: list[Mapping[str, pd.DataFrame]] = [*rerun(designs, own, genes)]
    for one, chosen in runs[len(own) :]:  # another engine stands last
        tables = one.run(study, designs, chosen).tables
        found.append({name: rows_of(table, genes) for name, table in tables.items()})
    return [(choices_of(*run), tables) for run, tables in zip(runs, found, strict=True)]


def others(engine: Engine, options: EngineOptions) -> list[tuple[Engine, EngineOptions]]:
    """Return engines and options that differ from those of the main tables in one choice each."""
    takes = engine.meta.takes
    plain = options.lfc_threshold == 0 and options.alternative == "greaterAbs"
    changed = {
        "reference": "t" if options.reference == "normal" else "normal",
        "independent_filtering": not options.independent_filtering,
        "test": "lrt" if options.test == "wald" else "wald",
        "trend": not options.trend,
        "robust": not options.robust,
    }
    if not plain:  # a likelihood ratio compares with no change only
        changed.pop("test")
    found = [(engine, replace(options, **{name: value})) for name, value in changed.items() if name in takes]  # type: ignore[arg-type]
    second = SECOND_OPINION.get(engine.meta.name)
    return [*found, (get(second), shared(get(second), options))] if second and plain else found


def shared(engine: Engine, options: EngineOptions) -> EngineOptions:
    """Return the options another engine reads too; the rest at their defaults."""
    kept = {name: getattr(options, name) for name in (*ALWAYS_TAKEN, *engine.meta.takes)}
    return EngineOptions(**kept)


def choices_of(engine: Engine, options: EngineOptions) -> dict[str, str]:
    """Return what a run of an engine chose, in the words of a specification curve."""
    takes = engine.meta.takes
    prior = [word for word in ("trend", "robust") if getattr(options, word)]
    model = TESTS[options.test] if "test" in takes else ", ".join(["moderated t", *prior])
    return {
        "model": f"{engine.meta.name}, {model}",
        "curve": options.reference,
        "filter": "all" if options.independent_filtering else "fixed",
        "weights": "quality" if options.array_weights else "equal",
    }
