"""What every engine shares: its record, its options, its result, and the columns that need no model."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Literal, TypeAlias

import numpy as np
import pandas as pd

from dermshift.errors import Problem, ScaleError
from dermshift.names import TESTED

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from dermshift.design.model import Design
    from dermshift.study import Scale, Study
    from dermshift.tables import DETable

Reference = Literal["t", "normal"]
Test = Literal["wald", "lrt"]
Alternative = Literal["greaterAbs", "lessAbs", "greater", "less"]

ENGINE_FOR_SCALE: dict[Scale, str] = {"counts": "deseq2", "log2": "limma"}
"""The engine that models each scale where none is named (``auto``)."""

_RIGHT_ENGINE: dict[Scale, str] = {
    "log2": "'log2' values are modelled by 'limma'",
    "counts": "'counts' values are modelled by 'deseq2', or by 'limma' through 'voom'",
}

ALWAYS_TAKEN = ("alpha", "shrink", "seed", "threads")
"""Options no engine refuses: where one has no use for them they change nothing, and missing estimates say so."""


@dataclass(frozen=True)
class EngineMeta:
    """What the methods paragraph says of an engine.

    Parameters
    ----------
    scale
        Scale of the values the engine needs.
    pairing
        How the pairs enter the model.
    effect_unit
        Unit of the estimates.
    test
        The test, and the reference curve of p-values and intervals.
    fdr_family
        Which p-values are adjusted together.
    doi
        Publication of the method.
    extra
        Library the engine needs beyond numpy and pandas.
    takes
        Names of the `EngineOptions` the engine reads, beyond those of `ALWAYS_TAKEN`; another one that is not at its
        default is refused.
    """

    name: str
    summary: str
    scale: Scale
    pairing: str
    effect_unit: str
    test: str
    fdr_family: str
    doi: str
    extra: str
    takes: tuple[str, ...]


@dataclass(frozen=True)
class EngineOptions:
    """Choices of a fit; every default is the documented one.

    Parameters
    ----------
    min_count
        Smallest count of the gene filter (``design.tested_genes``).
    alpha
        False discovery rate the optional independent filter maximises discoveries at. It changes no p-value.
    independent_filtering
        Replace the fixed gene filter, one for all questions, by a threshold on the mean chosen per question.
    shrink
        Also compute shrunken estimates where the contrast is a single coefficient and the engine knows how.
    reference
        Curve of p-values and intervals: ``t`` with residual and prior degrees of freedom, or ``normal`` as in R.
    test
        ``wald``, or ``lrt``: the likelihood-ratio test of the model with against without the contrast.
    lfc_threshold
        Log2 fold change the test compares with instead of 0.
    alternative
        What is claimed of the threshold, in the words of R ``DESeq2::results``: ``greaterAbs``, ``lessAbs``,
        ``greater`` or ``less``.
    trend
        Let the prior variance follow the mean expression (R ``eBayes(trend = TRUE)``).
    robust
        Keep genes of outlying variance from setting the prior (R ``eBayes(robust = TRUE)``).
    array_weights
        Weigh each library by how well it fits (R ``arrayWeights``). A sensitivity run, never the headline.
    seed
        Seed of the depth equalisation of summed compartments.
    threads
        Threads of the fit, 0 for every core. It changes no number.
    """

    min_count: int = 10
    alpha: float = 0.05
    independent_filtering: bool = False
    shrink: bool = True
    reference: Reference = "t"
    test: Test = "wald"
    lfc_threshold: float = 0.0
    alternative: Alternative = "greaterAbs"
    trend: bool = False
    robust: bool = False
    array_weights: bool = False
    seed: int = 0
    threads: int = 1

    def record(self) -> dict[str, object]:
        """Return the choices a result depends on."""
        return {name: value for name, value in asdict(self).items() if name != "threads"}


@dataclass(frozen=True)
class FitResult:
    """Tables of one fit by question id, and JSON-able facts about the fit."""

    tables: dict[str, DETable]
    record: dict[str, object]


RERUN_COLUMNS = ("gene_id", "log2_fold_change", "standard_error", "ci_lower", "ci_upper", "df", "p_value")
"""What a rerun returns of a table of genes."""

Rerun: TypeAlias = "Callable[[Sequence[Design], Sequence[EngineOptions], Sequence[str]], list[dict[str, pd.DataFrame]]]"
"""From designs that share one matrix, options and gene ids to `RERUN_COLUMNS` of these genes, by options and question.

The designs are those of one fit, or have fewer of its libraries.
"""


@dataclass(frozen=True)
class Engine:
    """A record and a function: ``run(study, designs, options)`` for designs that share one ``fit_id``.

    Parameters
    ----------
    again
        Where the engine knows a shorter way to the numbers of a few genes: ``again(study, design, options)`` prepares
        reruns of that design. Their numbers are those of `run`.
    """

    meta: EngineMeta
    run: Callable[[Study, Sequence[Design], EngineOptions], FitResult]
    again: Callable[[Study, Design, EngineOptions], Rerun] | None = None

    def reruns(self, study: Study, design: Design, options: EngineOptions) -> Rerun:
        """Return how a few genes are fitted again, the long way where the engine knows no shorter one."""
        if self.again is not None:
            return self.again(study, design, options)

        def run(
            designs: Sequence[Design], choices: Sequence[EngineOptions], genes: Sequence[str]
        ) -> list[dict[str, pd.DataFrame]]:
            found = [self.run(study, designs, one).tables for one in choices]
            return [{name: rows_of(table, genes) for name, table in tables.items()} for tables in found]

        return run


def rows_of(table: pd.DataFrame, genes: Sequence[str]) -> pd.DataFrame:
    """Return `RERUN_COLUMNS` of the genes of a table."""
    rows: pd.DataFrame = table.loc[table["gene_id"].isin(list(genes)), list(RERUN_COLUMNS)]
    return rows


def need_scale(meta: EngineMeta, name: str, scale: Scale) -> None:
    """Refuse values of the study `name` that are not on the engine's scale.

    Raises
    ------
    ScaleError
        Naming the engine that models the study's scale.
    """
    if scale != meta.scale:
        never = "Never round, exponentiate or take logarithms to fit an engine."
        raise ScaleError(
            Problem(
                where=f"study '{name}', engine '{meta.name}'",
                found=f"values on the scale '{scale}'",
                expected=f"values on the scale '{meta.scale}'; {_RIGHT_ENGINE[scale]}",
                action=f"Choose engine '{ENGINE_FOR_SCALE[scale]}', or give a matrix of {meta.scale}. {never}",
            )
        )


def rank_by_p(p: pd.Series[float], statistic: pd.Series[float], status: pd.Series[str]) -> pd.Series[int]:
    """Return the place of each tested gene by p-value, 1 = smallest; equal p go by |statistic|, then by row."""
    order = np.lexsort((-statistic.abs().to_numpy(float), p.to_numpy(float)))
    order = order[(status == TESTED).to_numpy()[order]]
    ranks = pd.Series(pd.NA, index=p.index, dtype="Int64")
    ranks.iloc[order] = np.arange(1, len(order) + 1)
    return ranks


def flag(table: DETable, flags: Mapping[str, str]) -> DETable:
    """Return the table with the role of every configured gene in ``flag``.

    Parameters
    ----------
    flags
        Gene id to role, e.g. ``{"ENSG00000148346": "mediator"}``; ids the table lacks are ignored.
    """
    roles = table["gene_id"].map(dict(flags)).astype(object)
    return table.assign(flag=roles.where(roles.notna(), None))
