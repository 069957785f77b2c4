"""From tested genes to the table of all genes of the study."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from scipy.stats import t

from dermshift.engines.base import rank_by_p
from dermshift.fdr import benjamini_hochberg
from dermshift.names import FILTERED, NOT_ESTIMABLE, OUTLIER, SET_ASIDE, TESTED
from dermshift.tables import require_de

if TYPE_CHECKING:
    from dermshift.design.model import Design
    from dermshift.tables import DETable


def statuses(tested: pd.DataFrame) -> pd.Series[str]:
    """Return the status of each gene of the fit, from its numbers and its booleans."""
    values = tested[["estimate", "error", "statistic"]].to_numpy(float)
    sound = np.isfinite(values).all(axis=1) & (values[:, 1] > 0) & tested["converged"].to_numpy(bool)
    status = pd.Series(TESTED, index=tested.index, dtype=object)
    status[~tested["kept"]] = FILTERED
    status[tested["outlier"]] = OUTLIER
    status[~sound] = NOT_ESTIMABLE
    return status


def assemble(
    genes: pd.DataFrame, base_mean: pd.Series[float], tested: pd.DataFrame, shrunk: pd.Series[float], design: Design
) -> DETable:
    """Return one row per gene of the study, in its order.

    Parameters
    ----------
    genes
        Gene annotation of the study, index gene id, column ``gene_symbol``; a row with a reason in ``set_aside`` keeps
        its numbers and stays outside the false discovery rate and the rank.
    base_mean
        Mean value of every gene of the study.
    tested
        Genes of the fit, index gene id: ``estimate`` and ``error`` in log2, ``statistic``, ``p`` and ``df`` of its
        reference curve, and the booleans ``outlier`` (p withheld), ``converged`` and ``kept`` (passes the gene filter).
        All other genes are filtered.
    shrunk
        Shrunken log2 estimates, index gene id; may be empty.
    """
    known = tested.assign(status=statuses(tested)).reindex(genes.index)
    status = known["status"].where(known["status"].notna(), FILTERED)
    if SET_ASIDE in genes:
        status[(status == TESTED) & (genes[SET_ASIDE] != "")] = SET_ASIDE
    shown = known.mask(status == NOT_ESTIMABLE)
    p = shown["p"].clip(lower=np.finfo(float).tiny).mask(status.isin([OUTLIER, NOT_ESTIMABLE]))
    symbols = genes["gene_symbol"].astype(object)
    estimate, error = shown["estimate"].astype(float), shown["error"].astype(float)
    curve = shown["df"].astype(float)
    half_width = error * t.ppf(0.975, curve)  # the curve the p-value uses, so that interval and p agree
    frame = pd.DataFrame(
        {
            "gene_id": genes.index.astype(str),
            "gene_symbol": symbols.where(symbols.notna() & (symbols != ""), None),
            "base_mean": base_mean.reindex(genes.index),
            "log2_fold_change": estimate,
            "standard_error": error,
            "ci_lower": estimate - half_width,
            "ci_upper": estimate + half_width,
            "statistic": shown["statistic"].astype(float),
            "df": curve.where(np.isfinite(curve), design.residual_df),
            "p_value": p.astype(float),
            "fdr": benjamini_hochberg(p.where(status == TESTED).to_numpy(float)),
            "log2_fold_change_shrunken": shrunk.reindex(genes.index).mask(status == NOT_ESTIMABLE),
            "n_pairs": design.n_pairs,
            "flag": None,
            "status": status,
        },
        index=genes.index,
    )
    frame["rank"] = rank_by_p(frame["p_value"], frame["statistic"], frame["status"])
    return require_de(frame.reset_index(drop=True), f"table of question '{design.question.id}'")
