"""Over-representation of a set among the genes that changed (hypergeometric test), as GSEApy computes it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from dermshift.enrich.asked import Method
from dermshift.enrich.base import (
    DOWN,
    EXPLORATORY,
    FAMILY,
    TOO_FEW,
    UP,
    MethodMeta,
    fill,
    finish,
    library_quiet,
    symbols,
)
from dermshift.names import TESTED

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from dermshift.enrich.asked import Asked
    from dermshift.enrich.base import SetGenes
    from dermshift.tables import EnrichmentTable

META = MethodMeta(
    name="overlap",
    summary="over-representation among genes below the FDR limit, up and down apart, within the tested genes (GSEApy)",
    null="as many genes drawn at random from the tested genes (hypergeometric)",
    label=EXPLORATORY,
    fdr_family=FAMILY,
    doi="10.1093/bioinformatics/btac757",
    extra="gseapy",
    role="exploratory",
)

FEWEST = 10
"""A list of fewer genes is not tested."""


def overlap(asked: Asked) -> EnrichmentTable:
    """Test whether the genes that went up, and those that went down, hold more of each set than chance would.

    A gene is on a list where its ``fdr`` is below ``alpha``, whatever the size of its change.

    Returns
    -------
    Two rows per set, ``up`` then ``down``; ``enrichment_score`` is the odds ratio with 1/2 added to each cell.
    """
    ranking = asked.ranking
    found = ranking[ranking["fdr"] < asked.options.alpha]
    lists = {UP: found[found["log2_fold_change"] > 0], DOWN: found[found["log2_fold_change"] < 0].iloc[::-1]}
    parts = [
        _test(asked.rows("overlap", direction), asked.sets, listed, list(ranking.index))
        for direction, listed in lists.items()
    ]
    return finish(pd.concat(parts, ignore_index=True), "overlap table")


def _test(rows: pd.DataFrame, genes: Sequence[SetGenes], listed: pd.DataFrame, background: list[str]) -> pd.DataFrame:
    place, names = {gene: i for i, gene in enumerate(listed.index)}, symbols(listed).to_numpy(object)
    shared = [sorted(place[gene] for gene in item.tested if gene in place) for item in genes]
    counts = [len(at) for at in shared]
    rows = rows.assign(n_overlap=counts, leading_edge=[";".join(names[at]) for at in shared])
    if len(listed) < FEWEST:
        return rows.assign(status=rows["status"].where(rows["status"] != TESTED, TOO_FEW))
    run = {int(i): genes[int(i)].tested for i in rows.index[rows["status"] == TESTED]}
    p = hypergeometric(run, set(listed.index), background)
    size = (len(listed), len(background))
    odds = {i: odds_ratio(counts[i], len(tested), *size) for i, tested in run.items()}
    return fill(rows, {i: {"enrichment_score": odds[i], "p_value": p[i]} for i in run})


def odds_ratio(shared: int, in_set: int, listed: int, total: int) -> float:
    """Return the odds ratio of the two-by-two table with 1/2 added to each cell (Haldane and Anscombe)."""
    outside = total - in_set - listed + shared
    return (shared + 0.5) * (outside + 0.5) / ((in_set - shared + 0.5) * (listed - shared + 0.5))


def hypergeometric(
    sets: Mapping[int, Collection[str]], listed: Collection[str], background: Sequence[str]
) -> dict[int, float]:
    """Return the p-value of each set: at least as many shared genes, drawing `listed` genes from `background`.

    The library leaves out sets that share no gene (p = 1), and takes the union of the sets where it is given no
    background; both would change the family the q-values belong to.
    """
    if not sets:
        return {}
    import gseapy  # heavy

    place = {gene: f"G{i}" for i, gene in enumerate(background)}  # the library folds upper and lower case of names
    with library_quiet():
        result = gseapy.enrich(
            gene_list=[place[gene] for gene in sorted(listed)],
            gene_sets={str(i): [place[gene] for gene in genes] for i, genes in sets.items()},
            background=list(place.values()),
            outdir=None,
            no_plot=True,
            verbose=False,
        ).results
    some = isinstance(result, pd.DataFrame) and len(result)  # the library returns a list where nothing is shared
    p = dict(zip(result["Term"], result["P-value"], strict=True)) if some else {}
    return {i: float(p.get(str(i), 1.0)) for i in sets}


METHOD = Method(META, overlap)
