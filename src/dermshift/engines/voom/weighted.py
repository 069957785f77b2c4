"""Weighted least squares of all genes, with weights of their own."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import numpy.typing as npt

    from dermshift.engines.limma.moderate import LinearFit

    Floats = npt.NDArray[np.float64]

GENES_PER_BLOCK = 1024


@dataclass(frozen=True)
class Weighted:
    """Estimates and unscaled standard errors (genes x contrasts), residual standard deviation and mean (genes)."""

    estimate: Floats
    unscaled: Floats
    sigma: Floats
    mean: Floats
    residual_df: int

    def of_contrast(self, position: int) -> LinearFit:
        """Return one contrast as pylimma's `e_bayes` reads it."""
        return {
            "coefficients": self.estimate[:, [position]],
            "stdev_unscaled": self.unscaled[:, [position]],
            "sigma": self.sigma,
            "df_residual": np.full(len(self.sigma), float(self.residual_df)),
            "Amean": self.mean,
        }


def weighted_contrasts(values: Floats, weights: Floats, matrix: Floats, contrasts: Floats) -> Weighted:
    """Fit every gene with its own weights and give each contrast with its exact standard error.

    R ``contrasts.fit`` takes the correlation of coefficients from the unweighted matrix, which is not exact where the
    weights of a gene differ; here, as after ``limma::contrastAsCoef``, it is the gene's own.

    Parameters
    ----------
    values, weights
        Genes x libraries; weights positive.
    matrix
        Libraries x coefficients, full rank.
    contrasts
        Coefficients x contrasts.

    References
    ----------
    R ``limma::contrastAsCoef``, ``limma::lmFit``.
    """
    blocks = range(0, len(values), GENES_PER_BLOCK)
    parts = [
        _block(values[i : i + GENES_PER_BLOCK], weights[i : i + GENES_PER_BLOCK], matrix, contrasts) for i in blocks
    ]
    estimate, unscaled, squares = (np.concatenate(found) for found in zip(*parts, strict=True))
    df = matrix.shape[0] - matrix.shape[1]
    return Weighted(estimate, unscaled, np.sqrt(squares / df), values.mean(axis=1), df)


def _block(values: Floats, weights: Floats, matrix: Floats, contrasts: Floats) -> tuple[Floats, Floats, Floats]:
    """Return estimates, unscaled errors and residual sums of squares of a few genes."""
    p, root = matrix.shape[1], np.sqrt(weights)
    design = root[:, :, None] * matrix
    # beside the columns of the design the values are turned as they are: no Q has to be written out
    r: Floats = np.asarray(np.linalg.qr(np.concatenate([design, (root * values)[:, :, None]], axis=2), mode="r"))
    effects, left = r[:, :p, p], r[:, p, p]
    directions = np.linalg.solve(np.swapaxes(r[:, :p, :p], 1, 2), contrasts)  # genes x coefficients x contrasts
    estimate = np.einsum("gpc,gp->gc", directions, effects)
    return estimate, np.sqrt((directions**2).sum(axis=1)), left**2
