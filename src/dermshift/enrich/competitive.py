"""Do the genes of a set move more than other genes? Two groups of correlated genes (camera), through pylimma."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from dermshift.enrich.asked import Method
from dermshift.enrich.base import FAMILY, NOT_ESTIMABLE, VALID, MethodMeta, finish, in_size
from dermshift.enrich.effects import effects
from dermshift.enrich.rotation import filled, first_unit, settled, signed_t

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np
    import numpy.typing as npt

    from dermshift.enrich.asked import Asked
    from dermshift.tables import EnrichmentTable

    Floats = npt.NDArray[np.float64]

NAME = "camera"
META = MethodMeta(
    name=NAME,
    summary="moderated t of genes in the set against all others, correlation within it estimated (limma camera)",
    null="the genes of the set respond no more than other genes",
    label=VALID,
    fdr_family=FAMILY,
    doi="10.1093/nar/gks461",
    extra="pylimma",
    role="test",
)

FEWEST_GENES = 3
"""Fewest genes in all for two groups with a common variance."""


def camera(asked: Asked) -> EnrichmentTable:
    """Test whether the genes of each set respond otherwise than the genes outside it.

    Returns
    -------
    One row per set. `statistic` is the two-sample t, on the residual degrees of freedom; `correlation` the mean
    correlation between two genes of the set, as estimated: a negative one counts as 0 in the test, and a set of one
    gene has none. `status` is ``not_estimable`` where no gene is left outside the set, or there are fewer than three.

    References
    ----------
    Wu and Smyth 2012, doi:10.1093/nar/gks461; R ``limma::camera(inter.gene.cor = NA)``.
    """
    rows = asked.rows(NAME)
    n_genes = asked.values.shape[1]
    size = {i: len(asked.places[i]) for i in in_size(rows)}
    at = [i for i, n in size.items() if n < n_genes >= FEWEST_GENES]
    rows.loc[[i for i in size if i not in at], "status"] = NOT_ESTIMABLE
    if at:
        rows = filled(rows, at, competitions(effects(asked), [asked.places[i] for i in at]))
    return finish(rows, "camera table")


def competitions(reduced: Floats, places: Sequence[npt.NDArray[np.int64]]) -> pd.DataFrame:
    """Return ``statistic``, ``correlation`` and ``p_value`` of each set from the reduced data (`effects`).

    Parameters
    ----------
    places
        Rows of `reduced` that are the genes of each set: at least one, and not all.
    """
    import pylimma  # takes a second

    genes, columns = reduced.shape
    with settled():
        found = pylimma.camera(
            reduced, index=dict(enumerate(places)), design=first_unit(columns), contrast=0,
            inter_gene_cor=None, sort=False,  # the default, .01 for every set, does not hold its level
        )  # fmt: skip
    return pd.DataFrame(
        {
            "statistic": signed_t(found, min(columns - 1, genes - 2)),
            "correlation": found["correlation"].to_numpy(float),
            "p_value": found["p_value"].to_numpy(float),
        }
    )


METHOD = Method(META, camera)
