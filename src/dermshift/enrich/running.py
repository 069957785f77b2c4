"""The running enrichment score of a ranking, and its leading edge."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from dermshift.enrich.base import symbols
from dermshift.names import RUNNING_COLUMNS, column_names
from dermshift.tables import require

if TYPE_CHECKING:
    from collections.abc import Collection

    import numpy.typing as npt

    from dermshift.enrich.asked import Asked


def running_score(
    statistic: npt.NDArray[np.float64], hits: npt.NDArray[np.int64]
) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    """Return the running score just before and just after each gene of the set (weight 1).

    Parameters
    ----------
    statistic
        Shape (n,), from most increased to most decreased.
    hits
        Shape (k,), ascending positions of the set's genes; 0 < k < n, not all of them with statistic 0.

    References
    ----------
    Subramanian et al. 2005, doi:10.1073/pnas.0506580102, appendix, with p = 1.
    """
    weight = np.abs(statistic[hits])
    weight = weight / weight.sum()
    misses = (hits - np.arange(len(hits))) / (len(statistic) - len(hits))
    after = np.cumsum(weight) - misses
    return after - weight, after


def running_frame(name: str, ranking: pd.DataFrame, hits: npt.NDArray[np.int64]) -> pd.DataFrame:
    """Return the rows of the running-score table of one set; columns `names.RUNNING_COLUMNS`."""
    before, after = running_score(ranking["statistic"].to_numpy(float), hits)
    genes = ranking.iloc[hits]
    return pd.DataFrame(
        {
            "set_name": name,
            "position": hits,
            "gene_id": genes["gene_id"].to_numpy(),
            "gene_symbol": symbols(genes).to_numpy(),
            "statistic": genes["statistic"].to_numpy(float),
            "score_before": before,
            "score_after": after,
        }
    )


def running_table(asked: Asked, names: Collection[str]) -> pd.DataFrame:
    """Return the running score at every gene of the sets called `names` that can be ranked."""
    ranking = asked.ranking
    statistic = ranking["statistic"].to_numpy(float)
    frames = []
    for item, hits in zip(asked.sets, asked.ranked, strict=True):
        if item.gene_set.name in names and 0 < len(hits) < len(statistic) and statistic[hits].any():
            frames.append(running_frame(item.gene_set.name, ranking, hits))
    empty = pd.DataFrame(columns=column_names(RUNNING_COLUMNS))
    return require(pd.concat(frames, ignore_index=True) if frames else empty, RUNNING_COLUMNS, "running-score table")


def leading_edge(before: npt.ArrayLike, after: npt.ArrayLike) -> npt.NDArray[np.int64]:
    """Return which genes of a set stand between the extreme of the score and the end it leans to, strongest first.

    Parameters
    ----------
    before, after
        The running score at the genes of the set (`running_score`).
    """
    low, high = np.asarray(before, dtype=float), np.asarray(after, dtype=float)
    if high.max() >= -low.min():
        return np.arange(high.argmax() + 1)
    return np.arange(low.argmin(), len(low))[::-1]
