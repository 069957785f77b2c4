"""The quantification of one sample: names of transcripts, TPM, reads and effective lengths."""

from __future__ import annotations

import csv
from io import StringIO
from typing import TYPE_CHECKING, Literal

import numpy as np
import pandas as pd

from dermshift.errors import FormatError
from dermshift.io.decode import decode, read_bytes, refuse
from dermshift.io.glance import HDF5, first_bytes
from dermshift.io.one_per_sample import Part
from dermshift.io.plain_rows import column
from dermshift.io.text import read_grid

if TYPE_CHECKING:
    from collections.abc import Sequence

MOST_TRANSCRIPTS = 10**7
AGAIN = "Run the quantification of this sample again."
EXACT: Literal["round_trip"] | None = "round_trip" if int(pd.__version__.split(".")[0]) < 3 else None
"""How pandas is asked for the number that was written: from version 3 on it is what it reads anyway."""


def read_salmon(path: str) -> Part:
    """Read a quant.sf file."""
    return _read(path, ("Name", "TPM", "NumReads", "EffectiveLength"))


def read_kallisto(path: str) -> Part:
    """Read an abundance.tsv or abundance.h5 file."""
    if first_bytes(path).startswith(HDF5):
        return _read_h5(path)
    return _read(path, ("target_id", "tpm", "est_counts", "eff_length"))


def _read(path: str, columns: Sequence[str]) -> Part:
    part = _plain(path, columns)
    return _by_field(path, columns) if part is None else part


def _plain(path: str, columns: Sequence[str]) -> Part | None:
    """Read a file without any oddity in one go, five times as fast; None leaves it to `_by_field`, which names places.

    Raises
    ------
    FormatError
        The file is no text.
    """
    text = decode(read_bytes(path), path)
    header, _, rest = text.partition("\n")
    names = header.split("\t")
    rows = rest.count("\n") + (not rest.endswith("\n"))
    even = len(set(names)) == len(names) and rest.count("\t") == rows * (len(names) - 1)
    if '"' in text or not set(columns).issubset(names) or not rest or not even:
        return None
    kinds = {columns[0]: str} | dict.fromkeys(columns[1:], np.float64)
    try:
        frame = pd.read_csv(
            StringIO(rest), sep="\t", names=names, usecols=list(columns), dtype=kinds, header=None, index_col=False,
            keep_default_na=False, quoting=csv.QUOTE_NONE, float_precision=EXACT,
        )  # fmt: skip
    except (ValueError, OverflowError):
        return None
    values = frame[list(columns[1:])].to_numpy()
    sound = len(frame) == rows and np.isfinite(values).all()
    return Part(path, tuple(frame[columns[0]]), values) if sound else None


def _by_field(path: str, columns: Sequence[str]) -> Part:
    grid = read_grid(path)
    if lacking := [name for name in columns if name not in grid.header]:
        raise refuse(path, f"no column {', '.join(lacking)}", f"the columns {', '.join(columns)}", AGAIN)
    names, *numbers = (grid.header.index(name) for name in columns)
    values = np.column_stack([column(grid, place) for place in numbers])
    return Part(path, tuple(row[names] for row in grid.rows), values)


def _read_h5(path: str) -> Part:
    import h5py

    try:
        with h5py.File(path, "r") as file:
            if file["aux/ids"].size > MOST_TRANSCRIPTS:
                raise refuse(path, f"{file['aux/ids'].size:,} transcripts", f"at most {MOST_TRANSCRIPTS:,}", AGAIN)
            names = tuple(name.decode() for name in file["aux/ids"][:])
            counts = np.asarray(file["est_counts"][:], dtype=np.float64)
            lengths = np.asarray(file["aux/eff_lengths"][:], dtype=np.float64)
    except FormatError:
        raise
    except Exception as error:  # damage raises classes of every kind
        found = f"damaged HDF5: {str(error).splitlines()[0]}"
        raise refuse(path, found, "an abundance.h5 file", AGAIN) from error
    if not len(names) == len(counts) == len(lengths):
        raise refuse(path, "columns of different lengths", "one value for each transcript", AGAIN)
    # The file holds no TPM; kallisto's own are these.
    with np.errstate(all="ignore"):
        rate = counts / lengths
        tpm = rate / rate.sum() * 1e6
    return Part(path, names, np.column_stack([tpm, counts, lengths]))
