"""The files of a finished pseudobulk: counts, sheet, what was dropped, the record; the same bytes each time."""

from __future__ import annotations

import gzip
import hashlib
from typing import TYPE_CHECKING, Any

import numpy as np

from dermshift.io.atomic import replacing, write_bytes
from dermshift.io.json_files import write_json
from dermshift.names import COMPARTMENT, GENE_ID, PATIENT, TIMEPOINT
from dermshift.pseudobulk.asked import CELL_TYPE
from dermshift.pseudobulk.kernels import write_digits
from dermshift.pseudobulk.part import need_exact

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from dermshift.pseudobulk.part import Part

COUNTS, SHEET, DROPPED, RECORD = "counts.tsv.gz", "samples.tsv", "dropped.tsv", "pseudobulk.json"
MITOCHONDRIAL = "MT-"
ROWS = 500
"""Genes whose lines are made at a time."""
MOST_DIGITS = 20
"""A tab and the digits of the largest sum, 2^63."""


def write_folder(part: Part, folder: Path) -> list[Path]:
    """Write everything, the record last; return the paths.

    Raises
    ------
    FormatError
        A sum too large to be exact; nothing is written then.
    """
    need_exact(part)
    sheet = sheet_rows(part)
    folder.mkdir(parents=True, exist_ok=True)
    _write_counts(part, [row["sample"] for row in sheet], folder / COUNTS)
    write_bytes(_table(sheet, list(sheet[0])), folder / SHEET)
    columns = ["reason", PATIENT, TIMEPOINT, CELL_TYPE, "n_cells"]
    write_bytes(_table(part.record["dropped"], columns), folder / DROPPED)
    files = {name: hashlib.sha256((folder / name).read_bytes()).hexdigest() for name in (COUNTS, SHEET, DROPPED)}
    write_json(part.record | {"files": files}, folder / RECORD)
    return [folder / name for name in (COUNTS, SHEET, DROPPED, RECORD)]


def sheet_rows(part: Part) -> list[dict[str, Any]]:
    """Return the rows of the sheet: labels, then what describes the quality of each pseudobulk.

    The definitions are scanpy's (`scanpy.pp.calculate_qc_metrics`): total counts, genes with a count of each cell, and
    the share of the counts of a pseudobulk on genes whose symbol begins with ``MT-``.
    """
    totals = part.sums.sum(axis=1)
    shares = mitochondrial_share(part.sums, part.gene_names or part.gene_ids)
    medians = [_median(part.profile[part.profile[:, 0] == place]) for place in range(len(totals))]
    # Read back from JSON, a record has its keys in another order.
    labels = [{name: row[name] for name in part.record["columns"]} for row in part.record["samples"]]
    return [
        row
        | {
            "n_counts": int(total),
            "median_genes_per_cell": f"{median:g}" if median % 1 else str(int(median)),
            "pct_mitochondrial": "NA" if shares is None else f"{shares[place]:.4f}",
        }
        for place, (row, total, median) in enumerate(zip(labels, totals, medians, strict=True))
    ]


def mitochondrial_share(sums: NDArray[np.int64], names: Sequence[str]) -> NDArray[np.float64] | None:
    """Return the percentage of counts on mitochondrial genes; None where no symbol names such a gene."""
    chosen = np.array([name.upper().startswith(MITOCHONDRIAL) for name in names])
    if not chosen.any():
        return None
    totals = sums.sum(axis=1)
    own: NDArray[np.int64] = sums[:, chosen].sum(axis=1)
    share: NDArray[np.float64] = 100 * own / np.maximum(totals, 1)
    return share


def _median(profile: NDArray[np.int64]) -> float:
    """Return the middle number of genes of the cells of one pseudobulk (rows of pseudobulk, genes, cells)."""
    if not len(profile):
        return 0.0
    below = np.cumsum(profile[:, 2])
    low, high = np.searchsorted(below, [(below[-1] - 1) // 2 + 1, below[-1] // 2 + 1])
    return float(profile[low, 1] + profile[high, 1]) / 2


def _write_counts(part: Part, samples: list[str], path: Path) -> None:
    named = part.gene_names is not None
    header = [GENE_ID, *(["gene_name"] if named else []), *samples]
    with (
        replacing(path) as temporary,
        temporary.open("wb") as raw,
        # No name and no time in the header, so that the same sums are the same bytes.
        gzip.GzipFile(filename="", mode="wb", compresslevel=1, fileobj=raw, mtime=0) as file,
    ):
        file.write(("\t".join(header) + "\n").encode())
        for start in range(0, len(part.gene_ids), ROWS):
            file.write(b"".join(_lines(part, start, start + ROWS)))


def _lines(part: Part, start: int, stop: int) -> Iterator[bytes]:
    """Yield the lines of a stretch of genes; millions of numbers take Python half a second to write."""
    block = np.ascontiguousarray(part.sums[:, start:stop].T)
    text, ends = np.empty(MOST_DIGITS * block.size, np.uint8), np.empty(len(block), np.int64)
    write_digits(block, text, ends)
    begin = 0
    for place, end in enumerate(ends.tolist(), start):
        names = part.gene_ids[place] if part.gene_names is None else f"{part.gene_ids[place]}\t{part.gene_names[place]}"
        yield names.encode() + text[begin:end].tobytes() + b"\n"
        begin = end


def _table(rows: Iterable[dict[str, Any]], columns: list[str]) -> bytes:
    lines = ["\t".join(columns), *("\t".join(str(row[name]) for name in columns) for row in rows)]
    return ("\n".join(lines) + "\n").encode()


def compartments(part: Part) -> list[str]:
    """Return the safe names of the cell types that are in the sheet."""
    return sorted({row[COMPARTMENT] for row in part.record["samples"]})
