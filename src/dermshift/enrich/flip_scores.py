"""The familiar running-sum picture with a p-value that holds: its extreme under every pattern of the patients' changes.

The ranking is by the moderated t of the patients' own changes, not by the statistic of the engine that `prerank` ranks
by, because only the former can be had anew under every pattern. Both scores are shown; they rarely differ by much.

The score of a set also depends on where all other genes stand. What is tested is therefore that no gene of the study
responds, and where others do the answer is about them as well: with 30 % of the other genes up, a set of 100 that moved
by half a standard deviation was found in 19 % of draws (`flips`: 90 %), with 60 % up one that did not move in 40 %.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from dermshift.enrich.asked import Method
from dermshift.enrich.base import BOTH, FAMILY, VALID, MethodMeta, fill, finish, symbols
from dermshift.enrich.flips import Statistic, exact_rows, places_of, under_patterns
from dermshift.enrich.prerank import edge
from dermshift.enrich.walks import scores_by_t
from dermshift.names import TESTED

if TYPE_CHECKING:
    import pandas as pd

    from dermshift.enrich.asked import Asked
    from dermshift.enrich.base import Scalar
    from dermshift.paired.changes import Changes
    from dermshift.tables import EnrichmentTable

NAME = "flips_es"
META = MethodMeta(
    name=NAME,
    summary="running-sum score of genes ranked by the moderated t of the patients' changes, exact over sign patterns",
    null="no gene of the study responds: the changes of each patient, all genes together, are symmetric about zero",
    label=VALID,
    fdr_family=FAMILY,
    doi="10.1073/pnas.0506580102",
    extra="",
    role="test",
)


def flips_es(asked: Asked) -> EnrichmentTable:
    """Test whether the genes of each set crowd at one end of the ranking further than under most patterns.

    Returns
    -------
    One row per set; ``statistic`` and ``enrichment_score`` are the score (that of `prerank` for this ranking), with its
    leading edge. `status` is ``not_estimable`` where a group has too few patients, where no gene of the set ever
    changes, or where the set holds all that do.
    """
    score = Statistic(BOTH, partial(scores_by_t, threads=asked.options.threads), ranks=True)
    (rows,), changes = exact_rows(asked, NAME, [score], whole=False)
    rows["enrichment_score"] = rows["statistic"]
    tested = np.flatnonzero(rows["status"] == TESTED)
    return finish(fill(rows, edges(asked, changes, tested.tolist())), "flips_es table")


def edges(asked: Asked, changes: Changes, at: list[int]) -> dict[int, dict[str, Scalar]]:
    """Return the leading edges of these sets in the ranking by the patients' changes."""
    if not at:
        return {}
    t = next(under_patterns(changes, seed=asked.options.seed))[1][0]
    order = np.argsort(-t, kind="stable")
    ranks = np.argsort(order)
    names = _names(asked, changes.values.columns[order])
    places = (ranks[places_of(changes.values.columns, asked.sets[i].tested)] for i in at)
    return {i: edge(t[order], names, np.sort(here)) for i, here in zip(at, places, strict=True)}


def _names(asked: Asked, genes: pd.Index) -> np.ndarray:
    return symbols(asked.ranking).loc[genes].to_numpy(object)


METHOD = Method(META, flips_es)
