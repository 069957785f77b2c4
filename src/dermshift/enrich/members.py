"""Which gene belongs to which set, as one sparse matrix."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from scipy.sparse import csr_array

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt


def membership(places: Sequence[npt.NDArray[np.int64]], n_genes: int) -> csr_array:
    """Return genes x sets, 1 where a gene belongs to a set.

    Parameters
    ----------
    places
        Genes of each set, by place, none twice.
    """
    genes = np.concatenate([*places, np.empty(0, dtype=np.int64)])
    sets = np.repeat(np.arange(len(places)), [len(at) for at in places])
    return csr_array((np.ones(len(genes)), (genes, sets)), shape=(n_genes, len(places)))


def sizes(members: csr_array) -> npt.NDArray[np.int64]:
    """Return the number of genes of each set."""
    return np.bincount(members.indices, minlength=members.shape[1])
