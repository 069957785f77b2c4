"""What the user asks of an atlas, and the part of it that one machine sums."""

from __future__ import annotations

import re
from dataclasses import asdict, dataclass
from typing import Any

from dermshift.errors import ConfigError, Problem
from dermshift.names import COMPARTMENT, PATIENT, SEX, TIMEPOINT

CELL_TYPE = "cell_type"
COMPUTED = ("sample", PATIENT, TIMEPOINT, COMPARTMENT, SEX, CELL_TYPE, "n_cells", "n_counts",
            "median_genes_per_cell", "pct_mitochondrial")  # fmt: skip
"""Columns of the sheet that no further column may take the name of."""
PART = re.compile(r"([1-9]\d{0,4})/([1-9]\d{0,4})")


@dataclass(frozen=True)
class Asked:
    """The flags of the command.

    Parameters
    ----------
    patient, timepoint, cell_type, sex
        Columns of the cells; no sex where it is empty.
    columns
        Further columns, carried into the sheet.
    counts
        ``auto``, ``X``, ``raw`` or ``layer:NAME``.
    cells
        Table of the cells, "" for the columns of the atlas itself.
    part, parts
        Which stretch of the cells, from 1, of how many.
    """

    patient: str
    timepoint: str
    cell_type: str
    sex: str = ""
    columns: tuple[str, ...] = ()
    min_cells: int = 10
    counts: str = "auto"
    cells: str = ""
    part: int = 1
    parts: int = 1

    def __post_init__(self) -> None:
        problems = [
            Problem(f"--column {name}", "the name of a column that is written anyway", "another name", "Rename it.")
            for name in self.columns
            if name in COMPUTED or any(sign in name for sign in "\t\n\r")
        ]
        if self.counts not in ("auto", "X", "raw", "matrix") and not self.counts.startswith("layer:"):
            expected = "auto, X, raw or layer:NAME"
            problems.append(Problem("--counts", repr(self.counts), expected, "Correct the flag."))
        if problems:
            raise ConfigError(*problems)

    @property
    def used(self) -> dict[str, str]:
        """Column of the atlas by what it is for, the three that make a pseudobulk first."""
        roles = {PATIENT: self.patient, TIMEPOINT: self.timepoint, CELL_TYPE: self.cell_type}
        return roles | ({SEX: self.sex} if self.sex else {}) | {name: name for name in self.columns}

    def record(self) -> dict[str, Any]:
        """Return what is the same for all parts."""
        return {key: value for key, value in asdict(self).items() if key not in ("part", "parts", "cells")}

    def stretch(self, cells: int) -> tuple[int, int]:
        """Return first cell and end of this part."""
        return cells * (self.part - 1) // self.parts, cells * self.part // self.parts


def parse_part(written: str) -> tuple[int, int]:
    """Read ``K/N``.

    Raises
    ------
    ConfigError
        No such form, or K beyond N.
    """
    match = PART.fullmatch(written)
    if match is None or int(match[1]) > int(match[2]):
        raise ConfigError(Problem("--part", repr(written), "K/N with K from 1 to N, e.g. 2/8", "Correct the flag."))
    return int(match[1]), int(match[2])
