"""A matrix as it was read: samples of the sheet x genes, before any check."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    import numpy as np
    import numpy.typing as npt

    from dermshift.checks import Finding
    from dermshift.study import Strand

SYMBOL_COLUMNS = ("gene_symbol", "gene_name")
"""Names of the column that may hold symbols beside the identifiers, the first found is used."""


@dataclass(frozen=True)
class Hints:
    """What a user says of the files, for the formats that need it.

    Parameters
    ----------
    transcripts
        Map of transcripts to genes (two columns), or an empty string.
    strand
        Which column of strand-specific counts is read.
    files
        File of each sample, where the sheet names one.
    """

    transcripts: str = ""
    strand: Strand = "auto"
    files: Mapping[str, str] = field(default_factory=dict)


NO_HINTS = Hints()
"""A path that speaks for itself."""


@dataclass(frozen=True)
class Matrix:
    """Values of the samples the sheet names.

    Parameters
    ----------
    values
        Samples x genes, float64, NaN where the file has no value.
    samples
        Names of the rows of `values`; each is in the sheet.
    genes
        Identifiers as in the file.
    symbols
        Symbols as in the file, or None where it has none.
    unlisted
        Names on the sample axis that the sheet lacks.
    doubled
        Samples that occur more than once; the first stands in `values`.
    platform
        Accession of the array the values were measured on; "" where the file does not say.
    arrays
        Whether the file says that arrays were measured: whole numbers are intensities then, not counts of reads.
    estimated
        Whether the file says that its values are counts a quantifier estimated, so that decimals belong to them.
    files
        The files that were read, where the path of the matrix is a folder.
    counts_in
        Other places of the file whose values are whole numbers from 0, where those that were read are not.
    """

    values: npt.NDArray[np.float64]
    samples: tuple[str, ...]
    genes: tuple[str, ...]
    symbols: tuple[str, ...] | None
    unlisted: tuple[str, ...]
    doubled: tuple[str, ...]
    findings: tuple[Finding, ...]
    platform: str = ""
    arrays: bool = False
    estimated: bool = False
    files: tuple[str, ...] = ()
    counts_in: tuple[str, ...] = ()


@dataclass(frozen=True)
class Reader:
    """A matrix format: its name, one line about it, the endings it is known by, and the function that reads it.

    Parameters
    ----------
    recognises
        Tells by a look into the file or folder whether it is of this format, whatever its name; None where the ending
        decides.
    """

    name: str
    summary: str
    suffixes: tuple[str, ...]
    function: Callable[[str, Sequence[str], Hints], Matrix]
    recognises: Callable[[str], bool] | None = None


def pick(names: Sequence[str], samples: Sequence[str]) -> tuple[list[int], tuple[str, ...], tuple[str, ...]]:
    """Return the places of the sheet's samples among `names`, the names the sheet lacks, and those that are doubled."""
    wanted = set(samples)
    first = {name: place for place, name in reversed(list(enumerate(names))) if name in wanted}
    unlisted = tuple(dict.fromkeys(name for name in names if name not in wanted))
    doubled = tuple(name for name, count in Counter(names).items() if count > 1)
    return sorted(first.values()), unlisted, doubled
