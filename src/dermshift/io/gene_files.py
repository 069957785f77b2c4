"""Known genes and gene sets."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from dermshift.checks.finding import capped, listed
from dermshift.errors import FormatError, Problem
from dermshift.genes import GeneName, GeneRegistry, GeneSet
from dermshift.io.cache import resolve
from dermshift.io.decode import decode, need_plain, read_bytes
from dermshift.io.held import State, state
from dermshift.io.text import Grid, read_grid

if TYPE_CHECKING:
    from collections.abc import Sequence

GENE_COLUMNS = ("gene_symbol", "ensembl_id", "previous_symbols", "aliases")
ENTREZ = "entrez_id"
SEX_COLUMNS = ("gene_symbol", "ensembl_id", "sex", "high_cpm", "low_cpm")


def read_columns(path: str, columns: Sequence[str]) -> pd.DataFrame:
    """Read a table as text and require `columns` in it.

    Raises
    ------
    FormatError
        The file cannot be read or lacks a column.
    """
    grid = _grid(path, columns)
    return pd.DataFrame(grid.rows, columns=grid.header, dtype=object)


def _grid(path: str, columns: Sequence[str]) -> Grid:
    grid = read_grid(path)
    missing = [name for name in columns if name not in grid.header]
    if missing:
        found = f"no column {listed(missing)}; columns: {listed(grid.header)}"
        raise FormatError(Problem(path, found, f"columns {', '.join(columns)}", "Add the columns to the file."))
    return grid


def read_genes(path: Path | str) -> GeneRegistry:
    """Read the table of known genes, once as long as the file stays as it is; an empty path gives an empty registry.

    Columns ``gene_symbol ensembl_id previous_symbols aliases`` and, where there is one, ``entrez_id``; previous symbols
    and aliases are lists joined by ``;``.

    Raises
    ------
    FormatError
        The file cannot be read or lacks a column.
    """
    if not str(path):
        return GeneRegistry()
    return _registry(str(path), state(path))


@lru_cache(maxsize=4)
def _registry(path: str, _state: State) -> GeneRegistry:
    grid = _grid(path, GENE_COLUMNS)
    # A frame of forty thousand rows would take longer to make than the rows to read.
    symbol, ensembl, previous, aliases = (grid.header.index(name) for name in GENE_COLUMNS)
    entrez = grid.header.index(ENTREZ) if ENTREZ in grid.header else None
    return GeneRegistry(
        tuple(
            GeneName(
                row[symbol].strip(),
                row[ensembl].strip(),
                _split(row[previous]),
                _split(row[aliases]),
                "" if entrez is None else row[entrez].strip(),
            )
            for row in grid.rows
        )
    )


def _split(text: str) -> tuple[str, ...]:
    if ";" not in text:
        name = text.strip()
        return (name,) if name else ()
    return tuple(name.strip() for name in text.split(";") if name.strip())


def read_sex_genes(path: str) -> pd.DataFrame:
    """Read the sex-linked genes.

    Columns ``gene_symbol ensembl_id sex high_cpm low_cpm``; limits in counts per million, NaN where none.

    Raises
    ------
    FormatError
        The file cannot be read, lacks a column, names another sex than female or male, or a limit is no number.
    """
    frame = read_columns(path, SEX_COLUMNS)
    wrong = sorted(set(frame["sex"]) - {"female", "male"})
    try:
        limits = frame[["high_cpm", "low_cpm"]].replace({"": "nan", "NA": "nan"}).astype(float)
    except ValueError as error:
        problem = Problem(path, str(error), "numbers in high_cpm and low_cpm", "Correct the cell.")
        raise FormatError(problem) from error
    if wrong:
        found = listed(map(repr, wrong))
        raise FormatError(Problem(f"{path}, column 'sex'", found, "female or male", "Correct the cells."))
    return frame.assign(high_cpm=limits["high_cpm"], low_cpm=limits["low_cpm"])


def read_gmt(path: Path | str) -> list[GeneSet]:
    """Read gene sets: one line each, tab-separated name, description and symbols.

    Blanks in names are collapsed and repeated symbols of a set kept once; the collection is the file name.
    ``sets:hallmark`` stands for the file of that collection in the cache.

    Raises
    ------
    FormatError
        Lines without a name or without genes, or names used twice, each with its line number.
    """
    place = resolve(str(path))
    return read_gmt_text(read_bytes(place), place)


def read_gmt_text(content: bytes, path: str) -> list[GeneSet]:
    """Read the gene sets in the bytes of the GMT file `path`; errors as from `read_gmt`."""
    text = decode(content, path)
    need_plain(text, path)
    collection = collection_of(path)
    numbered = [(number, line.split("\t")) for number, line in enumerate(text.split("\n"), 1) if line.strip()]
    sets = {number: _gene_set(fields, collection) for number, fields in numbered}
    problems = _gmt_problems(sets, path)
    if problems:
        raise FormatError(*problems)
    return list(sets.values())


def collection_of(path: Path | str) -> str:
    """Return the name of the collection a GMT file holds: that of the file."""
    return Path(path).name.removesuffix(".gz").removesuffix(".gmt")


def _gene_set(fields: list[str], collection: str) -> GeneSet:
    name = " ".join(fields[0].split())
    symbols = tuple(dict.fromkeys(field.strip() for field in fields[2:] if field.strip()))
    return GeneSet(name, collection, fields[1].strip() if len(fields) > 1 else "", symbols)


def _gmt_problems(sets: dict[int, GeneSet], path: str) -> list[Problem]:
    expected = "name, description and at least one symbol, separated by tabs"
    if not sets:
        return [Problem(path, "no gene sets", expected, "Name a GMT file with content.")]
    malformed = [
        Problem(f"{path}, line {number}", "no name" if not item.name else "no symbols", expected, "Repair the line.")
        for number, item in sets.items()
        if not item.name or not item.symbols
    ]
    seen: dict[str, int] = {}
    doubled = [
        Problem(f"{path}, line {number}", f"set '{item.name}' again", "every name once", "Rename or remove the set.")
        for number, item in sets.items()
        if seen.setdefault(item.name, number) != number
    ]
    return [*capped(malformed), *capped(doubled)]
