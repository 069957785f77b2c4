"""The trend of the prior variance without a matrix of genes x genes.

pylimma 0.2.0 decomposes the spline basis (genes x 4) with a full Q: 4 GB, 12 GB at its peak, and a quarter of a minute
for 22,000 genes. The numbers need its first columns only.
"""

from __future__ import annotations

from contextlib import contextmanager
from importlib import import_module
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterator

    import numpy.typing as npt

    Floats = npt.NDArray[np.float64]

LIBRARY = "pylimma.squeeze_var"  # the package's attribute of that name is a function
REPLACED = "_fit_spline_trend"


@contextmanager
def thin_trend() -> Iterator[None]:
    """Let pylimma fit its trend through `spline_trend` while this lasts."""
    library = import_module(LIBRARY)
    released = getattr(library, REPLACED)
    setattr(library, REPLACED, spline_trend)
    try:
        yield
    finally:
        setattr(library, REPLACED, released)


def spline_trend(
    e: Floats, covariate: Floats, splinedf: int
) -> tuple[Floats, float, Floats, Floats, tuple[object, object]]:
    """Regress log variances on a natural spline of the covariate.

    Returns
    -------
    Fitted values, residual variance, coefficients, basis and knots, as the function of pylimma it stands for.

    Raises
    ------
    ValueError
        "Problem with covariate", as R.

    References
    ----------
    R ``limma::fitFDist``, ``splines::ns``.
    """
    library = import_module(LIBRARY)
    try:
        basis, knots = library._natural_spline_basis(covariate, df=splinedf, intercept=True, return_knots=True)
    except ValueError as error:
        message = "Problem with covariate"
        raise ValueError(message) from error
    coefficients, _, rank, _ = np.linalg.lstsq(basis, e, rcond=1e-7)
    fitted = basis @ coefficients
    return fitted, float(((e - fitted) ** 2).sum() / (len(e) - rank)), coefficients, basis, knots
