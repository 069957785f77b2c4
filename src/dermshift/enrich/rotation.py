"""Do the genes of a set move in these patients? Rotation test of a set by itself (fry), as pylimma computes it."""

from __future__ import annotations

import warnings
from contextlib import contextmanager
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

from dermshift.enrich.asked import Method
from dermshift.enrich.base import FAMILY, MIXED, NOT_ESTIMABLE, VALID, MethodMeta, finish, in_size
from dermshift.enrich.effects import effects

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import numpy.typing as npt

    from dermshift.enrich.asked import Asked
    from dermshift.tables import EnrichmentTable

    Floats = npt.NDArray[np.float64]

NAME = "fry"
META = MethodMeta(
    name=NAME,
    summary="rotation test of a set by itself: mean effect (both) or effects of any direction (mixed) (limma fry)",
    null="no gene of the set responds; residuals of the fit are rotated, with the correlation between genes kept",
    label=VALID,
    fdr_family=FAMILY,
    doi="10.1093/bioinformatics/btq401",
    extra="pylimma",
    role="test",
)


def fry(asked: Asked) -> EnrichmentTable:
    """Test whether the genes of each set respond, whatever other genes do.

    Returns
    -------
    Two rows per set: all of direction ``both``, then all ``mixed``. `statistic` of ``both`` is the t of the mean
    standardised effect, on the residual degrees of freedom; ``mixed`` has none. `status` is ``not_estimable`` where the
    residual effects are all zero.

    Notes
    -----
    The p-value of ``mixed`` rests on an approximation that calls somewhat too many null sets, with independent genes as
    well (docs/benchmarks.md); that of ``both`` holds its level.

    References
    ----------
    Wu et al. 2010, doi:10.1093/bioinformatics/btq401; R ``limma::fry``, effects divided by their posterior sd.
    """
    rows = asked.rows(NAME)
    at = in_size(rows)
    both, mixed = rows, rows.assign(direction=MIXED)
    if at:
        found = rotations(effects(asked), [asked.places[i] for i in at])
        both = filled(both, at, found[["statistic", "p_value"]])
        mixed = filled(mixed, at, found[["p_value_mixed"]].set_axis(["p_value"], axis=1))
    return finish(pd.concat([both, mixed], ignore_index=True), "fry table")


def rotations(reduced: Floats, places: Sequence[npt.NDArray[np.int64]]) -> pd.DataFrame:
    """Return ``statistic``, ``p_value`` and ``p_value_mixed`` of each set from the reduced data (`effects`).

    Parameters
    ----------
    places
        Rows of `reduced` that are the genes of each set, at least one.
    """
    import pylimma  # takes a second

    with settled():
        found = pylimma.fry(
            reduced, index=dict(enumerate(places)), design=first_unit(reduced.shape[1]), contrast=0,
            standardize="posterior.sd", sort="none",
        )  # fmt: skip
    return pd.DataFrame(
        {
            "statistic": signed_t(found, reduced.shape[1] - 1),
            "p_value": found["p_value"].to_numpy(float),
            "p_value_mixed": found["p_value_mixed"].to_numpy(float),
        }
    )


@contextmanager
def settled() -> Iterator[None]:
    """Run the library on one thread, and without its remarks on genes that do not vary: a set of them has a status."""
    with threadpool_limits(1), np.errstate(divide="ignore", invalid="ignore"), warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="Zero sample variances|More than half of residual variances")
        yield


def first_unit(n: int) -> Floats:
    """Return the design of reduced data: the first unit vector, n x 1."""
    return np.eye(n)[:, :1]


def signed_t(found: pd.DataFrame, df: float) -> Floats:
    """Return the t behind two-sided p-values and directions; the library keeps it to itself."""
    from scipy.stats import t

    size = t.isf(found["p_value"].to_numpy(float) / 2, df)
    return np.asarray(np.where(found["direction"] == "Down", -size, size), dtype=float)


def filled(rows: pd.DataFrame, at: list[int], found: pd.DataFrame) -> pd.DataFrame:
    """Return the rows with the columns of `found` put in at these places; without a p-value a set is not estimable.

    No p-value is below the smallest double.
    """
    known = found["p_value"].notna().to_numpy() & ~np.isinf(found.to_numpy(float)).any(axis=1)
    rows = rows.copy()
    rows.loc[at, found.columns] = np.where(known[:, None], found.to_numpy(float), np.nan)
    rows["p_value"] = rows["p_value"].clip(lower=np.finfo(float).tiny)
    rows.loc[np.array(at)[~known], "status"] = NOT_ESTIMABLE
    return rows


METHOD = Method(META, fry)
