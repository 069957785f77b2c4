"""From transcripts to genes the way tximport does it, by pytximport."""

from __future__ import annotations

import logging
import warnings
from contextlib import contextmanager
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import numpy.typing as npt

    Table = npt.NDArray[np.float64]


def length_scaled_counts(
    abundance: Table, counts: Table, lengths: Table, genes: Sequence[str]
) -> tuple[tuple[str, ...], Table]:
    """Sum transcripts by gene and scale abundances by length and depth (``countsFromAbundance = "lengthScaledTPM"``).

    Parameters
    ----------
    abundance, counts, lengths
        Transcripts x samples: TPM, reads, effective lengths.
    genes
        Gene of each transcript.

    Returns
    -------
    genes, values
        Genes in the order in which they first occur, and genes x samples.

    References
    ----------
    Soneson, Love and Robinson 2015, doi:10.12688/f1000research.7563.1; Kuehl 2024 (pytximport).
    """
    import xarray as xr
    from pytximport.utils import convert_transcripts_to_genes

    # Of the package only the arithmetic is used: its own reading of files pairs rows by their place, without a look
    # at their names, and cuts names at the first dot.
    names = [str(place) for place in range(len(genes))]
    tables = {"abundance": abundance, "counts": counts, "length": lengths}
    data = xr.Dataset(
        {name: (("transcript_id", "file"), table) for name, table in tables.items()},
        coords={"transcript_id": names, "file_path": [str(place) for place in range(abundance.shape[1])]},
    )
    mapping = pd.DataFrame({"transcript_id": names, "gene_id": list(genes)}, dtype=object)
    with _quiet(), np.errstate(divide="ignore", invalid="ignore"):  # genes without reads have no length of their own
        summed = convert_transcripts_to_genes(data, mapping, "length_scaled_tpm")
    return tuple(str(gene) for gene in summed["gene_id"].values), np.asarray(summed["counts"].values, dtype=np.float64)


@contextmanager
def _quiet() -> Iterator[None]:
    # pytximport logs through the root logger, which would set up logging for the whole program.
    root, nothing = logging.getLogger(), logging.NullHandler()
    root.addHandler(nothing)
    try:
        with warnings.catch_warnings():
            # Said by numpy 2.5 of flox, which comes with pytximport.
            warnings.filterwarnings("ignore", message="The 'generic' unit", category=DeprecationWarning)
            yield
    finally:
        root.removeHandler(nothing)
