"""Annotation of an array: the genes each probe set measures."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from dermshift.checks.finding import capped, listed
from dermshift.errors import FormatError, Problem
from dermshift.genes import SEVERAL
from dermshift.io.decode import decode, read_bytes, refuse
from dermshift.io.genes_of_matrix import ABSENT
from dermshift.io.text import Grid, read_grid

if TYPE_CHECKING:
    from collections.abc import Sequence

BEGIN, END = "!platform_table_begin", "!platform_table_end"
PLATFORM = re.compile(r"(?:!Annotation_platform|!Platform_geo_accession|\^PLATFORM)\s*=\s*(GPL\d+)", re.IGNORECASE)
FILE_NAME = re.compile(r"\bGPL\d+")
ID_NAMES = ("id", "probe_id", "probe", "probeset_id", "probe_set_id", "id_ref")
SYMBOL_NAMES = ("gene_symbol", "symbol", "genesymbol", "gene_symbols", "gene_name")


@dataclass(frozen=True)
class Annotation:
    """What a platform says of its probe sets.

    Parameters
    ----------
    platform
        Accession, "" where neither the file nor its name tells.
    header
        Name of the column of probe sets: a probe set itself where the file lacks a header.
    symbols
        Probe set to the different symbols it measures; none for a probe set without a gene, several for one that
        cannot tell genes apart.
    """

    path: str
    platform: str
    header: str
    symbols: dict[str, tuple[str, ...]]


def read_annotation(path: str) -> Annotation:
    """Read the annotation of GEO (``GPLnnn.annot``, ``GPLnnn_family.soft``, plain or gzip) or a table of two columns.

    In a table of GEO the columns are found by name; in one of two columns the probe set comes first. Symbols joined
    by ``///``, or on several lines of one probe set, are several genes.

    Raises
    ------
    FormatError
        The file cannot be read, its table is cut off, or a column is missing.
    """
    text = decode(read_bytes(path), path)
    first = text.lstrip().split("\n", 1)[0]
    grid = _geo_table(text, path) if first.startswith(("^", "!", "#")) else read_grid(path)
    if not grid.rows:
        raise refuse(path, "no probe sets", "at least one row below the header", "Name an annotation with content.")
    probe, symbol = _columns(grid)
    found: dict[str, dict[str, None]] = {}
    for row in grid.rows:
        names = (name.strip() for name in SEVERAL.split(row[symbol]))
        found.setdefault(row[probe].strip(), {}).update(dict.fromkeys(name for name in names if name not in ABSENT))
    named = PLATFORM.search(text[:20_000]) or FILE_NAME.search(path.replace("\\", "/").rsplit("/", 1)[-1])
    accession = "" if named is None else (named[1] if named.re is PLATFORM else named[0]).upper()
    return Annotation(path, accession, grid.header[probe].strip(), {name: tuple(of) for name, of in found.items()})


def _geo_table(text: str, path: str) -> Grid:
    """Return the platform table between the lines that mark it, or all lines that are no comment."""
    numbered = [(number, line) for number, line in enumerate(text.split("\n"), 1) if line.strip()]
    begins = [place for place, (_, line) in enumerate(numbered) if line.strip().lower() == BEGIN]
    ends = [place for place, (_, line) in enumerate(numbered) if line.strip().lower() == END]
    if len(begins) > 1:
        action = "Name the annotation of one platform, e.g. GPLnnn.annot.gz."
        raise refuse(path, f"{len(begins)} platform tables", "the table of one platform", action)
    if begins and not ends:
        found = f"a table without {END}: the file is cut off"
        raise refuse(path, found, "a complete platform table", "Download the file again.")
    inside = numbered[begins[0] + 1 : ends[0]] if begins else numbered
    lines = [(number, line) for number, line in inside if not line.startswith(("^", "!", "#"))]
    if not lines:
        raise refuse(path, "no platform table", f"a table after {BEGIN}", "Name the platform's annotation file.")
    header = lines[0][1].split("\t")
    # Titles hold stray quotes, so no quote is special here; blank cells at the end of a line may be missing.
    rows = [line.split("\t") for _, line in lines[1:]]
    return Grid(path, header, _padded(rows, [number for number, _ in lines[1:]], len(header), path), [], "\t")


def _padded(rows: list[list[str]], lines: Sequence[int], width: int, path: str) -> list[list[str]]:
    long = [
        Problem(f"{path}, line {line}", f"{len(row)} fields", f"at most {width} fields", "Download the file again.")
        for row, line in zip(rows, lines, strict=True)
        if len(row) > width
    ]
    if long:
        raise FormatError(*capped(long))
    return [[*row, *[""] * (width - len(row))] for row in rows]


def _columns(grid: Grid) -> tuple[int, int]:
    names = [re.sub(r"\W+", "_", name.strip().lower()) for name in grid.header]
    probe = next((names.index(name) for name in ID_NAMES if name in names), 0)
    symbol = next((names.index(name) for name in SYMBOL_NAMES if name in names and names.index(name) != probe), None)
    if symbol is None and len(names) == 2:
        symbol = 1 - probe
    if symbol is None:
        action = "Name the column of symbols 'Gene symbol', or give a table of probe set and symbol alone."
        found = f"no column of gene symbols; columns: {listed(grid.header, 20)}"
        raise refuse(grid.path, found, "a column 'Gene symbol'", action)
    return probe, symbol
