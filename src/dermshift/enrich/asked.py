"""What every method is asked, and what a method is."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from dermshift.enrich.base import BOTH, set_rows, universe

if TYPE_CHECKING:
    from collections.abc import Callable

    import numpy.typing as npt
    import pandas as pd

    from dermshift.enrich.base import MethodMeta, SetGenes
    from dermshift.paired.changes import Changes
    from dermshift.tables import DETable, EnrichmentTable


@dataclass(frozen=True)
class SetOptions:
    """Choices of the enrichment.

    Parameters
    ----------
    declared
        Collections named in the config before the run; all others are exploratory.
    alpha
        False discovery rate of the lists of over-representation.
    permutations
        Gene permutations of prerank.
    min_size, max_size
        Limits on the number of tested genes of a set; sets outside keep a row, without a p-value.
    threads
        Threads of the patient flips. It changes no number.
    """

    declared: frozenset[str] = frozenset()
    alpha: float = 0.05
    permutations: int = 1000
    min_size: int = 5
    max_size: int = 500
    seed: int = 0
    threads: int = 1


@dataclass(frozen=True)
class Asked:
    """One question, as every method sees it.

    Parameters
    ----------
    table
        All genes of the study.
    sets
        Sets with their tested genes (`mapping.map_sets`).
    values
        Libraries x tested genes, log2: log2 intensities, or the values of voom.
    matrix, contrast
        The model of the question: libraries (rows as in `values`) x coefficients, and one weight per coefficient.
    block, correlation
        One label per library and the correlation within it, where patients are a random block; else () and None.
    weights
        Precision weights of voom, same shape; None where all values weigh the same.
    changes
        The patients' own changes of the tested genes, log2.
    differences
        Patients (rows as in `changes`) x libraries (columns as rows of `values`): the weight of each library in the
        patient's change, +1 after and -1 before; of a difference of compartments the reverse in the second. Whatever
        is known of each library becomes a change of each patient by ``differences @ known``.
    expression
        Samples x genes of the study, log2: what scores of single samples are made of.
    scored
        Scores of the libraries by method: questions of one fit have the same libraries and share them.
    """

    table: DETable
    sets: tuple[SetGenes, ...]
    values: pd.DataFrame
    matrix: npt.NDArray[np.float64]
    contrast: npt.NDArray[np.float64]
    weights: pd.DataFrame | None
    changes: Changes
    differences: pd.DataFrame
    expression: pd.DataFrame
    options: SetOptions = SetOptions()
    block: tuple[str, ...] = ()
    correlation: float | None = None
    scored: dict[str, pd.DataFrame] = field(default_factory=dict)

    @cached_property
    def ranking(self) -> pd.DataFrame:
        """Tested genes from most increased to most decreased (`universe`)."""
        return universe(self.table)

    @cached_property
    def places(self) -> list[npt.NDArray[np.int64]]:
        """Columns of `values` that hold the tested genes of each set, in the order of the sets."""
        place = {gene: i for i, gene in enumerate(self.values.columns)}
        return [np.array([place[gene] for gene in item.tested], dtype=np.int64) for item in self.sets]

    @cached_property
    def ranked(self) -> list[npt.NDArray[np.int64]]:
        """Places of the tested genes of each set in the ranking, ascending, in the order of the sets."""
        place = {gene: i for i, gene in enumerate(self.ranking.index)}
        return [np.sort(np.array([place[gene] for gene in item.tested], dtype=np.int64)) for item in self.sets]

    @cached_property
    def reduced(self) -> dict[bool, npt.NDArray[np.float64]]:
        """Effects by whether they are aligned, as `effects.effects` found them: two tests read the same."""
        return {}

    def rows(self, method: str, direction: str = BOTH) -> pd.DataFrame:
        """Return one row per set with everything known before the test; too small or too large ones say so."""
        change = self.ranking["log2_fold_change"].to_numpy(float)
        means = [float(change[at].mean()) if len(at) else np.nan for at in self.ranked]
        rows = set_rows(
            self.sets,
            method=method,
            direction=direction,
            n_universe=len(self.ranking),
            declared=self.options.declared,
            sizes=(self.options.min_size, self.options.max_size),
        )
        return rows.assign(mean_change=means)


@dataclass(frozen=True)
class Method:
    """A record and a function from a question to rows of the enrichment table, in the order of the sets."""

    meta: MethodMeta
    run: Callable[[Asked], EnrichmentTable]
