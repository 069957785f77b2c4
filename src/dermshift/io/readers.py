"""Every format a matrix may have, and which of them a file or folder is."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from dermshift.checks.finding import listed
from dermshift.io.anndata_matrix import READER as ANNDATA
from dermshift.io.columns import HTSEQ, ONE_SAMPLE_FILES, column_reader
from dermshift.io.decode import need_file, refuse, refuse_ending
from dermshift.io.excel import READER as EXCEL
from dermshift.io.excel_book import split
from dermshift.io.featurecounts import READER as FEATURECOUNTS
from dermshift.io.geo_matrix import READER as GEO
from dermshift.io.kinds import files_of, kinds_in, need_one_kind
from dermshift.io.matrix import NO_HINTS, Hints
from dermshift.io.nfcore import READER as NFCORE
from dermshift.io.nfcore import is_nfcore, merged_files
from dermshift.io.parquet import READER as PARQUET
from dermshift.io.quantifications import KALLISTO, SALMON
from dermshift.io.star import READER as STAR
from dermshift.io.text_matrix import READER as TEXT

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dermshift.io.matrix import Matrix, Reader

READERS: tuple[Reader, ...] = (
    NFCORE,
    FEATURECOUNTS,
    GEO,
    SALMON,
    KALLISTO,
    STAR,
    HTSEQ,
    ONE_SAMPLE_FILES,
    EXCEL,
    PARQUET,
    TEXT,
    ANNDATA,
)
"""In the order they are asked: what is known by its content before what is known by its ending."""

OF_FOLDERS = {reader.name: reader for reader in (SALMON, KALLISTO, STAR)}


def read_matrix(path: str, samples: Sequence[str], hints: Hints = NO_HINTS) -> Matrix:
    """Read a matrix with the reader that recognises its content, else with the one its ending asks for.

    Raises
    ------
    FormatError
        No such file or folder, no reader knows it, or the reader refuses it.
    """
    need_input(path)
    if Path(path).is_dir():
        return _of_folder(path, hints).function(path, samples, hints)
    for reader in READERS:
        if (reader.recognises and reader.recognises(path)) or path.lower().endswith(reader.suffixes):
            return reader.function(path, samples, hints)
    refuse_ending(path)
    endings = listed((suffix for reader in READERS for suffix in reader.suffixes), 20)
    raise refuse(path, "a file of unknown kind", f"a name that ends in {endings}", "Convert or rename the file.")


def _of_folder(path: str, hints: Hints) -> Reader:
    if not hints.files and is_nfcore(path):
        return NFCORE
    kind = need_one_kind(path, list(kinds_in(path, hints)))
    return OF_FOLDERS[kind] if kind in OF_FOLDERS else column_reader(path, hints)


def need_input(path: str) -> str:
    """Return `path`, or refuse what is neither a folder nor a file that can be opened.

    Raises
    ------
    FormatError
        As from `decode.need_file`.
    """
    return path if Path(path).is_dir() else need_file(split(path)[0])


def inputs_of(path: str) -> list[str]:
    """Return the files a reader looks at, sorted: those of a folder, the workbook of a sheet, else `path` itself."""
    if not Path(path).is_dir():
        return [split(path)[0]]
    if is_nfcore(path):
        return [str(merged_files(path)[0])]
    files = sorted(str(file) for kind in kinds_in(path, NO_HINTS) for file in files_of(path, kind))
    return files or [path]
