"""10x folders: matrix.mtx, barcodes.tsv and features.tsv (or genes.tsv), plain or gzip, read line by line."""

from __future__ import annotations

import gzip
import zlib
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, cast

import numpy as np
import pandas as pd

from dermshift.io.decode import refuse
from dermshift.pseudobulk.atlas import Atlas, Candidate
from dermshift.pseudobulk.blocks import Block
from dermshift.pseudobulk.genes import Genes, genes
from dermshift.pseudobulk.store import reading
from dermshift.pseudobulk.tenx import no_column

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

LINES = 1_000_000
LONGEST = 500
"""Bytes of a barcode: each takes as much room as the longest."""
HEADER = ("%%matrixmarket", "matrix", "coordinate")
FIELDS = {"integer": np.dtype(np.int64), "real": np.dtype(np.float64)}
AGAIN = "Copy the folder again, or write it again."


def find(folder: str, *names: str) -> Path | None:
    """Return the first of the files that is there, plain or gzip."""
    every = [Path(folder) / f"{name}{ending}" for name in names for ending in ("", ".gz")]
    return next((path for path in every if path.is_file()), None)


def is_mtx(path: str) -> bool:
    """Tell whether the folder holds a matrix of this kind."""
    return Path(path).is_dir() and find(path, "matrix.mtx") is not None


def open_text(path: Path) -> IO[bytes] | gzip.GzipFile:
    """Open a file, unpacked where it is gzip."""
    with path.open("rb") as handle:
        packed = handle.read(2) == b"\x1f\x8b"
    return gzip.open(path, "rb") if packed else path.open("rb")


def open_mtx(path: str) -> Atlas:
    """Return the atlas of a folder; its cells have no columns of their own.

    Raises
    ------
    FormatError
        A file is missing or the numbers of genes and cells differ between them.
    """
    matrix, cells, rows = find(path, "matrix.mtx"), find(path, "barcodes.tsv"), find(path, "features.tsv", "genes.tsv")
    if matrix is None or cells is None or rows is None:
        wanted = {"matrix.mtx": matrix, "barcodes.tsv": cells, "features.tsv (or genes.tsv)": rows}
        absent = ", ".join(name for name, found in wanted.items() if found is None)
        raise refuse(path, f"no {absent}", "matrix.mtx, barcodes.tsv, features.tsv, each plain or .gz", AGAIN)
    values = Entries(matrix)
    with reading(str(cells), "one barcode per line"), open_text(cells) as lines:
        # As bytes of one length: a fifth of what a list of texts takes.
        names = np.fromiter((line.split(b"\t")[0].strip() for line in lines), dtype=_width(cells))
    table = _rows(rows)
    if (len(names), len(table)) != values.shape:
        found = f"{len(names)} barcodes and {len(table)} genes"
        raise refuse(path, found, f"{values.shape[0]} and {values.shape[1]}, as in {matrix.name}", AGAIN)

    def barcodes(start: int, stop: int) -> NDArray[Any]:
        return np.array([name.decode("utf-8", "replace") for name in names[start:stop]], dtype=object)

    return Atlas(
        path=path,
        format="10x folder",
        n_cells=len(names),
        candidates=(Candidate("matrix", values, lambda: _genes(str(rows), table)),),
        columns=(),
        column=no_column,
        cell_name=lambda place: str(barcodes(place, place + 1)[0]),
        barcodes=barcodes,
        files=tuple(str(file) for file in (matrix, cells, rows)),
    )


def _width(path: Path) -> np.dtype[np.bytes_]:
    with reading(str(path), "one barcode per line"), open_text(path) as lines:
        width = max((len(line.split(b"\t")[0].strip()) for line in lines), default=1)
    if width > LONGEST:
        raise refuse(str(path), f"a barcode of {width} bytes", f"barcodes of at most {LONGEST} bytes", AGAIN)
    return np.dtype(f"S{max(width, 1)}")


def _rows(path: Path) -> list[list[str]]:
    with reading(str(path), "one gene per line"), open_text(path) as lines:
        return [line.decode("utf-8").rstrip("\r\n").split("\t") for line in lines if line.strip()]


def _genes(path: str, table: list[list[str]]) -> Genes:
    ids, width = [row[0] for row in table], min(map(len, table), default=0)
    return genes(path, ids, *([row[k] for row in table] if width > k else None for k in (1, 2)))


class Entries:
    """Lines of gene, cell and value, as MatrixMarket writes genes x cells."""

    kind = "entries"

    def __init__(self, path: Path) -> None:
        self.path = str(path)
        with reading(self.path, "a MatrixMarket file"), open_text(path) as lines:
            header = lines.readline().decode("ascii", "replace").lower().split()
            self._skip, size = 2, lines.readline()
            while size.startswith(b"%") or (size and not size.strip()):
                self._skip, size = self._skip + 1, lines.readline()
        words = size.split()
        if tuple(header[:3]) != HEADER or header[3:] not in (["integer", "general"], ["real", "general"]):
            expected = "%%MatrixMarket matrix coordinate integer (or real) general"
            where = f"{self.path}, line 1"
            raise refuse(where, repr(" ".join(header)[:80]), expected, "Export the raw counts again.")
        if len(words) != 3 or not all(word.isdigit() and len(word) < 19 for word in words):
            found = repr(size.decode("ascii", "replace").strip()[:80])
            where = f"{self.path}, line {self._skip}"
            raise refuse(where, found, "numbers of genes, cells and values", AGAIN)
        genes, cells, self._count = (int(word) for word in words)
        self.shape, self.dtype = (cells, genes), FIELDS[header[3]]

    def total(self, _start: int, _stop: int) -> int:
        """Return how many values `blocks` yields: all, since a line may be of any cell."""
        return self._count

    def blocks(self, _start: int, _stop: int) -> Iterator[Block]:
        """Yield every value; the order of cells in such a file is free."""
        done = 0
        for table in self._tables():
            done += len(table)
            if table["more"].notna().any():
                raise refuse(self.path, "a line of four fields", "lines of gene, cell and value", AGAIN)
            cells, found = (table[name].to_numpy() - 1 for name in ("cell", "gene"))
            yield Block("entries", table["value"].to_numpy(), indices=cells, genes=found)
        if done != self._count:
            raise refuse(self.path, f"{done} values", f"{self._count}, as its header says", AGAIN)

    def _tables(self) -> Iterator[pd.DataFrame]:
        # A fourth field, which no sound line has, would otherwise push the others aside.
        kinds: dict[Any, Any] = {"gene": np.int64, "cell": np.int64, "value": self.dtype, "more": np.float64}
        try:
            with open_text(Path(self.path)) as file:
                yield from pd.read_csv(
                    cast("IO[bytes]", file),
                    sep=r"\s+",
                    header=None,
                    names=list(kinds),
                    index_col=False,
                    dtype=kinds,
                    skiprows=self._skip,
                    chunksize=LINES,
                    comment="%",
                    encoding="ascii",
                    engine="c",
                )
        except (OSError, ValueError, EOFError, zlib.error) as error:
            reason = str(error).splitlines()[0][:200]
            expected = f"lines of gene, cell and {'whole ' if self.dtype.kind == 'i' else ''}number"
            raise refuse(self.path, f"not readable: {reason}", expected, AGAIN) from error

    def sample(self, _blocks: int, _rows: int) -> Iterator[NDArray[Any]]:
        """Yield the first values: such a file can only be read from its start."""
        with reading(self.path, "values"):
            yield next(self._tables())["value"].to_numpy()
