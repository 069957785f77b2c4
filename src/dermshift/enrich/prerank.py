"""Gene set enrichment of a ranked list of genes (GSEA prerank), as GSEApy computes it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from dermshift.enrich.asked import Method
from dermshift.enrich.base import (
    EXPLORATORY,
    FAMILY,
    NOT_ESTIMABLE,
    MethodMeta,
    fill,
    finish,
    in_size,
    library_quiet,
)
from dermshift.enrich.running import leading_edge, running_frame

if TYPE_CHECKING:
    from collections.abc import Mapping

    import numpy.typing as npt

    from dermshift.enrich.asked import Asked
    from dermshift.enrich.base import Scalar
    from dermshift.tables import EnrichmentTable

META = MethodMeta(
    name="prerank",
    summary="running-sum enrichment of genes ranked by the signed test statistic, weight 1 (GSEApy prerank)",
    null="genes are permuted, not patients",
    label=EXPLORATORY,
    fdr_family=FAMILY,
    doi="10.1073/pnas.0506580102",
    extra="gseapy",
    role="exploratory",
)


def prerank(asked: Asked) -> EnrichmentTable:
    """Test whether the genes of each set crowd at one end of the ranking.

    Notes
    -----
    ``p_value`` is never below ``floor``, 1 / (permutations + 1). ``status`` is ``not_estimable`` where a set holds
    every tested gene, where all its statistics are 0, or where no permutation had the sign of its score.
    """
    ranking = asked.ranking
    rows = asked.rows("prerank")
    statistic = ranking["statistic"].to_numpy(float)
    hits = {i: np.flatnonzero(ranking.index.isin(asked.sets[i].tested)) for i in in_size(rows)}
    sound = {i: at for i, at in hits.items() if len(at) < len(statistic) and statistic[at].any()}
    scores = gsea(statistic, sound, seed=asked.options.seed, permutations=asked.options.permutations)
    floor = 1 / (asked.options.permutations + 1)
    rows.loc[[i for i in hits if i not in sound], "status"] = NOT_ESTIMABLE
    found = {
        i: _result(scores[i], running_frame(asked.sets[i].gene_set.name, ranking, at), floor) for i, at in sound.items()
    }
    return finish(fill(rows, found), "prerank table")


def _result(score: Mapping[str, float], frame: pd.DataFrame, floor: float) -> dict[str, Scalar]:
    edge = leading_edge(frame, score["es"])
    known: dict[str, Scalar] = {
        "enrichment_score": score["es"],
        "n_overlap": len(edge),
        "leading_edge": ";".join(edge),
    }
    if not np.isfinite([score["nes"], score["pval"]]).all():
        return known | {"status": NOT_ESTIMABLE}
    return known | {
        "normalised_enrichment_score": score["nes"],
        "p_value": max(score["pval"], floor),
        "floor": floor,
    }


def gsea(
    statistic: npt.NDArray[np.float64],
    hits: Mapping[int, npt.NDArray[np.int64]],
    *,
    seed: int,
    permutations: int,
) -> dict[int, dict[str, float]]:
    """Return score, normalised score and p of each set, as ``es``, ``nes`` and ``pval``.

    Parameters
    ----------
    statistic
        Shape (n,), descending.
    hits
        Positions of each set's genes.

    Notes
    -----
    Genes are handed over by place (``G0``, ``G1``, ...), already in order: the library renames repeated names, folds
    upper and lower case, and sorts ties in no fixed order.
    """
    if not hits:
        return {}
    import gseapy  # heavy

    names = np.array([f"G{place}" for place in range(len(statistic))])
    with library_quiet():
        result = gseapy.prerank(
            rnk=pd.DataFrame({"gene": names, "statistic": statistic}),
            gene_sets={str(i): names[at].tolist() for i, at in hits.items()},
            min_size=1,
            max_size=len(statistic),
            permutation_num=permutations,
            weight=1.0,
            ascending=None,  # keep the order given
            threads=1,
            seed=seed,
            outdir=None,
            no_plot=True,
            verbose=False,
        )
    return {i: {key: float(result.results[str(i)][key]) for key in ("es", "nes", "pval")} for i in hits}


METHOD = Method(META, prerank)
