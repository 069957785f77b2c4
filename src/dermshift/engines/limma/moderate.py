"""Moderated test of one contrast: variances of all genes squeezed towards a common prior."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

import numpy as np
import pandas as pd

from dermshift.engines.limma.trend import thin_trend
from dermshift.errors import DesignError, Problem

if TYPE_CHECKING:
    from collections.abc import Mapping

    import numpy.typing as npt

    from dermshift.engines.base import EngineOptions

    Floats = npt.NDArray[np.float64]

LinearFit: TypeAlias = "Mapping[str, object]"
"""What pylimma's `lm_fit` and `contrasts_fit` return, and `e_bayes` reads."""


@dataclass(frozen=True)
class Moderated:
    """One contrast of all fitted genes.

    Parameters
    ----------
    tested
        Rows for `engines.table.assemble`, index gene id.
    prior_df, prior_variance
        One number for all genes, or one each where the prior has a trend or is robust.
    """

    tested: pd.DataFrame
    prior_df: Floats
    prior_variance: Floats


def moderated(fit: LinearFit, genes: pd.Index[str], options: EngineOptions) -> Moderated:
    """Test the one contrast of a fit against no change, or against the threshold of the options.

    The standard error is the posterior one, so that estimate, error, statistic, interval and p-value agree.

    Parameters
    ----------
    fit
        Of one contrast: ``coefficients`` and ``stdev_unscaled`` are genes x 1.

    Raises
    ------
    DesignError
        The variances allow no prior, e.g. most of them are zero.

    References
    ----------
    Smyth 2004, doi:10.2202/1544-6115.1027; McCarthy and Smyth 2009, doi:10.1093/bioinformatics/btp053; Phipson et al.
    2016, doi:10.1214/16-AOAS920; R ``limma::eBayes`` and ``limma::treat``.
    """
    from pylimma import e_bayes, treat

    prior = {"trend": options.trend, "robust": options.robust}
    try:
        with thin_trend():
            if options.lfc_threshold > 0:
                found = treat(fit, lfc=options.lfc_threshold, **prior)
            else:
                found = e_bayes(fit, **prior)
    except ValueError as error:
        raise DesignError(_no_prior(str(error))) from None
    estimate, unscaled, statistic, p = (
        np.asarray(found[name], dtype=float)[:, 0] for name in ("coefficients", "stdev_unscaled", "t", "p_value")
    )
    tested = pd.DataFrame(
        {
            "estimate": estimate,
            "error": unscaled * np.sqrt(np.asarray(found["s2_post"], dtype=float)),
            "statistic": statistic,
            "p": np.minimum(p, 1.0),  # two tails of a t add up to a little more than 1
            "df": np.broadcast_to(np.asarray(found["df_total"], dtype=float), estimate.shape),
            "outlier": False,
            "converged": True,
            "kept": True,
        },
        index=genes,
    )
    return Moderated(tested, np.asarray(found["df_prior"], float), np.asarray(found["s2_prior"], float))


def _no_prior(reason: str) -> Problem:
    return Problem(
        where="moderated variances",
        found=reason,
        expected="genes whose values differ between the pairs, so that their variances have a common prior",
        action="Check that the matrix holds measured values, or leave trend and robust at false.",
    )
