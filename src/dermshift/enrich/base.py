"""What every method shares: its record, the genes of a set, one row per set, the false discovery rate."""

from __future__ import annotations

import warnings
from contextlib import contextmanager
from dataclasses import dataclass
from logging import WARNING, disable, root
from typing import TYPE_CHECKING, Literal, TypeAlias

import numpy as np
import pandas as pd

from dermshift.fdr import benjamini_hochberg
from dermshift.names import SET_COLUMNS, TESTED
from dermshift.tables import require

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from dermshift.genes import GeneSet
    from dermshift.tables import EnrichmentTable

Scalar: TypeAlias = float | int | str

EXPLORATORY = "exploratory: ignores correlation between genes"
VALID = "valid with correlated genes"
FAMILY = "Benjamini-Hochberg within question and direction: the declared sets together, others within their collection"
DECLARED, OTHERS = "declared", "exploratory"
BOTH, MIXED, UP, DOWN = "both", "mixed", "up", "down"
NUMBERS = (
    "mean_change", "statistic", "correlation", "enrichment_score", "normalised_enrichment_score", "p_value", "floor",
)  # fmt: skip
TOO_SMALL, TOO_LARGE, TOO_FEW, NOT_ESTIMABLE = "too_small", "too_large", "too_few_genes", "not_estimable"


@dataclass(frozen=True)
class MethodMeta:
    """What the methods paragraph says of a method.

    Parameters
    ----------
    null
        What is shuffled or drawn, in words.
    label
        Caution printed beside every p-value.
    extra
        Library the method needs.
    role
        ``test`` for a method that holds its level with correlated genes and few patients, else ``exploratory``.
    """

    name: str
    summary: str
    null: str
    label: str
    fdr_family: str
    doi: str
    extra: str
    role: Literal["test", "exploratory"]


@dataclass(frozen=True)
class SetGenes:
    """A gene set and the ids of its genes that were tested, sorted."""

    gene_set: GeneSet
    tested: tuple[str, ...]


def universe(table: pd.DataFrame) -> pd.DataFrame:
    """Return the tested genes from most increased to most decreased, index gene id; ties are ordered by gene id.

    The order is total, so the result does not depend on the order of the input rows.
    """
    tested: pd.DataFrame = table[(table["status"] == TESTED) & np.isfinite(table["statistic"].to_numpy(float))]
    ordered: pd.DataFrame = tested.sort_values(["statistic", "gene_id"], ascending=[False, True])
    return ordered.set_index("gene_id", drop=False)


def symbols(genes: pd.DataFrame) -> pd.Series[str]:
    """Return the symbol of each row of a gene table, its id where no symbol is known."""
    return genes["gene_symbol"].where(genes["gene_symbol"].notna(), genes["gene_id"])


def set_rows(
    sets: Sequence[SetGenes],
    *,
    method: str,
    direction: str,
    n_universe: int,
    declared: frozenset[str],
    sizes: tuple[int, int],
) -> pd.DataFrame:
    """Return one row per set, index its place in `sets`, with everything known before the test.

    Parameters
    ----------
    declared
        Collections named in the config before the run; all others are exploratory.
    sizes
        Smallest and largest number of tested genes a set may have; others get a status and no p-value.
    """
    rows = pd.DataFrame(
        {
            "set_name": [item.gene_set.name for item in sets],
            "collection": [item.gene_set.collection for item in sets],
            "family": [DECLARED if s.gene_set.collection in declared else OTHERS for s in sets],
            "n_genes": [len(set(item.gene_set.symbols)) for item in sets],
            "n_tested": [len(item.tested) for item in sets],
        }
    )
    rows = rows.assign(method=method, direction=direction, n_universe=n_universe, status=TESTED)
    rows.loc[rows["n_tested"] < sizes[0], "status"] = TOO_SMALL
    rows.loc[rows["n_tested"] > sizes[1], "status"] = TOO_LARGE
    empty = dict.fromkeys(NUMBERS, np.nan)
    return rows.assign(**empty, n_overlap=pd.Series(pd.NA, index=rows.index, dtype="Int64"), leading_edge=None)


def in_size(rows: pd.DataFrame) -> list[int]:
    """Return the places of the sets of a size to test, with at least one tested gene."""
    return [int(i) for i in np.flatnonzero((rows["status"] == TESTED) & (rows["n_tested"] > 0))]


def fill(rows: pd.DataFrame, results: Mapping[int, Mapping[str, Scalar]]) -> pd.DataFrame:
    """Return the rows with the results of the tested sets put in; keys are index and column."""
    filled, found = rows.copy(), pd.DataFrame.from_dict(dict(results), orient="index")
    for column in found:
        known = found[column].dropna()
        filled.loc[known.index, column] = known
    return filled


def finish(rows: pd.DataFrame, where: str) -> EnrichmentTable:
    """Return a valid table, with the false discovery rate of each family over its tested sets alone.

    The declared sets are one family per method and direction. Exploratory sets are one per collection, so that the
    answer for a set does not depend on which other collections happen to be loaded.
    """
    p_value = rows["p_value"].where(rows["status"] == TESTED).to_numpy(float)
    collection = rows["collection"].where(rows["family"] == OTHERS, "")
    families: dict[tuple[str, ...], list[int]] = {}
    for place, key in enumerate(zip(rows["method"], rows["direction"], rows["family"], collection, strict=True)):
        families.setdefault(key, []).append(place)
    fdr = np.full(len(rows), np.nan)
    for places in families.values():
        fdr[places] = benjamini_hochberg(p_value[places])
    return require(rows.assign(fdr=fdr, p_value=p_value), SET_COLUMNS, where).reset_index(drop=True)


@contextmanager
def library_quiet() -> Iterator[None]:
    """Keep a library's log lines (ties, dropped sets) off the screen: each of them is dealt with before the call.

    Deprecations of pandas inside the library are not ours to mend and differ between pandas versions.
    """
    before = root.manager.disable
    disable(WARNING)
    try:
        with warnings.catch_warnings():
            warnings.filterwarnings("ignore", category=DeprecationWarning, module="pandas|gseapy")
            yield
    finally:
        disable(before)
