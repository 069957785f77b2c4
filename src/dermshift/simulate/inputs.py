"""The tables a synthetic study is made from: calibration figures, panels, levels, planted changes, noise, traps."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pandas as pd

from dermshift.errors import ConfigError, Problem

if TYPE_CHECKING:
    from pathlib import Path

TABLES = {
    "calibration": ("calibration.tsv", ["gene_symbol", "ensembl_id", "cpm"]),
    "sex_genes": ("sex_genes.tsv", ["gene_symbol", "sex"]),
    "panels": ("simulation/panels.tsv", ["panel", "genes"]),
    "levels": ("simulation/levels.tsv", ["panel", "compartment", "kind", "value", "spread"]),
    "effects": (
        "simulation/effects.tsv",
        ["panel", "compartment", "sex", "layout", "log2_fold_change", "reason"],
    ),
    "noise": ("simulation/noise.tsv", ["panel", "option", "sd_resid", "sd_subject", "loading"]),
    "compartments": ("simulation/compartments.tsv", ["compartment", "purity_a", "purity_b", "rest"]),
    "traps": (
        "simulation/traps.tsv",
        ["trap", "action", "sex", "position", "timepoint", "compartment", "value", "bulk_value"],
    ),
    "settings": ("simulation/settings.tsv", ["name"]),
}
"""Files below the data folder, and the columns each must have."""

NUMBERS = {"cpm", "value", "bulk_value", "spread", "log2_fold_change", "sd_resid", "sd_subject", "loading"}
NUMBERS |= {"purity_a", "purity_b", "rest", "position"}


@dataclass(frozen=True)
class Inputs:
    """The tables as frames in file order; ``panels`` maps a panel to its gene symbols, in order."""

    calibration: pd.DataFrame
    sex_genes: pd.DataFrame
    panels: dict[str, tuple[str, ...]]
    levels: pd.DataFrame
    effects: pd.DataFrame
    noise: pd.DataFrame
    compartments: pd.DataFrame
    traps: pd.DataFrame
    settings: pd.DataFrame

    def first_panel(self, panels: pd.Series[str]) -> dict[str, str]:
        """Map a gene to the first of `panels` that names it."""
        found: dict[str, str] = {}
        for panel in dict.fromkeys(panels):
            for gene in self.panels[panel]:
                found.setdefault(gene, panel)
        return found


def read_inputs(folder: Path) -> Inputs:
    """Read the tables of a data folder.

    Raises
    ------
    ConfigError
        A table or a column is missing, or a table names a panel that ``panels.tsv`` lacks.
    """
    problems = [p for name, columns in TABLES.values() for p in _missing(folder / name, columns)]
    if problems:
        raise ConfigError(*problems)
    frames = {key: _read(folder / name) for key, (name, _) in TABLES.items()}
    table = frames["panels"]
    panels = dict(zip(table["panel"], (tuple(genes.split(";")) for genes in table["genes"]), strict=True))
    for key in ("levels", "effects", "noise"):
        problems += [_unknown_panel(TABLES[key][0], p) for p in set(frames[key]["panel"]) - set(panels)]
    if problems:
        raise ConfigError(*problems)
    return Inputs(**{**frames, "panels": panels})  # type: ignore[arg-type]


def _read(path: Path) -> pd.DataFrame:
    frame = pd.read_csv(path, sep="\t", dtype=str, keep_default_na=False)
    for column in NUMBERS.intersection(frame.columns):
        frame[column] = frame[column].replace("NA", "nan").astype(float)
    return frame


def _missing(path: Path, columns: list[str]) -> list[Problem]:
    if not path.is_file():
        action = "Run from the project folder or name its data folder."
        return [Problem(str(path), "no such file", "a table for the simulator", action)]
    header = path.read_text(encoding="utf-8").partition("\n")[0].split("\t")
    lacking = [column for column in columns if column not in header]
    if lacking:
        return [Problem(str(path), f"columns missing: {', '.join(lacking)}", ", ".join(columns), "Add them.")]
    return []


def _unknown_panel(table: str, panel: str) -> Problem:
    return Problem(table, f"panel {panel!r}", "a panel of simulation/panels.tsv", "Add the panel or correct its name.")
