"""From counts to log2 values with one precision weight each."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from dermshift.engines.voom.normalise import normalisation_factors

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    import numpy.typing as npt

    Floats = npt.NDArray[np.float64]

SPAN = 0.5
"""Share of the genes behind each point of the trend, as R limma up to 3.54 has it for any number of genes."""
TREND_POINTS = 21


@dataclass(frozen=True)
class Precise:
    """log2 counts per million and their weights (genes x libraries), with what they rest on.

    Parameters
    ----------
    factors, effective
        Normalisation factor and effective size of each library.
    array_weights
        Weight of each library beyond that of its counts, or None.
    trend
        Points of the trend: mean log2 count, square root of the residual standard deviation.
    """

    values: Floats
    weights: Floats
    factors: Floats
    effective: Floats
    array_weights: Floats | None
    trend: tuple[Floats, Floats]

    def record(self, libraries: Sequence[str], names: Iterable[str]) -> dict[str, object]:
        """Return these facts with the libraries, which stand in the order `libraries`, in the order `names`."""
        place = {library: i for i, library in enumerate(libraries)}

        def named(values: Floats) -> dict[str, float]:
            return {str(name): float(values[place[str(name)]]) for name in names}

        at = np.unique(np.linspace(0, len(self.trend[0]) - 1, TREND_POINTS).astype(int))
        return {
            "normalisation": "trimmed mean of M-values (edgeR::calcNormFactors)",
            "normalisation_factors": named(self.factors),
            "effective_library_sizes": named(self.effective),
            "array_weights": None if self.array_weights is None else named(self.array_weights),
            "voom": {
                "span": SPAN,
                "adaptive_span": False,
                "log2_count": self.trend[0][at].tolist(),
                "sqrt_standard_deviation": self.trend[1][at].tolist(),
            },
        }


def precision(counts: Floats, matrix: Floats, *, array_weights: bool = False) -> Precise:
    """Transform counts and weigh each by the trend of variance on its fitted size.

    Parameters
    ----------
    counts
        Genes x libraries.
    matrix
        Libraries x coefficients, full rank.
    array_weights
        Also weigh the libraries.

    References
    ----------
    Law et al. 2014, doi:10.1186/gb-2014-15-2-r29; Liu et al. 2015, doi:10.1093/nar/gkv412; R ``limma::voom`` and
    ``limma::voomWithQualityWeights`` 3.54.
    """
    from pylimma import voom, voom_with_quality_weights

    factors = normalisation_factors(counts)
    effective = counts.sum(axis=0) * factors
    transform = voom_with_quality_weights if array_weights else voom
    # pylimma's default span depends on the number of genes, which R 3.54 does not know
    found = transform(counts, design=matrix, lib_size=effective, span=SPAN, adaptive_span=False, save_plot=True)
    line = found["voom_line"]
    return Precise(
        values=np.asarray(found["E"], dtype=float),
        weights=np.asarray(found["weights"], dtype=float),
        factors=factors,
        effective=effective,
        array_weights=np.asarray(found["sample_weights"], dtype=float) if array_weights else None,
        trend=(np.asarray(line["x"], dtype=float), np.asarray(line["y"], dtype=float)),
    )
