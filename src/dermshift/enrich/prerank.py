"""Gene set enrichment of a ranked list of genes (GSEA prerank), to the numbers of GSEApy."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from dermshift.enrich.asked import Method
from dermshift.enrich.base import EXPLORATORY, FAMILY, NOT_ESTIMABLE, MethodMeta, fill, finish, in_size, symbols
from dermshift.enrich.members import membership
from dermshift.enrich.running import leading_edge, running_score
from dermshift.enrich.walks import permuted, scores_by_t

if TYPE_CHECKING:
    from collections.abc import Mapping

    import numpy.typing as npt

    from dermshift.enrich.asked import Asked
    from dermshift.enrich.base import Scalar
    from dermshift.tables import EnrichmentTable

    Floats = npt.NDArray[np.float64]

META = MethodMeta(
    name="prerank",
    summary="running-sum enrichment of genes ranked by the signed test statistic, weight 1 (numbers of GSEApy prerank)",
    null="genes are permuted, not patients",
    label=EXPLORATORY,
    fdr_family=FAMILY,
    doi="10.1073/pnas.0506580102",
    extra="",
    role="exploratory",
)

SCORES = {"enrichment_score": "es", "normalised_enrichment_score": "nes", "p_value": "pval"}


def prerank(asked: Asked) -> EnrichmentTable:
    """Test whether the genes of each set crowd at one end of the ranking.

    Notes
    -----
    ``p_value`` is never below ``floor``, 1 / (permutations + 1). ``status`` is ``not_estimable`` where a set holds
    every tested gene, where all its statistics are 0, or where no permutation had the sign of its score.
    """
    rows = asked.rows("prerank")
    statistic = asked.ranking["statistic"].to_numpy(float)
    hits = {i: asked.ranked[i] for i in in_size(rows)}
    sound = {i: at for i, at in hits.items() if len(at) < len(statistic) and statistic[at].any()}
    rows.loc[[i for i in hits if i not in sound], "status"] = NOT_ESTIMABLE
    options = asked.options
    found = gsea(statistic, sound, seed=options.seed, permutations=options.permutations, threads=options.threads)
    floor = 1 / (options.permutations + 1)
    rows.loc[list(sound), list(SCORES)] = found[list(SCORES.values())].to_numpy(float)
    known = rows["p_value"].notna()
    rows.loc[known, "p_value"] = rows.loc[known, "p_value"].clip(lower=floor)
    rows.loc[known, "floor"] = floor
    rows.loc[[i for i in sound if not known[i]], "status"] = NOT_ESTIMABLE
    names = symbols(asked.ranking).to_numpy(object)
    return finish(fill(rows, {i: edge(statistic, names, at) for i, at in sound.items()}), "prerank table")


def edge(statistic: Floats, names: npt.NDArray[np.object_], hits: npt.NDArray[np.int64]) -> dict[str, Scalar]:
    """Return ``n_overlap`` and ``leading_edge`` of a set.

    Parameters
    ----------
    statistic, names
        Of all genes, from most increased to most decreased.
    hits
        Ascending places of the set's genes.
    """
    core = hits[leading_edge(*running_score(statistic, hits))]
    return {"n_overlap": len(core), "leading_edge": ";".join(names[core])}


def gsea(
    statistic: Floats, hits: Mapping[int, npt.NDArray[np.int64]], *, seed: int, permutations: int, threads: int = 1
) -> pd.DataFrame:
    """Return score, normalised score and p of each set, as ``es``, ``nes`` and ``pval``.

    GSEApy walks through all genes for every set and permutation; here only the genes of a set are visited. Its
    permutations and its definitions are kept, so the numbers are its own, whichever other sets are asked.

    Parameters
    ----------
    statistic
        Shape (n,), descending.
    hits
        Positions of each set's genes, fewer than n.
    threads
        0 for every core. It changes no number.

    Returns
    -------
    Index as in `hits`; ``nes`` and ``pval`` are missing where no permutation had the sign of the score.
    """
    members = membership(list(hits.values()), len(statistic))
    score = scores_by_t(statistic[None], members)[0]
    same, beyond, total = np.zeros(len(score)), np.zeros(len(score)), np.zeros(len(score))
    for null in permuted(statistic, members, seed=seed, permutations=permutations, threads=threads):
        agrees = (null >= 0) == (score >= 0)
        same += agrees.sum(axis=0)
        beyond += (agrees & (np.abs(null) >= np.abs(score))).sum(axis=0)
        # one after the other: a sum would round by the number of sets
        total = np.cumsum([total, *np.where(agrees, null, 0)], axis=0)[-1]
    with np.errstate(divide="ignore", invalid="ignore"):
        scores = {"es": score, "nes": score / np.abs(total / same), "pval": beyond / same}
    return pd.DataFrame(scores, index=list(hits))


METHOD = Method(META, prerank)
