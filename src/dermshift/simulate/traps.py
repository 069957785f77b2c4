"""Faults planted on purpose, each chosen by name and each with one right answer (``simulation/traps.tsv``)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeAlias

import pandas as pd

from dermshift.errors import ConfigError, Problem
from dermshift.simulate.genes import SEXES
from dermshift.simulate.settings import BULK_LAYOUT

if TYPE_CHECKING:
    from collections.abc import Hashable

    from dermshift.simulate.inputs import Inputs
    from dermshift.simulate.settings import Constants, Settings


Trap: TypeAlias = "dict[Hashable, Any]"
"""One row of the table of traps."""


def apply_traps(libraries: pd.DataFrame, settings: Settings, constants: Constants, inputs: Inputs) -> pd.DataFrame:
    """Return the libraries with the chosen traps planted.

    Raises
    ------
    ConfigError
        A trap has no library to act on in this study.
    """
    table = libraries.copy()
    known = {row["trap"]: row for row in inputs.traps.to_dict("records")}
    for name in dict.fromkeys(settings.traps):
        trap = known[name]
        hit = trapped(table, trap, bulk=settings.layout == BULK_LAYOUT)
        if not (hit & table["kept"]).any():
            raise ConfigError(_no_target(name, trap))
        value = trap["bulk_value"] if settings.layout == BULK_LAYOUT else trap["value"]
        _plant(table, hit, str(trap["action"]), float(value), constants)
    return table


def trapped(table: pd.DataFrame, trap: Trap, *, bulk: bool) -> pd.Series[bool]:
    """Mark the libraries a trap acts on: one patient, one timepoint, and one compartment or all of them."""
    candidates = table if not trap["sex"] else table[table["sex"] == trap["sex"]]
    patients = list(dict.fromkeys(candidates["patient"]))
    if not patients:
        return pd.Series(data=False, index=table.index)
    # Small studies have fewer patients than the table counts on; wrap around rather than fail.
    patient = patients[(int(trap["position"]) - 1) % len(patients)]
    hit: pd.Series[bool] = (table["patient"] == patient) & (table["later"] == int(trap["timepoint"] == "after"))
    if trap["compartment"] and not bulk:
        hit &= table["compartment"] == trap["compartment"]
    return hit


def _plant(table: pd.DataFrame, hit: pd.Series[bool], action: str, value: float, constants: Constants) -> None:
    if action == "sex":
        table.loc[hit, "profile"] = [SEXES[1 - SEXES.index(sex)] for sex in table.loc[hit, "sex"]]
    elif action == "purity":
        table.loc[hit, "fraction"] = value
    elif action == "drop":
        table.loc[hit, "kept"] = False
    elif action == "outlier":
        table.loc[hit, "size_factor"] = value
        table.loc[hit, "extra_sd"] = constants.outlier_sd
    elif action == "score":
        table.loc[hit, "score"] = value
    else:
        found = f"action {action!r}"
        raise ConfigError(
            Problem("simulation/traps.tsv", found, "sex, purity, drop, outlier or score", "Correct the action.")
        )


def _no_target(name: str, trap: Trap) -> Problem:
    return Problem(
        where=f"trap {name}",
        found=f"no library of compartment {trap['compartment'] or 'any'}, sex {trap['sex'] or 'any'}",
        expected="a library the trap can act on",
        action="Keep that compartment and sex in the study, or leave the trap out.",
    )
