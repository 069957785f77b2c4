"""What the files of a folder are: told by their first lines, each kind by its own."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Literal

from dermshift.io.decode import refuse
from dermshift.io.glance import HDF5, first_bytes, first_lines
from dermshift.io.named_files import named_files
from dermshift.io.plain_rows import is_number
from dermshift.io.text import SEPARATORS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from dermshift.io.matrix import Hints

Kind = Literal["salmon", "kallisto", "star", "columns"]

SALMON = frozenset({"Name", "EffectiveLength", "TPM", "NumReads"})
KALLISTO = frozenset({"target_id", "eff_length", "est_counts", "tpm"})
STAR = "N_unmapped"
SUMS_OF_GENES = ("quant.genes.sf", "quant.genes.sf.gz")
"""What salmon sums by gene stands beside what it found of transcripts, in the same columns."""


def listing(folder: Path | str) -> list[Path]:
    """Return the visible files of a folder and of the folders in it, sorted; no deeper ones."""
    return sorted(_visible(Path(folder), deeper=True))


def _visible(folder: Path, *, deeper: bool) -> Iterator[Path]:
    try:
        entries = [entry for entry in folder.iterdir() if not entry.name.startswith(".")]
    except OSError:
        return
    for entry in entries:
        if entry.is_file():
            yield entry
        elif deeper and entry.is_dir():
            yield from _visible(entry, deeper=False)


def kind_of(path: Path | str) -> Kind | None:
    """Return what a file holds of one sample, None for anything else."""
    if first_bytes(path).startswith(HDF5):
        return "kallisto" if _kallisto_h5(path) else None
    lines = [line for line in first_lines(path) if line.strip()]
    if not lines:
        return None
    first = lines[0].split("\t")
    if SALMON.issubset(first):
        return "salmon"
    if KALLISTO.issubset(first):
        return "kallisto"
    if first[0] == STAR and len(first) == 4:
        return "star"
    return "columns" if _two_columns(lines) else None


def _kallisto_h5(path: Path | str) -> bool:
    import h5py

    try:
        with h5py.File(path, "r") as file:
            return "aux/ids" in file and "est_counts" in file
    except (KeyError, OSError, RuntimeError, TypeError, ValueError):
        return False


def _two_columns(lines: list[str]) -> bool:
    """Tell whether names and numbers stand side by side, with at most one other name between them."""
    separator = next((sign for sign in SEPARATORS if sign in lines[0]), "\t")
    rows = [line.split(separator) for line in lines[:5]]
    width = len(rows[0])
    # One sound row is enough: the first may be a header, and what is wrong with another is for the reader to say.
    sound = (len(row) == width and is_number(row[-1]) and not (width == 3 and is_number(row[1])) for row in rows)
    return width in (2, 3) and any(sound)


def kinds_in(folder: str, hints: Hints) -> list[Kind]:
    """Return the kinds among the files the sheet names, or among all of a folder.

    Plain columns do not count beside a kind with columns of its own: they may be anything.

    Raises
    ------
    FormatError
        A file the sheet names is not to be read.
    """
    files = list(named_files(folder, hints.files).values()) if hints.files else listing(folder)
    if hints.files and (strange := [path for path in files if kind_of(path) is None]):
        expected = "a quantification, counts of STAR or HTSeq, or two columns of genes and counts"
        raise refuse(str(strange[0]), "a file of unknown kind", expected, "Correct the name of the file in the sheet.")
    found = {kind_of(path) for path in files if hints.files or path.name not in SUMS_OF_GENES}
    kinds: list[Kind] = [kind for kind in ("salmon", "kallisto", "star") if kind in found]
    return kinds or (["columns"] if "columns" in found else [])


def files_of(folder: str, kind: Kind) -> list[Path]:
    """Return the files of one kind in a folder."""
    return [path for path in listing(folder) if kind_of(path) == kind and path.name not in SUMS_OF_GENES]


def need_one_kind(folder: str, kinds: list[str]) -> str:
    """Return the one kind of a folder.

    Raises
    ------
    FormatError
        There is none, or there are several.
    """
    if len(kinds) == 1:
        return kinds[0]
    expected = "one file per sample, all of one format; see dermshift show readers"
    if not kinds:
        action = "Name the folder that holds the files of the samples, or a matrix."
        raise refuse(folder, "a folder without files of counts", expected, action)
    action = "Keep one of them in the folder, or name the file of each sample in the sheet (columns: file)."
    raise refuse(folder, f"files of several formats: {' and '.join(kinds)}", expected, action)
