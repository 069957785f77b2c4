"""Noise of a gene: dispersion within a patient, differences between patients, and the inflammation score."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import pandas as pd

    from dermshift.simulate.inputs import Inputs
    from dermshift.simulate.settings import Constants

SUBJECT_MEANS = (2.5, 7.0, 17.0, 55.0, 170.0, 550.0, 1700.0, 5500.0, 15000.0)
SUBJECT_SD = (0.57, 0.66, 0.56, 0.47, 0.30, 0.21, 0.19, 0.21, 0.26)
"""sd (log2) of the true level of a patient by mean count: 18 pairs of biopsies, GSE193309."""


@dataclass(frozen=True)
class Noise:
    """Per gene: negative-binomial ``dispersion``, log2 ``sd_subject``, log2 ``loading`` per sd of the score."""

    dispersion: np.ndarray
    sd_subject: np.ndarray
    loading: np.ndarray


def dispersion_curve(mean: np.ndarray) -> np.ndarray:
    """Return the dispersion within a patient at a mean count.

    .034 + 1.9 mean^-0.8, fitted to the medians of pairs of biopsies in GSE193309 (within 30 % of them).
    """
    curve: np.ndarray = 0.034 + 1.9 * np.maximum(mean, 1.0) ** -0.8
    return curve


def gene_noise(
    inputs: Inputs,
    constants: Constants,
    symbols: pd.Series[str],
    mean: np.ndarray,
    rng: np.random.Generator,
    *,
    eczema_noise: bool,
) -> Noise:
    """Return the noise of every gene, given its mean count.

    Where ``noise.tsv`` gives ``sd_resid`` and ``sd_subject`` they hold for the whole variation of the gene: what the
    score and the counting add is taken off, so that it is not counted twice.
    """
    scatter = np.exp(constants.dispersion_sd * rng.standard_normal(len(mean)))
    dispersion = dispersion_curve(mean) * scatter
    sd_subject = np.interp(np.log(np.maximum(mean, 1.0)), np.log(SUBJECT_MEANS), SUBJECT_SD)
    exceptions = _exceptions(inputs, symbols, eczema_noise=eczema_noise)
    loading = np.nan_to_num(exceptions["loading"].to_numpy(float))
    own = exceptions["sd_resid"].to_numpy(float) ** 2 - (1 - constants.score_share) * loading**2
    own_dispersion = np.maximum(own * np.log(2) ** 2 - 1 / np.maximum(mean, 1.0), 0.01)
    own_subject = exceptions["sd_subject"].to_numpy(float) ** 2 - constants.score_share * loading**2
    named = np.isfinite(own)
    dispersion = np.where(named, own_dispersion, dispersion)
    sd_subject = np.where(named, np.sqrt(np.maximum(own_subject, 0.0)), sd_subject)
    # Rounded because the last bit of exp() differs between processors and the counts must not.
    return Noise(np.round(dispersion, 6), sd_subject, loading)


def _exceptions(inputs: Inputs, symbols: pd.Series[str], *, eczema_noise: bool) -> pd.DataFrame:
    """Return the row of ``noise.tsv`` that holds for each gene, missing values where none does."""
    options = ["eczema_noise", ""] if eczema_noise else [""]
    # A stable sort puts the rows of the chosen option before the plain ones of the same panel.
    rows = inputs.noise[inputs.noise["option"].isin(options)].sort_values(
        "option", key=lambda option: option.map(options.index), kind="stable"
    )
    panel = symbols.map(inputs.first_panel(rows["panel"]))
    return rows.drop_duplicates("panel").set_index("panel").reindex(panel)
