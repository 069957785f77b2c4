"""A look into an HDF5 file before it is read: is it one, does it hold an AnnData, and does it fit."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from dermshift.errors import FormatError, Problem
from dermshift.io.decode import foreign, need_file

if TYPE_CHECKING:
    import h5py

MAGIC = b"\x89HDF\r\n\x1a\n"
EXPECTED = "an .h5ad file"
MOST_BYTES = 64 * 2**30
"""Largest sum of the arrays of a file, unpacked: more is a damaged size or no bulk study."""
MOST_TIMES = 2000
"""How many times its size the arrays of a file may be; a damaged extent is far beyond, compression reaches 1032."""
SMALL = 200_000_000
WHOLE = "Check the path, or write the file again."


def need_anndata(path: str) -> None:
    """Refuse what cannot be an AnnData file; what is wrong inside is said by the reader.

    Raises
    ------
    FormatError
        Not readable, another format, no obs or var, or arrays of impossible size.
    """
    with Path(need_file(path)).open("rb") as handle:
        start = handle.read(8)
    if start != MAGIC:
        found = foreign(start) or ("an empty file" if not start else "no HDF5 file")
        raise FormatError(Problem(path, found, EXPECTED, "Export the counts as .h5ad, CSV or TSV and name that file."))
    import h5py

    try:
        with h5py.File(path, "r") as file:
            names, size = list(file), _size(file)
    except Exception as error:  # damage raises classes of every kind
        raise FormatError(Problem(path, "a damaged or incomplete HDF5 file", EXPECTED, WHOLE)) from error
    # Files of the first versions of anndata hold obs and var as tables of their own under the same names.
    if not {"obs", "var"} <= set(names):
        found = f"an HDF5 file that is no AnnData; it holds {', '.join(names[:10]) or 'nothing'}"
        raise FormatError(Problem(path, found, "obs and var, and values in X or layers", WHOLE))
    possible = min(MOST_BYTES, max(SMALL, MOST_TIMES * Path(path).stat().st_size))
    if size > possible:
        found = f"arrays of {size:,} bytes in all"
        action = "Check the file. Single cells are summed per patient first: dermshift pseudobulk."
        raise FormatError(Problem(path, found, f"at most {possible:,} bytes in a file of this size", action))


def _size(file: h5py.File) -> int:
    import h5py

    sizes: list[int] = []

    def add(_name: str, node: object) -> None:
        if isinstance(node, h5py.Dataset) and node.shape is not None:
            sizes.append(int(node.size) * int(node.dtype.itemsize))

    file.visititems(add)
    return sum(sizes)
